using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <summary>Lets go of what was sent long ago, with the addresses and values in it. What still waits is never touched, and the figures of a campaign that runs keep their rows.</summary>
public sealed class DeliveryRetention(IDbContextFactory<StudioDb> databases, IOptions<MessagingOptions> options, TimeProvider time)
{
    public const int FewestDays = 60;
    private static readonly TimeSpan Between = TimeSpan.FromHours(6);

    /// <summary>Rows deleted in one statement, so that nobody who sends waits long for the database.</summary>
    private const int AtOnce = 2_000;
    private DateTimeOffset? _next;

    /// <summary>Does its work if it is time again.</summary>
    /// <returns>Rows let go.</returns>
    public async Task<int> RunIfDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < _next) return 0;
        var gone = await RunAsync(now, cancellationToken).ConfigureAwait(false);
        _next = now + Between;
        return gone;
    }

    private async Task<int> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = now.AddDays(-options.Value.KeepDays);
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var gone = 0;
        while (true)
        {
            var old = await database.Deliveries
                .Where(row => row.CreatedAt < before && (row.SentAt == null || row.SentAt < before) && row.State != DeliveryState.Queued && row.State != DeliveryState.Sending
                    && !database.Campaigns.Any(campaign => campaign.Id == row.CampaignId && (campaign.State == CampaignState.Scheduled || campaign.State == CampaignState.Running || campaign.State == CampaignState.Paused)))
                .Select(row => row.Id).Take(AtOnce).ToArrayAsync(cancellationToken).ConfigureAwait(false);
            if (old.Length == 0) break;
            gone += await database.Deliveries.Where(row => old.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        }

        // The text of a message goes with the last of its deliveries.
        await database.CampaignMessages.Where(message => message.CreatedAt < before && !database.Deliveries.Any(row => row.MessageId == message.Id)
            && !database.Campaigns.Any(campaign => campaign.Id == message.CampaignId && campaign.State != CampaignState.Ended)).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        return gone;
    }
}
