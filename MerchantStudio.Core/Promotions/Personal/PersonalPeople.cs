using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Promotions.Personal;

/// <param name="Chance">To buy within the days without an offer.</param>
/// <param name="Basket">What an order of hers comes to, in the shop's currency, 0 where more was sent back than kept; null where no order has a price.</param>
/// <param name="Consents">False where she said no; who was never asked counts as willing.</param>
internal sealed record PersonalShopper(string Id, double Chance, decimal? Basket, bool Consents);

internal sealed record PersonalAudience(ImmutableArray<PersonalShopper> Shoppers, bool FromForecast);

/// <summary>Reads what is known of an audience, and what an order earns.</summary>
internal static class PersonalPeople
{
    /// <summary>Chances come from the purchase forecast whose horizon is nearest, stretched to the days asked for; without a forecast from each shopper's own pace of orders.</summary>
    public static async Task<PersonalAudience> ReadAsync(WorkspaceWarehouse warehouse, Condition audience, ConditionContext context, int days, CancellationToken cancellationToken)
    {
        var horizons = await warehouse.QueryAsync("select count(intent_1), count(intent_7), count(intent_30) from shopper_profile", row => (ImmutableArray<(int Days, long Known)>)[(1, row.Long(0)), (7, row.Long(1)), (30, row.Long(2))], [], cancellationToken).ConfigureAwait(false);
        var horizon = horizons[0].Where(found => found.Known > 0).OrderBy(found => Math.Abs(found.Days - days)).Select(found => (int?)found.Days).FirstOrDefault();
        var clause = ConditionSql.Compile(audience, context, 2);

        // A chance p in h days is 1 - (1 - p)^(d / h) in d, as if orders came evenly.
        var chance = horizon switch
        {
            1 => "1 - pow(1 - least(s.intent_1, 0.999), $2)",
            7 => "1 - pow(1 - least(s.intent_7, 0.999), $2 / 7)",
            30 => "1 - pow(1 - least(s.intent_30, 0.999), $2 / 30)",
            _ => "1 - exp(-coalesce(s.orders, 0) * $2 / greatest(30, date_diff('day', coalesce(s.first_order_at, cast($1 as timestamp)), cast($1 as timestamp)) + 30))",
        };
        var shoppers = await warehouse.QueryAsync(
            $"""
            select s.user_id, coalesce({chance}, 0), coalesce(s.average_order, avg(s.average_order) over ()), coalesce(s.email_consent, true)
            from shopper_profile s where cast($1 as timestamp) is not null and ({clause.Text}) order by s.user_id
            """,
            row => new PersonalShopper(row.Text(0)!, Math.Clamp(row.Double(1), 0, 1), row.DoubleOrNull(2) is { } basket ? (decimal)Math.Max(0, basket) : null, row.BooleanOrNull(3) ?? true), [context.AsOf, (double)days, .. clause.Parameters], cancellationToken).ConfigureAwait(false);
        return new PersonalAudience(shoppers, horizon is not null);
    }

    /// <summary>Share of what was paid for goods that was left after their cost, over what was bought in the last year and has one; null where no cost is known.</summary>
    public static async Task<double?> MarginAsync(WorkspaceWarehouse warehouse, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        if (!await warehouse.HasTableAsync("products", cancellationToken).ConfigureAwait(false)) return null;
        return await warehouse.ScalarAsync<double?>(
            """
            with costs as (select item_id, max(cost) as cost from products where item_id is not null and cost > 0 group by item_id)
            select cast(sum((e.price - c.cost) * coalesce(e.quantity, 1)) as double) / nullif(cast(sum(e.price * coalesce(e.quantity, 1)) as double), 0)
            from clean_events e join costs c on c.item_id = e.item_id where e.event_type = 'purchase' and e.price > 0 and e.ts >= $1
            """, [asOf.AddDays(-365)], cancellationToken).ConfigureAwait(false);
    }
}
