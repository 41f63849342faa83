using System.Collections.Immutable;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Promotions.Referrals;

/// <summary>An order of the shop's data that names an advocate's code.</summary>
/// <param name="Lookup">The code as it is looked up.</param>
/// <param name="IsSentBack">Nothing of what was paid is left.</param>
/// <param name="IsLeftToShop">It came live a short while ago.</param>
internal sealed record ImportedOrder(string Lookup, string Order, string Friend, DateTimeOffset At, decimal Gross, decimal Discount, bool IsSentBack, bool IsLeftToShop);

/// <summary>Finds the orders that came with some codes.</summary>
internal static class ImportedOrders
{
    private const string Input = "create temp table referral_lookups (lookup varchar)";

    /// <summary>$1 from when on an order that came live is left to the shop.</summary>
    private static readonly string Text = $"""
        with named as (select {CodeText.Sql("coupon_code")} as lookup, order_no, user_id, ts, gross, discount, refunded from paid_orders where coupon_code is not null and user_id is not null)
        select n.lookup, n.order_no, n.user_id, n.ts, n.gross, n.discount, n.refunded > 0 and n.refunded >= n.gross - n.discount,
               exists (select 1 from clean_events e where e.event_type = 'purchase' and e.order_id = n.order_no and e.user_id = n.user_id and e.import_id = 0 and e.ts > cast($1 as timestamp))
        from named n where n.lookup in (select lookup from referral_lookups) order by n.ts, n.order_no
        """;

    /// <summary>The earliest first.</summary>
    public static async Task<ImmutableArray<ImportedOrder>> ReadAsync(WorkspaceWarehouse warehouse, IEnumerable<string> lookups, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        await session.ExecuteAsync(Input, [], cancellationToken).ConfigureAwait(false);
        using (var rows = session.Append("referral_lookups"))
        {
            foreach (var lookup in lookups)
            {
                rows.Text(0, lookup);
                rows.EndRow();
            }

            rows.Complete();
        }

        return await session.QueryAsync(
            Text, row => new ImportedOrder(row.Text(0)!, row.Text(1) ?? "", row.Text(2)!, row.Instant(3), row.DecimalOrNull(4) ?? 0, row.DecimalOrNull(5) ?? 0, row.BooleanOrNull(6) == true, row.Boolean(7)), [since], cancellationToken).ConfigureAwait(false);
    }
}
