using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Experiments.Attribution;

/// <summary>Brings messages, redemptions and codes to the warehouse.</summary>
internal static class AttributionInputs
{
    public static async Task FillAsync(StudioDb database, WarehouseSession session, WorkspaceId workspace, DateTimeOffset since, string campaignPrefix, string rulePrefix, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(AttributionSql.Inputs, [], cancellationToken).ConfigureAwait(false);
        using (var rows = session.Append("attribution_sent"))
        {
            await foreach (var sent in database.Deliveries.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.State == DeliveryState.Sent && row.SentAt >= since)
                .Select(row => new { row.ShopperId, row.CampaignId, row.SentAt }).AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                rows.Text(0, sent.ShopperId);
                rows.Text(1, campaignPrefix + sent.CampaignId.ToString("D"));
                rows.Instant(2, (sent.SentAt!.Value.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);
                rows.EndRow();
            }

            rows.Complete();
        }

        using (var rows = session.Append("attribution_redeemed"))
        {
            await foreach (var used in database.Redemptions.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.RolledBackAt == null && row.At >= since)
                .Select(row => new { row.OrderId, row.CampaignId, row.RuleId, row.CostMinor }).AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                rows.Text(0, used.OrderId);
                rows.Text(1, used.CampaignId is { } campaign ? campaignPrefix + campaign.ToString("D") : rulePrefix + used.RuleId.ToString("D"));
                rows.Long(2, used.CostMinor);
                rows.EndRow();
            }

            rows.Complete();
        }

        using (var rows = session.Append("attribution_codes"))
        {
            // Orders that were imported name the code as it was typed.
            await foreach (var code in database.CouponCodes.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.Uses > 0)
                .Select(row => new { row.Lookup, row.RuleId }).AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                rows.Text(0, code.Lookup);
                rows.Text(1, rulePrefix + code.RuleId.ToString("D"));
                rows.EndRow();
            }

            rows.Complete();
        }
    }
}
