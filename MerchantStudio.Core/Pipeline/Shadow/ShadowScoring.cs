using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Brought;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline.Shadow;

/// <summary>Chances by one version, or why it gave none.</summary>
internal sealed record ShadowScored(ModelVersion Version, Outcome<float[]> Chances);

/// <summary>Has challengers score the shoppers that the model in use scores. Their chances are kept beside its own and decide nothing.</summary>
internal sealed class ShadowScoring(IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses, ModelScoring scoring, ModelFaults faults)
{
    /// <summary>The one that serves and the newest others; a shop that is refreshed daily has hundreds.</summary>
    private const int MostChallengers = 8;

    /// <summary>Scores the rows by the version in use and its newest challengers.</summary>
    /// <param name="but">A file that is scored elsewhere.</param>
    public async Task<ImmutableArray<ShadowScored>> ScoreAsync(WorkspaceId workspace, int days, string but, FeatureMatrix x, CancellationToken cancellationToken)
    {
        var task = RunRecords.IntentTask(days);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var versions = await db.Models.AsNoTracking().Where(model => model.WorkspaceId == workspace && model.Task == task && model.FileHash != but && model.DisabledAt == null)
            .OrderByDescending(model => model.IsLive).ThenByDescending(model => model.Number).ToListAsync(cancellationToken).ConfigureAwait(false);
        return await ScoreAsync(workspace, versions.DistinctBy(version => version.FileHash).Take(1 + MostChallengers), x, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Has new versions score the shoppers of the last run, so that they can be set against the one in use at once.</summary>
    public async Task CatchUpAsync(WorkspaceId workspace, IReadOnlyCollection<ModelVersion> versions, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        var (users, x) = await IntentWindows.ReadScoredAsync(warehouse, "user_features", cancellationToken).ConfigureAwait(false);
        var scored = await ScoreAsync(workspace, versions, x, cancellationToken).ConfigureAwait(false);
        foreach (var one in scored)
        {
            var days = ModelRegistry.HorizonOf(one.Version);
            if (!one.Chances.TryGet(out var chances, out var _) || await VersionScores.LastAsync(warehouse, days, cancellationToken).ConfigureAwait(false) is not { } asOf) continue;
            var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            await VersionScores.PutAsync(session, VersionScores.Table, one.Version.FileHash, days, asOf, users, chances, cancellationToken).ConfigureAwait(false);
            await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ImmutableArray<ShadowScored>> ScoreAsync(WorkspaceId workspace, IEnumerable<ModelVersion> versions, FeatureMatrix x, CancellationToken cancellationToken)
    {
        var scored = ImmutableArray.CreateBuilder<ShadowScored>();
        foreach (var version in versions)
        {
            var chances = await scoring.ProbabilitiesAsync(version, x, cancellationToken).ConfigureAwait(false);
            if (version.Family == BroughtModel.Family) await faults.NoteAsync(workspace, version.Id, chances.Problem, cancellationToken).ConfigureAwait(false);
            scored.Add(new ShadowScored(version, chances));
        }

        return scored.ToImmutable();
    }
}
