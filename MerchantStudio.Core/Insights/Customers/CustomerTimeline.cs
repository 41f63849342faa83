using System.Collections.Immutable;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Insights.Customers;

/// <summary>Orders, refunds, visits, baskets, reviews and offers of one customer in one line of time.</summary>
internal static class CustomerTimeline
{
    public static async Task<(ImmutableArray<TimelineEntry> Entries, bool More)> ReadAsync(
        WorkspaceWarehouse warehouse, ShopperId shopper, ImmutableArray<CustomerOrderRow> orders, ImmutableArray<CustomerOffer> offers, int most, CancellationToken cancellationToken)
    {
        object?[] parameters = [shopper.Value, most + 1];
        var visits = await warehouse.QueryAsync(
            CustomerSql.Visits,
            row => row.Long(3) > 0
                ? new TimelineEntry(TimelineKind.Cart, row.Instant(0), row.Long(3), row.Long(1) / 60.0, row.DecimalOrNull(5), row.Text(6), row.Text(4))
                : new TimelineEntry(TimelineKind.Visit, row.Instant(0), row.Long(2), row.Long(1) / 60.0, null, null, row.Text(4)),
            parameters, cancellationToken).ConfigureAwait(false);
        var refunds = await warehouse.QueryAsync(
            CustomerSql.Refunds, row => new TimelineEntry(TimelineKind.Refund, row.Instant(0), 1, 0, row.DecimalOrNull(1), row.Text(2), row.Text(3)), parameters, cancellationToken).ConfigureAwait(false);
        var reviews = !await warehouse.HasTableAsync("review_scores", cancellationToken).ConfigureAwait(false) ? [] : await warehouse.QueryAsync(
            CustomerSql.Reviews,
            row => new TimelineEntry(TimelineKind.Review, row.Instant(0), 1, 0, null, row.Text(3), null, new TimelineReview(row.Text(1) ?? "", row.DoubleOrNull(2), row.Text(4), row.DoubleOrNull(5), row.Text(6))),
            parameters, cancellationToken).ConfigureAwait(false);
        TimelineEntry[] all =
        [
            .. visits, .. refunds, .. reviews,
            .. orders.Select(order => new TimelineEntry(TimelineKind.Order, order.At, order.Items, 0, order.Net is { } net ? net + (order.Refunded ?? 0) : null, order.OrderNo, order.Products)),
            .. offers.Select(offer => new TimelineEntry(TimelineKind.Offer, offer.GivenAt, offer.Uses, 0, null, offer.Code, offer.RuleName)),
        ];
        return ([.. all.OrderByDescending(entry => entry.At).ThenBy(entry => entry.Kind).Take(most)], all.Length > most);
    }
}
