using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Brought;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline.Debate;

/// <summary>Finds the shoppers on whom the models of the newest training disagree.</summary>
public sealed class ModelDebates
{
    private const string Table = "user_features";
    private const int MostReasons = 2;

    /// <summary>What a person looks at before she decides; whatever is missing or none is left out.</summary>
    private static readonly string[] Facts = ["hours_since_event", "views_7d", "open_cart_items", "orders_all", "days_since_order", "spend_all"];

    private readonly IDbContextFactory<StudioDb> _contexts;
    private readonly WarehouseRegistry _warehouses;
    private readonly PipelineReports _reports;
    private readonly Trainings _trainings;
    private readonly ModelScoring _scoring;

    internal ModelDebates(IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses, PipelineReports reports, Trainings trainings, ModelScoring scoring) =>
        (_contexts, _warehouses, _reports, _trainings, _scoring) = (contexts, warehouses, reports, trainings, scoring);

    /// <summary>Scores every published shopper with each model of the newest training; some seconds for a large shop.</summary>
    /// <param name="most">At most so many cases.</param>
    public async Task<Outcome<DebateList>> ListAsync(WorkspaceScope scope, int horizonDays, DebateOrder order, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (!(await ScoreAsync(scope, horizonDays, cancellationToken).ConfigureAwait(false)).TryGet(out var scored, out var problem)) return problem;
        var labelled = await LabelledAsync(scope, horizonDays, scored.Moment, cancellationToken).ConfigureAwait(false);
        int[] rows = [.. Enumerable.Range(0, scored.Users.Length)
            .Where(row => !labelled.Contains(scored.Users[row]))
            .OrderByDescending(row => IsDivided(scored, row)).ThenByDescending(row => order == DebateOrder.Chance ? Disagreement.OfChance(scored.HeardChances, row) : Disagreement.OfPlace(scored.HeardPlaces, row))
            .ThenBy(row => scored.Users[row], StringComparer.Ordinal).Take(most)];
        return new DebateList(horizonDays, scored.Moment, scored.Training.JobId, scored.Training.At, scored.Users.Length, await CasesAsync(scored, rows, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>What each model says of one shopper now.</summary>
    internal async Task<Outcome<(DateTimeOffset Moment, DebateCase Case)>> OfAsync(WorkspaceScope scope, int horizonDays, string shopper, CancellationToken cancellationToken)
    {
        if (!(await ScoreAsync(scope, horizonDays, cancellationToken).ConfigureAwait(false)).TryGet(out var scored, out var problem)) return problem;
        var row = scored.Users.IndexOf(shopper);
        if (row < 0) return new DebateMoved(shopper);
        return (scored.Moment, (await CasesAsync(scored, [row], cancellationToken).ConfigureAwait(false))[0]);
    }

    private async Task<Outcome<Scored>> ScoreAsync(WorkspaceScope scope, int horizonDays, CancellationToken cancellationToken)
    {
        if (!(await _trainings.NewestAsync(scope, horizonDays, cancellationToken).ConfigureAwait(false)).TryGet(out var training, out var refusal)) return refusal;
        if (training is not { Report.Versions.Length: > 1 }) return new NothingToDebate(horizonDays);
        if (await _reports.LatestPublishedAsync(scope, cancellationToken).ConfigureAwait(false) is not { AsOf: { } asOf }) return new NothingPublishedYet();
        var warehouse = await _warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var (users, x) = await IntentWindows.ReadScoredAsync(warehouse, Table, cancellationToken).ConfigureAwait(false);
        var models = ImmutableArray.CreateBuilder<IntentModel>();
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        foreach (var made in training.Report.Versions)
        {
            if (await db.Models.AsNoTracking().SingleOrDefaultAsync(model => model.WorkspaceId == scope.Workspace && model.Id == made.ModelId, cancellationToken).ConfigureAwait(false) is not { } version) return new ModelNotFound();
            if (!(await _scoring.LoadAsync(version, IntentModel.Load, cancellationToken).ConfigureAwait(false)).TryGet(out var model, out var gone)) return gone;
            if (!model.Accepts(x)) return new ModelInputsChanged(version.Task, version.Number);
            models.Add(model);
        }

        return await QuietThread.RunAsync(() =>
        {
            float[][] chances = [.. models.Select(model => model.Probabilities(x))];
            return new Scored(training, asOf, users, x, models.ToImmutable(), chances, [.. chances.Select(Disagreement.Places)]);
        }).ConfigureAwait(false);
    }

    private async Task<HashSet<string>> LabelledAsync(WorkspaceScope scope, int horizonDays, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return [.. await db.ShopperLabels.AsNoTracking().Where(label => label.WorkspaceId == scope.Workspace && label.HorizonDays == horizonDays && label.Moment == moment).Select(label => label.ShopperId).ToListAsync(cancellationToken).ConfigureAwait(false)];
    }

    private static bool IsDivided(Scored scored, int row)
    {
        var says = scored.Training.Report!.Versions.Select((version, model) => (Buys: scored.Chances[model][row] >= version.Test.Threshold, Heard: scored.TellsApart(model))).Where(view => view.Heard).Select(view => view.Buys).ToList();
        return says.Contains(true) && says.Contains(false);
    }

    private static Task<ImmutableArray<DebateCase>> CasesAsync(Scored scored, int[] rows, CancellationToken cancellationToken) => QuietThread.RunAsync(() =>
    {
        var few = scored.X.Take(rows);
        var told = scored.Models.Select(model => model.Score(few, cancellationToken).Scores).ToList();
        return rows.Select((row, at) => new DebateCase(
            scored.Users[row], Disagreement.OfChance(scored.HeardChances, row), Disagreement.OfPlace(scored.HeardPlaces, row), FactsOf(few, at),
            [.. scored.Training.Report!.Versions.Select((version, model) => new DebateView(version.Family, version.Number, scored.Chances[model][row], told[model][at].Low, told[model][at].High, version.Test.Threshold, scored.Places[model][row], scored.TellsApart(model), [.. told[model][at].Reasons.Take(MostReasons)]))])).ToImmutableArray();
    });

    private static ImmutableArray<IntentReason> FactsOf(FeatureMatrix x, int row) =>
        [.. Facts.Select(feature => (feature, column: ColumnOf(x, feature))).Where(pair => pair.column >= 0 && x[row, pair.column] is not (0 or float.NaN)).Select(pair => new IntentReason(pair.feature, x[row, pair.column], 0))];

    private static int ColumnOf(FeatureMatrix x, string feature) => x.Columns.ToList().FindIndex(column => column.Name == feature);

    /// <param name="Chances">By model, by shopper.</param>
    private sealed record Scored(TrainingSummary Training, DateTimeOffset Moment, ImmutableArray<string> Users, FeatureMatrix X, ImmutableArray<IntentModel> Models, float[][] Chances, SharedPlace[][] Places)
    {
        /// <summary>Of the models that tell shoppers apart; one that gives everybody the same chance disputes nobody.</summary>
        public float[][] HeardChances { get; } = [.. Chances.Where((_, model) => Apart(Places[model]))];

        public SharedPlace[][] HeardPlaces { get; } = [.. Places.Where(Apart)];

        public bool TellsApart(int model) => Apart(Places[model]);

        private static bool Apart(SharedPlace[] places) => places is [var first, ..] && first.Sharing < places.Length;
    }
}
