using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Shadow;
using MerchantStudio.Core.Quality.Drift;

namespace MerchantStudio.Core.Pipeline.Stages;

/// <summary>Scores every shopper as of now, by the challengers too, and gathers the profiles that conditions ask about.</summary>
internal sealed class ScoreStage(ModelStore models, ShadowScoring shadows) : IPipelineStage
{
    public string Key => "score";

    public async Task<Outcome<StageResult>> RunAsync(PipelineState state, PipelineWork work, CancellationToken cancellationToken)
    {
        var (users, x) = await IntentWindows.ReadScoredAsync(work.Warehouse, "next_user_features", cancellationToken).ConfigureAwait(false);
        var drift = PopulationStability.Compare(await DriftTables.ReadBaselineAsync(work.Warehouse, "next_" + DriftTables.Baseline, cancellationToken).ConfigureAwait(false), x);
        var challengers = new Dictionary<int, ImmutableArray<ShadowScored>>();
        foreach (var trained in state.Trained) challengers[trained.Days] = await shadows.ScoreAsync(work.Scope.Workspace, trained.Days, but: trained.Best.FileHash, x, cancellationToken).ConfigureAwait(false);
        var asOf = state.AsOf ?? work.Time.GetUtcNow();
        var session = await work.Warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        await IntentScoreTable.CreateAsync(session, "next_intent_scores", cancellationToken).ConfigureAwait(false);
        await VersionScores.BeginAsync(session, "next_" + VersionScores.Table, asOf, cancellationToken).ConfigureAwait(false);
        await DriftTables.WriteDriftAsync(session, "next_" + DriftTables.Drift, drift, work.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        var next = drift.Any(feature => feature.Moved) ? work.Note(state, "drift", drift.Count(feature => feature.Moved), drift.Length, drift[0].Feature, Math.Round(drift[0].Psi, 2)) : state;
        foreach (var trained in state.Trained)
        {
            var file = await models.OpenAsync(trained.Best.FileHash, cancellationToken).ConfigureAwait(false);
            await using var __ = file.ConfigureAwait(false);
            var (scores, drivers) = IntentModel.Load(file).Score(x, cancellationToken);
            IntentScoreTable.Append(session, "next_intent_scores", trained.Days, users, scores);
            await PutAsync(trained.Best.FileHash, trained.Days, [.. scores.Select(score => (float)score.Probability)]).ConfigureAwait(false);
            foreach (var challenger in challengers[trained.Days])
            {
                if (challenger.Chances.TryGet(out var chances, out var problem)) await PutAsync(challenger.Version.FileHash, trained.Days, chances).ConfigureAwait(false);
                else next = work.NoteProblem(next, "shadow-failed", SavedProblem.Of(problem), trained.Days, challenger.Version.Family, challenger.Version.Number);
            }

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

        var profiles = await ShopperProfileBuilder.BuildAsync(session, asOf, cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        return new StageResult(next, profiles);

        Task PutAsync(string modelHash, int days, float[] chances) => VersionScores.PutAsync(session, "next_" + VersionScores.Table, modelHash, days, asOf, users, chances, cancellationToken);
    }
}
