using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <param name="ShopperId">The whole id.</param>
public sealed record DeliveryQuestion(Guid? CampaignId = null, DeliveryState? State = null, DeliveryReason? Reason = null, MessageChannel? Channel = null, string? ShopperId = null, int Most = 1_000);

/// <param name="LastFault">A key of our own words ("no-answer"); null when nothing has gone wrong.</param>
/// <param name="Endpoint">Name of the webhook.</param>
public sealed record DeliveryRow(
    Guid Id, Guid CampaignId, string Occurrence, string ShopperId, MessageChannel Channel, DeliveryState State, DeliveryReason Reason, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt,
    DateTimeOffset? SentAt, int? LastStatus, string? LastFault, string? Endpoint);

/// <param name="Matching">All that fit the question; <paramref name="Rows"/> holds the newest.</param>
public sealed record DeliveryList(ImmutableArray<DeliveryRow> Rows, int Matching);

public sealed record DeliveryCount(MessageChannel Channel, DeliveryState State, DeliveryReason Reason, int Count);

/// <summary>Who was sent what, who was not, and by which rule.</summary>
public sealed class DeliveryLog(IDbContextFactory<StudioDb> databases, DeliverySignal signal, TimeProvider clock)
{
    /// <summary>The newest first.</summary>
    public async Task<Outcome<DeliveryList>> ListAsync(WorkspaceScope scope, DeliveryQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(question);
        if (Refusal(scope) is { } refusal) return refusal;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var found = Matching(db, scope, question);
        var rows = await (from row in found.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(question.Most)
                          join endpoint in db.WebhookEndpoints on row.EndpointId equals endpoint.Id into endpoints
                          from endpoint in endpoints.DefaultIfEmpty()
                          orderby row.CreatedAt descending, row.Id descending
                          select new DeliveryRow(row.Id, row.CampaignId, row.Occurrence, row.ShopperId, row.Channel, row.State, row.Reason, row.Attempts, row.CreatedAt, row.NextAttemptAt, row.SentAt, row.LastStatus, row.LastFault, endpoint.Name))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return new DeliveryList([.. rows], await found.CountAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>How many of each kind: of a campaign, or of all.</summary>
    public async Task<Outcome<ImmutableArray<DeliveryCount>>> CountAsync(WorkspaceScope scope, Guid? campaignId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (Refusal(scope) is { } refusal) return refusal;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var counts = await Matching(db, scope, new DeliveryQuestion(campaignId)).GroupBy(row => new { row.Channel, row.State, row.Reason })
            .Select(group => new DeliveryCount(group.Key.Channel, group.Key.State, group.Key.Reason, group.Count())).ToListAsync(cancellationToken).ConfigureAwait(false);
        return counts.OrderBy(count => (count.Channel, count.State, count.Reason)).ToImmutableArray();
    }

    /// <summary>Tries a failed one again, for another day, under the same id.</summary>
    public async Task<Outcome<Done>> TryAgainAsync(WorkspaceScope scope, Guid delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        await db.Deliveries.Where(row => row.Id == delivery && row.WorkspaceId == scope.Workspace && row.State == DeliveryState.Failed).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, DeliveryState.Queued).SetProperty(row => row.Reason, DeliveryReason.None).SetProperty(row => row.FirstAttemptAt, (DateTimeOffset?)null)
                .SetProperty(row => row.Attempts, 0).SetProperty(row => row.NextAttemptAt, now),
            cancellationToken).ConfigureAwait(false);
        signal.Ring();
        return new Done();
    }

    private static Problem? Refusal(WorkspaceScope scope) => scope.Refusal(Right.PublishOffers) is { } refusal && scope.Refusal(Right.LookUpCustomer) is not null ? refusal : null;

    private static IQueryable<AppState.Delivery> Matching(StudioDb db, WorkspaceScope scope, DeliveryQuestion question)
    {
        var rows = db.Deliveries.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace);
        if (question.CampaignId is { } campaign) rows = rows.Where(row => row.CampaignId == campaign);
        if (question.State is { } state) rows = rows.Where(row => row.State == state);
        if (question.Reason is { } reason) rows = rows.Where(row => row.Reason == reason);
        if (question.Channel is { } channel) rows = rows.Where(row => row.Channel == channel);
        if (question.ShopperId?.Trim() is { Length: > 0 } shopper) rows = rows.Where(row => row.ShopperId == shopper);
        return rows;
    }
}
