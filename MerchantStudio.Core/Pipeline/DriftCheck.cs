using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Horizons;
using MerchantStudio.Core.Features.Sessions;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Quality.Drift;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline;

/// <summary>How far each feature has moved from the rows of the last training.</summary>
/// <param name="Features">The furthest moved first; empty where there are too few rows to tell.</param>
/// <param name="Trained">False before the first training: then there is nothing to compare with.</param>
public sealed record DriftReport(ImmutableArray<FeatureDrift> Features, DateTimeOffset? At, bool Trained)
{
    public int Moved => Features.Count(feature => feature.Moved);
}

/// <summary>Compares the shoppers of today's data with those that the last training saw. A run does so by itself; in between it can be asked for.</summary>
public sealed class DriftCheck(WarehouseRegistry warehouses, WorkspaceDirectory workspaces, JobQueue jobs, TimeProvider time)
{
    /// <summary>The last comparison.</summary>
    public async Task<Outcome<DriftReport>> ReadAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var trained = await warehouse.HasTableAsync(DriftTables.Baseline, cancellationToken).ConfigureAwait(false);
        var (features, at) = await DriftTables.ReadDriftAsync(warehouse, cancellationToken).ConfigureAwait(false);
        return new DriftReport(features, at, trained);
    }

    /// <summary>Cleans, cuts visits and computes features from all rows that are here now, compares them, and keeps only the comparison.</summary>
    public async Task<Outcome<DriftReport>> MeasureAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.RunPipeline) is { } refusal) return refusal;
        if (jobs.Active(scope.Workspace).Any(job => job.Kind == "pipeline")) return new RunInProgress();
        if (await workspaces.FindAsync(scope.Workspace, cancellationToken).ConfigureAwait(false) is not { } shop) return new AccessRefused(Right.RunPipeline);
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var baseline = await DriftTables.ReadBaselineAsync(warehouse, DriftTables.Baseline, cancellationToken).ConfigureAwait(false);
        if (baseline.IsEmpty) return new NothingTrainedYet();
        ImmutableArray<FeatureDrift> drift;

        // Never committed: what it builds on the way is gone with the session.
        var trial = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using (trial.ConfigureAwait(false))
        {
            await EventCleaner.RunAsync(trial, CleaningSettings.Of(shop), time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            await Sessionizer.RunAsync(trial, shop.TimeZone, cancellationToken).ConfigureAwait(false);
            var span = await TimeSpanOfData.MeasureAsync(trial, "next_clean_events", null, cancellationToken).ConfigureAwait(false);
            await FeatureBuilder.BuildAsync(trial, new FeatureQuestion(SessionsStage.AsOf(span) ?? time.GetUtcNow(), null, shop.TimeZone), "next_user_features", cancellationToken).ConfigureAwait(false);
            var now = await FeatureBuilder.ReadAsync(trial, "next_user_features", cancellationToken).ConfigureAwait(false);
            drift = PopulationStability.Compare(baseline, IntentWindows.ForModels(now.Features));
        }

        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        await DriftTables.WriteDriftAsync(session, DriftTables.Drift, drift, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        return new DriftReport(drift, time.GetUtcNow(), true);
    }
}

public sealed record NothingTrainedYet()
    : Problem("drift.nothing-trained", "No model has been trained on this shop's data yet. Refresh the insights once; then changes can be measured against it.");
