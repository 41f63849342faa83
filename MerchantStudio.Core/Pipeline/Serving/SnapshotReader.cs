using System.Collections.Frozen;
using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Brought;
using MerchantStudio.Core.Pipeline.SessionEnd;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline.Serving;

/// <summary>How a brought model took being asked; Problem is null where it answered.</summary>
internal sealed record BroughtAnswer(Guid Version, Problem? Problem);

/// <param name="Snapshot">Null for a shop that has published nothing.</param>
/// <param name="Brought">Of brought models that were asked on the way.</param>
internal sealed record Refreshed(ServingSnapshot? Snapshot, ImmutableArray<BroughtAnswer> Brought);

/// <summary>Makes snapshots from the disk, whole or in part.</summary>
internal sealed class SnapshotReader(IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses, ModelScoring scoring, TimeProvider time)
{
    /// <summary>A handful of rows may rightly get the same chance; only among so many is one and the same for all a fault.</summary>
    private const int FewestRows = 200;

    public async Task<Refreshed> ReadAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("user_features", cancellationToken).ConfigureAwait(false) || !await warehouse.HasTableAsync("shopper_profile", cancellationToken).ConfigureAwait(false)) return new Refreshed(null, []);
        if (await warehouse.ScalarAsync<DateTimeOffset?>("select max(as_of) from shopper_profile", [], cancellationToken).ConfigureAwait(false) is not { } asOf) return new Refreshed(null, []);
        var (users, x) = await IntentWindows.ReadScoredAsync(warehouse, "user_features", cancellationToken).ConfigureAwait(false);
        var bare = new ServingSnapshot(
            new PublishedRows(users, x, asOf), [], ImmutableDictionary.Create<string, LiveRow>(StringComparer.Ordinal), null, await GapAsync(workspace, cancellationToken).ConfigureAwait(false), FrozenDictionary<string, OpenVisit>.Empty, null);
        var changed = await ChangedAsync(warehouse, bare, cancellationToken).ConfigureAwait(false);
        return await WithModelsAsync(workspace, changed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether a model of how visits end is in use.</summary>
    public async Task<bool> ServesVisitsAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return await db.Models.AnyAsync(model => model.WorkspaceId == workspace && model.IsLive && model.Task == SessionEndTrainings.Task, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The snapshot with the models that are in use now; those that it has already are taken over.</summary>
    public async Task<Refreshed> WithModelsAsync(WorkspaceId workspace, ServingSnapshot snapshot, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var live = await db.Models.AsNoTracking().Where(model => model.WorkspaceId == workspace && model.IsLive && model.Task.StartsWith(ModelRegistry.IntentPrefix)).ToListAsync(cancellationToken).ConfigureAwait(false);
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        var models = ImmutableArray.CreateBuilder<ServingModel>();
        foreach (var version in live.OrderBy(ModelRegistry.HorizonOf))
        {
            if ((snapshot.Models.FirstOrDefault(model => model.Version.Id == version.Id) ?? await LoadAsync(warehouse, snapshot, version, cancellationToken).ConfigureAwait(false)) is { } model) models.Add(model);
        }

        var sessionEnd = await db.Models.AsNoTracking().SingleOrDefaultAsync(model => model.WorkspaceId == workspace && model.IsLive && model.Task == SessionEndTrainings.Task, cancellationToken).ConfigureAwait(false);
        var serving = sessionEnd is null ? null : sessionEnd.Id == snapshot.SessionEnd?.Version.Id ? snapshot.SessionEnd : await LoadSessionEndAsync(sessionEnd, cancellationToken).ConfigureAwait(false);
        return await AskBroughtAsync(snapshot with { Models = models.ToImmutable(), SessionEnd = serving }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The snapshot with the features that were written since.</summary>
    public async Task<Refreshed> WithChangesAsync(WorkspaceId workspace, ServingSnapshot snapshot, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        return await AskBroughtAsync(await ChangedAsync(warehouse, snapshot, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private async Task<ServingSnapshot> ChangedAsync(WorkspaceWarehouse warehouse, ServingSnapshot snapshot, CancellationToken cancellationToken)
    {
        snapshot = snapshot with { Visits = await OpenVisits.ReadAsync(warehouse, time.GetUtcNow() - snapshot.Gap, cancellationToken).ConfigureAwait(false) };
        var rows = await LiveFeatures.ReadAsync(warehouse, snapshot.ReadUpTo, cancellationToken).ConfigureAwait(false);
        return rows.IsEmpty ? snapshot : snapshot with { Changed = snapshot.Changed.SetItems(rows.Select(row => KeyValuePair.Create(row.UserId, row))), ReadUpTo = rows.Max(row => row.Written) };
    }

    private async Task<TimeSpan> GapAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return TimeSpan.FromMinutes(await db.Workspaces.AsNoTracking().Where(shop => shop.Id == workspace).Select(shop => shop.SessionGapMinutes).SingleAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <returns>Null where its file is gone.</returns>
    private async Task<SessionServing?> LoadSessionEndAsync(ModelVersion version, CancellationToken cancellationToken) =>
        (await scoring.LoadAsync(version, SessionEndModel.Load, cancellationToken).ConfigureAwait(false)).TryGet(out var model, out var _) ? new SessionServing(version, model) : null;

    /// <returns>Null for a version that cannot answer: its file is gone, or it learnt from other features than there are.</returns>
    private async Task<ServingModel?> LoadAsync(WorkspaceWarehouse warehouse, ServingSnapshot snapshot, ModelVersion version, CancellationToken cancellationToken)
    {
        if (version.Family != BroughtModel.Family)
        {
            return (await scoring.LoadAsync(version, IntentModel.Load, cancellationToken).ConfigureAwait(false)).TryGet(out var model, out var _) && model.Accepts(snapshot.Published.X)
                ? new OwnServingModel(version, model) : null;
        }

        var published = new IntentScore?[snapshot.Published.X.Rows];
        var scores = await warehouse.QueryAsync(
            "select user_id, probability, low, high from intent_scores where horizon_days = $1", row => (User: row.Text(0)!, Score: new IntentScore(row.Double(1), row.Double(2), row.Double(3), [])), [ModelRegistry.HorizonOf(version)], cancellationToken).ConfigureAwait(false);
        foreach (var (user, score) in scores)
        {
            if (snapshot.Published.PlaceOf(user) is { } place) published[place] = score;
        }

        return new BroughtServingModel(version, [.. published], ImmutableDictionary.Create<string, (DateTimeOffset, IntentScore)>(StringComparer.Ordinal));
    }

    /// <summary>Has brought models score the shoppers whose features have changed; where one fails its last chances stay, and the next refresh asks again.</summary>
    private async Task<Refreshed> AskBroughtAsync(ServingSnapshot snapshot, CancellationToken cancellationToken)
    {
        var answers = ImmutableArray.CreateBuilder<BroughtAnswer>();
        foreach (var model in snapshot.Models.OfType<BroughtServingModel>())
        {
            var due = snapshot.Changed.Values.Where(row => row is { AsOf: { } asOf, Row: not null } && !(model.Changed.TryGetValue(row.UserId, out var known) && known.AsOf == asOf)).ToList();
            if (due.Count == 0) continue;
            var others = snapshot.Published.X.Take([.. Enumerable.Range(0, Math.Min(Math.Max(0, FewestRows - due.Count), snapshot.Published.X.Rows))]);
            var scored = await scoring.ScoreAsync(model.Version, FeatureMatrix.Concat([.. due.Select(row => row.Row!), others]), cancellationToken).ConfigureAwait(false);
            answers.Add(new BroughtAnswer(model.Version.Id, scored.Problem));
            if (!scored.TryGet(out var scores, out var _)) continue;
            var next = model with { Changed = model.Changed.SetItems(due.Select((row, index) => KeyValuePair.Create(row.UserId, (row.AsOf!.Value, scores[index])))) };
            snapshot = snapshot with { Models = snapshot.Models.Replace(model, next) };
        }

        return new Refreshed(snapshot, answers.ToImmutable());
    }
}
