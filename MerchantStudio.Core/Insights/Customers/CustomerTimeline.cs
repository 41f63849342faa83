using System.Collections.Immutable;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Insights.Customers;

/// <summary>Orders, refunds, visits, baskets, reviews and offers of one customer in one line of time.</summary>
internal static class CustomerTimeline
{
    public static async Task<(ImmutableArray<TimelineEntry> Entries, bool More)> ReadAsync(
        WorkspaceWarehouse warehouse, ShopperId shopper, ImmutableArray<CustomerOrderRow> orders, ImmutableArray<CustomerOffer> offers, TimelineKind? kind, int most, CancellationToken cancellationToken)
    {
        object?[] parameters = [shopper.Value, most + 1];
        var visits = !Wanted(TimelineKind.Visit) && !Wanted(TimelineKind.Cart) ? [] : await warehouse.QueryAsync(
            CustomerSql.Visits,
            row => row.Long(3) > 0
                ? new TimelineEntry(TimelineKind.Cart, row.Instant(0), row.Long(3), row.Long(1) / 60.0, row.DecimalOrNull(5), row.Text(6), row.Text(4))
                : new TimelineEntry(TimelineKind.Visit, row.Instant(0), row.Long(2), row.Long(1) / 60.0, null, null, row.Text(4)),
            [.. parameters, kind is null ? null : kind == TimelineKind.Cart], cancellationToken).ConfigureAwait(false);
        var refunds = !Wanted(TimelineKind.Refund) ? [] : await warehouse.QueryAsync(
            CustomerSql.Refunds, row => new TimelineEntry(TimelineKind.Refund, row.Instant(0), 1, 0, row.DecimalOrNull(1), row.Text(2), row.Text(3)), parameters, cancellationToken).ConfigureAwait(false);
        var reviews = !Wanted(TimelineKind.Review) || !await warehouse.HasTableAsync("review_scores", cancellationToken).ConfigureAwait(false) ? [] : await warehouse.QueryAsync(
            CustomerSql.Reviews,
            row => new TimelineEntry(TimelineKind.Review, row.Instant(0), 1, 0, null, row.Text(3), null, new TimelineReview(row.Text(1) ?? "", row.DoubleOrNull(2), row.Text(4), row.DoubleOrNull(5), row.Text(6))),
            parameters, cancellationToken).ConfigureAwait(false);
        TimelineEntry[] all =
        [
            .. visits, .. refunds, .. reviews,
            .. (Wanted(TimelineKind.Order) ? orders : []).Select(order => new TimelineEntry(TimelineKind.Order, order.At, order.Items, 0, order.Net is { } net ? net + (order.Refunded ?? 0) : null, order.OrderNo, order.Products)),
            .. (Wanted(TimelineKind.Offer) ? offers : []).Select(offer => new TimelineEntry(TimelineKind.Offer, offer.GivenAt, offer.Uses, 0, null, offer.Code, offer.RuleName)),
        ];
        return ([.. all.OrderByDescending(entry => entry.At).ThenBy(entry => entry.Kind).Take(most)], all.Length > most);

        bool Wanted(TimelineKind one) => kind is null || kind == one;
    }

    /// <summary>The kinds of entries that the customer has at all, in the order of <see cref="TimelineKind"/>.</summary>
    public static async Task<ImmutableArray<TimelineKind>> KindsAsync(
        WorkspaceWarehouse warehouse, ShopperId shopper, ImmutableArray<CustomerOrderRow> orders, ImmutableArray<CustomerOffer> offers, CancellationToken cancellationToken)
    {
        var held = (await warehouse.QueryAsync(
            CustomerSql.Kinds, row => (Refund: row.Long(0) > 0, Cart: row.Long(1) > 0, Visit: row.Long(2) > 0, Review: row.Long(3) > 0), [shopper.Value], cancellationToken).ConfigureAwait(false))[0];
        var scored = await warehouse.HasTableAsync("review_scores", cancellationToken).ConfigureAwait(false);
        return [.. Enum.GetValues<TimelineKind>().Where(kind => kind switch
        {
            TimelineKind.Order => !orders.IsEmpty,
            TimelineKind.Refund => held.Refund,
            TimelineKind.Cart => held.Cart,
            TimelineKind.Visit => held.Visit,
            TimelineKind.Review => held.Review && scored,
            _ => !offers.IsEmpty,
        })];
    }
}
