using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Pipeline.Stages;

/// <summary>Scores every shopper as of now and gathers the profiles that conditions ask about.</summary>
internal sealed class ScoreStage(ModelStore models) : IPipelineStage
{
    public string Key => "score";

    public async Task<Outcome<StageResult>> RunAsync(PipelineState state, PipelineWork work, CancellationToken cancellationToken)
    {
        var (users, x) = await IntentWindows.ReadScoredAsync(work.Warehouse, "next_user_features", cancellationToken).ConfigureAwait(false);
        var session = await work.Warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        await IntentScoreTable.CreateAsync(session, "next_intent_scores", cancellationToken).ConfigureAwait(false);
        var next = state;
        foreach (var trained in state.Trained)
        {
            var file = await models.OpenAsync(trained.Best.FileHash, cancellationToken).ConfigureAwait(false);
            await using var __ = file.ConfigureAwait(false);
            var (scores, drivers) = IntentModel.Load(file).Score(x, cancellationToken);
            IntentScoreTable.Append(session, "next_intent_scores", trained.Days, users, scores);
            work.Progress.Rows(users.Length, users.Length);
            next = next with
            {
                Report = next.Report with
                {
                    Intent = [.. next.Report.Intent.Select(section => section.HorizonDays == trained.Days
                        ? section with { Report = section.Report! with { Drivers = drivers, ScoredShoppers = users.Length, ExpectedBuyers = scores.Sum(score => score.Probability) } }
                        : section)],
                },
            };
        }

        var profiles = await ShopperProfileBuilder.BuildAsync(session, state.AsOf ?? work.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        return new StageResult(next, profiles);
    }
}
