using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Campaigns.Webhooks;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <param name="Messages">The templates of the deliveries, by id.</param>
/// <param name="Endpoint">Null for mail, and for an endpoint that is gone.</param>
internal sealed record TakenBatch(Guid Lease, Workspace Workspace, MessagingSettings Settings, WebhookEndpoint? Endpoint, ImmutableArray<AppState.Delivery> Deliveries, IReadOnlyDictionary<Guid, string> Messages);

/// <summary>Deliveries as rows: who is due, who has taken which, and how each try ended.</summary>
/// <remarks>A delivery is taken with a lease. Whoever dies before writing the end down leaves the lease to run out, and it is sent again under the same id: at least once, never lost.</remarks>
public sealed class DeliveryQueue(IDbContextFactory<StudioDb> databases, IOptions<MessagingOptions> options, TimeProvider clock)
{
    /// <summary>Longer than the slowest batch can take.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(10);

    /// <summary>An endpoint that has only failed for so long is switched off.</summary>
    private static readonly TimeSpan MostFailing = TimeSpan.FromDays(3);

    /// <summary>Gives back what an earlier process had taken. Only for the one process that holds the data folder.</summary>
    internal async Task ReleaseAllAsync(CancellationToken cancellationToken)
    {
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        await db.Deliveries.Where(row => row.State == DeliveryState.Sending).ExecuteUpdateAsync(Released, cancellationToken).ConfigureAwait(false);
    }

    internal async Task<ImmutableArray<string>> DueTargetsAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return [.. await db.Deliveries.Where(row => row.Target != "" && ((row.State == DeliveryState.Queued && row.NextAttemptAt <= now) || (row.State == DeliveryState.Sending && row.LeaseUntil < now)))
            .Select(row => row.Target).Distinct().ToListAsync(cancellationToken).ConfigureAwait(false)];
    }

    /// <summary>Takes the most overdue ones of a target; nobody else gets these until the lease ends.</summary>
    /// <returns>Null when nothing is due.</returns>
    internal async Task<TakenBatch?> TakeAsync(string target, int most, CancellationToken cancellationToken)
    {
        var (now, lease) = (clock.GetUtcNow(), Guid.NewGuid());
        var taken = await databases.RunAsync<bool>(async (db, cancel) =>
        {
            var due = db.Deliveries.Where(row => row.Target == target && ((row.State == DeliveryState.Queued && row.NextAttemptAt <= now) || (row.State == DeliveryState.Sending && row.LeaseUntil < now)));
            var ids = await due.OrderBy(row => row.NextAttemptAt).ThenBy(row => row.Id).Select(row => row.Id).Take(most).ToListAsync(cancel).ConfigureAwait(false);
            if (ids.Count == 0) return false;
            var until = now + LeaseTime;
            // The condition once more: between reading and writing another may have been quicker.
            return await due.Where(row => ids.Contains(row.Id)).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, DeliveryState.Sending).SetProperty(row => row.Lease, lease).SetProperty(row => row.LeaseUntil, until), cancel).ConfigureAwait(false) > 0;
        }, cancellationToken).ConfigureAwait(false);
        if (!taken.Value) return null;

        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var rows = await db.Deliveries.AsNoTracking().Where(row => row.Lease == lease && row.State == DeliveryState.Sending).OrderBy(row => row.NextAttemptAt).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (rows.Count == 0) return null;
        var workspace = rows[0].WorkspaceId;
        var messages = rows.Select(row => row.MessageId).Distinct().ToList();
        return new TakenBatch(
            lease,
            await db.Workspaces.AsNoTracking().SingleAsync(row => row.Id == workspace, cancellationToken).ConfigureAwait(false),
            await MessagingSetup.EnsureAsync(db, workspace, cancellationToken).ConfigureAwait(false),
            rows[0].EndpointId is { } endpoint ? await db.WebhookEndpoints.AsNoTracking().SingleOrDefaultAsync(row => row.Id == endpoint && row.DisabledAt == null && row.RemovedAt == null, cancellationToken).ConfigureAwait(false) : null,
            [.. rows],
            await db.CampaignMessages.AsNoTracking().Where(row => messages.Contains(row.Id)).ToDictionaryAsync(row => row.Id, row => row.TemplateJson, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The gate's second look at a batch.</summary>
    internal async Task<IReadOnlyDictionary<Guid, Verdict>> RecheckAsync(TakenBatch batch, CancellationToken cancellationToken)
    {
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return await new DeliveryGate(db, batch.Workspace, batch.Settings, clock.GetUtcNow()).RecheckAsync(batch.Deliveries, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes down how tries ended and what the gate kept back, and gives the rest of the batch back.</summary>
    internal Task WriteAsync(TakenBatch batch, IReadOnlyDictionary<Guid, SendResult> results, IReadOnlyDictionary<Guid, Verdict> verdicts, CancellationToken cancellationToken) =>
        databases.RunAsync<Done>(async (db, cancel) =>
        {
            var now = clock.GetUtcNow();
            foreach (var row in await db.Deliveries.Where(row => row.Lease == batch.Lease && row.State == DeliveryState.Sending).ToListAsync(cancel).ConfigureAwait(false))
            {
                (row.Lease, row.LeaseUntil) = (null, null);
                if (results.TryGetValue(row.Id, out var result)) End(row, result, now);
                else if (verdicts.GetValueOrDefault(row.Id) is { Reason: not DeliveryReason.None } kept) (row.State, row.Reason, row.NextAttemptAt) = (DeliveryState.Suppressed, kept.Reason, null);
                else (row.State, row.NextAttemptAt) = (DeliveryState.Queued, verdicts.GetValueOrDefault(row.Id) is { IsPostponed: true } later ? later.DueAt : row.NextAttemptAt);
            }

            if (batch.Endpoint is { } called && results.Count > 0) await NoteHealthAsync(db, called.Id, results.Values.Any(result => result.IsSent), now, cancel).ConfigureAwait(false);
            await db.SaveChangesAsync(cancel).ConfigureAwait(false);
            return new Done();
        }, cancellationToken);

    private void End(AppState.Delivery row, SendResult result, DateTimeOffset now)
    {
        row.Attempts++;
        row.FirstAttemptAt ??= now;
        (row.LastStatus, row.LastFault) = (result.Status, result.Fault);
        if (result.IsSent)
        {
            (row.State, row.SentAt, row.NextAttemptAt) = (DeliveryState.Sent, now, null);
            return;
        }

        var next = result.Final != DeliveryReason.None ? null : RetrySchedule.Next(row.Id, row.Attempts, row.FirstAttemptAt.Value, now, TimeSpan.FromSeconds(options.Value.FirstPauseSeconds));
        (row.State, row.NextAttemptAt) = next is null ? (DeliveryState.Failed, null) : (DeliveryState.Queued, next);
        if (next is null) row.Reason = result.Final == DeliveryReason.None ? DeliveryReason.GaveUp : result.Final;
    }

    private static async Task NoteHealthAsync(StudioDb db, Guid endpoint, bool works, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await db.WebhookEndpoints.SingleAsync(row => row.Id == endpoint, cancellationToken).ConfigureAwait(false);
        row.FailingSince = works ? null : row.FailingSince ?? now;
        if (row.FailingSince is { } since && now - since > MostFailing) row.DisabledAt ??= now;
    }

    private static void Released(Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<AppState.Delivery> set) =>
        set.SetProperty(row => row.State, DeliveryState.Queued).SetProperty(row => row.Lease, (Guid?)null).SetProperty(row => row.LeaseUntil, (DateTimeOffset?)null);
}
