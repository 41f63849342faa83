using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.Debate;

/// <summary>
/// People's answers as training rows: each shopper as she was at the moment of the answer, each row <see cref="LabelBook.CountsAs"/> times. They join the training rows only,
/// so that what models are chosen, calibrated and tested by is what shoppers really did.
/// </summary>
/// <param name="Labels">Whose rows these are; one for each row.</param>
internal sealed record LabelRows(FeatureMatrix X, ImmutableArray<float> Y, ImmutableArray<Guid> Labels)
{
    private const string Table = "work_label_rows";

    /// <summary>Builds the features of each labelled shopper as of her moment, in this session's transaction.</summary>
    /// <param name="labels">Answers "cannot say" teach nothing and are left out, as are shoppers who had not been seen by then.</param>
    /// <returns>Null when nothing is left.</returns>
    public static async Task<LabelRows?> ReadAsync(WarehouseSession session, IReadOnlyCollection<ShopperLabel> labels, string timeZone, string eventsTable, CancellationToken cancellationToken)
    {
        var pieces = new List<FeatureMatrix>();
        var answers = ImmutableArray.CreateBuilder<float>();
        var ids = ImmutableArray.CreateBuilder<Guid>();
        foreach (var moment in labels.Where(label => label.Answer != LabelAnswer.CannotSay).GroupBy(label => label.Moment).OrderBy(group => group.Key))
        {
            await FeatureBuilder.BuildAsync(session, new FeatureQuestion(moment.Key, null, timeZone, eventsTable), Table, cancellationToken).ConfigureAwait(false);
            var read = await FeatureBuilder.ReadAsync(session, Table, cancellationToken).ConfigureAwait(false);
            var rows = read.Users.Select((user, row) => (user, row)).ToDictionary(pair => pair.user, pair => pair.row, StringComparer.Ordinal);
            var known = moment.Where(label => rows.ContainsKey(label.ShopperId)).OrderBy(label => label.ShopperId, StringComparer.Ordinal).ToList();
            pieces.Add(IntentWindows.ForModels(read.Features).Take([.. known.Select(label => rows[label.ShopperId])]));
            answers.AddRange(known.Select(label => label.Answer == LabelAnswer.WillBuy ? 1f : 0f));
            ids.AddRange(known.Select(label => label.Id));
        }

        await session.ExecuteAsync($"drop table if exists {Table}", [], cancellationToken).ConfigureAwait(false);
        return ids.Count == 0 ? null : new LabelRows(FeatureMatrix.Concat([.. pieces]), answers.ToImmutable(), ids.ToImmutable());
    }

    /// <summary>The question with these rows among its training rows; validation and test stay as they are.</summary>
    public static IntentQuestion Join(IntentQuestion question, LabelRows? rows) => rows is null ? question : question with
    {
        Training = question.Training with
        {
            X = FeatureMatrix.Concat([question.Training.X, .. Enumerable.Repeat(rows.X, LabelBook.CountsAs)]),
            Y = [.. question.Training.Y, .. Enumerable.Repeat(rows.Y, LabelBook.CountsAs).SelectMany(answers => answers)],
        },
    };
}
