using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <summary>What a shop's page shows to a shopper; plain text, to be put in as text.</summary>
public sealed record OnSiteMessage(Guid Id, string Language, string Subject, string Text, string? ButtonText, string? ButtonLink);

/// <summary>The slot in the shop's own pages: the newest message that waits for a shopper, or was shown to her lately.</summary>
public sealed class OnSiteMessages(IDbContextFactory<StudioDb> databases, IContactProtector protector, TimeProvider clock)
{
    private static readonly TimeSpan ShownFor = TimeSpan.FromDays(7);

    /// <returns>No message is an answer too.</returns>
    public async Task<Outcome<OnSiteMessage?>> NextAsync(WorkspaceScope scope, ShopperId shopper, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        var since = now - ShownFor;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var row = await db.Deliveries.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace && row.ShopperId == shopper.Value && row.Channel == MessageChannel.OnSite
                && !db.Campaigns.Any(campaign => campaign.Id == row.CampaignId && (campaign.State == CampaignState.Paused || campaign.State == CampaignState.Ended))
                && ((row.State == DeliveryState.Queued && row.NextAttemptAt <= now) || (row.State == DeliveryState.Sent && row.SentAt >= since)))
            .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (row is null || MessageValues.Of(row.ValuesProtected, protector) is not { } values) return (OnSiteMessage?)null;
        if (row.State == DeliveryState.Queued)
        {
            await db.Deliveries.Where(other => other.Id == row.Id && other.State == DeliveryState.Queued).ExecuteUpdateAsync(
                set => set.SetProperty(other => other.State, DeliveryState.Sent).SetProperty(other => other.SentAt, now).SetProperty(other => other.Attempts, 1).SetProperty(other => other.NextAttemptAt, (DateTimeOffset?)null),
                cancellationToken).ConfigureAwait(false);
        }

        var json = await db.CampaignMessages.Where(message => message.Id == row.MessageId).Select(message => message.TemplateJson).SingleAsync(cancellationToken).ConfigureAwait(false);
        var shown = MessageRenderer.Render(MessageTemplate.FromJson(json).Parse().Value.In(values.Language), values.Values, null);
        return new OnSiteMessage(row.Id, shown.Language, shown.Subject, shown.Body, shown.ButtonText, shown.ButtonLink);
    }
}
