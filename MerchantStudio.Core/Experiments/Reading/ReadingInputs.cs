using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Experiments.Reading;

/// <summary>Brings rows of the application's database to the warehouse for one question.</summary>
internal static class ReadingInputs
{
    /// <param name="arm">What the arm is called in the report.</param>
    public static async Task PeopleAsync(StudioDb database, WarehouseSession session, WorkspaceId workspace, Guid experiment, Func<int, int> arm, CancellationToken cancellationToken)
    {
        using var rows = session.Append("experiment_assigned");
        await foreach (var person in database.ExperimentPeople.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.ExperimentId == experiment)
            .Select(row => new { row.ShopperId, row.Arm, row.AssignedAt }).AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            rows.Text(0, person.ShopperId);
            rows.Int(1, arm(person.Arm));
            rows.Instant(2, (person.AssignedAt.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);
            rows.EndRow();
        }

        rows.Complete();
    }

    /// <summary>People of one arm, all from the same moment on.</summary>
    public static void People(WarehouseSession session, IEnumerable<string> shoppers, DateTimeOffset at)
    {
        using var rows = session.Append("experiment_assigned");
        foreach (var shopper in shoppers)
        {
            rows.Text(0, shopper);
            rows.Int(1, 0);
            rows.Instant(2, (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);
            rows.EndRow();
        }

        rows.Complete();
    }

    /// <summary>What offers cost on each order since then.</summary>
    public static async Task RedeemedAsync(StudioDb database, WarehouseSession session, WorkspaceId workspace, DateTimeOffset since, CancellationToken cancellationToken)
    {
        using var rows = session.Append("experiment_redeemed");
        await foreach (var use in database.Redemptions.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.RolledBackAt == null && row.At >= since)
            .Select(row => new { row.OrderId, row.CostMinor }).AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            rows.Text(0, use.OrderId);
            rows.Long(1, use.CostMinor);
            rows.EndRow();
        }

        rows.Complete();
    }

    /// <summary>What messages to each shopper cost since then.</summary>
    /// <param name="costs">Of one message, by campaign; campaigns without a cost are left out.</param>
    /// <param name="until">Not included; null for no end.</param>
    public static async Task SentAsync(StudioDb database, WarehouseSession session, WorkspaceId workspace, IReadOnlyDictionary<Guid, decimal> costs, DateTimeOffset since, CancellationToken cancellationToken, DateTimeOffset? until = null)
    {
        if (costs.Count == 0) return;
        using var rows = session.Append("experiment_sent");
        foreach (var (campaign, cost) in costs)
        {
            await foreach (var shopper in database.Deliveries.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.CampaignId == campaign && row.State == DeliveryState.Sent && row.SentAt >= since && (until == null || row.SentAt < until))
                .Select(row => row.ShopperId).AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                rows.Text(0, shopper);
                rows.Scaled(1, (long)(cost * 10_000));
                rows.EndRow();
            }
        }

        rows.Complete();
    }
}
