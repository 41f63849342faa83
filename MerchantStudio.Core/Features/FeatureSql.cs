using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features;

/// <summary>The one statement that computes all features, and the label when there is a window for it.</summary>
/// <remarks>
/// $1 is the cutoff, $2 the store's time zone, $3 the end of the label's window. Every grain reads <c>e</c>, and <c>e</c> holds nothing
/// from the cutoff on: that is the whole guard against leakage, so nothing else may read the events but the label.
/// </remarks>
internal static class FeatureSql
{
    private static readonly string[] Grains =
    [
        """
        e as (
            select user_id, event_type, item_id, category, price, quantity, amount, discount, order_id, coupon_code, device, channel, session_no, ts,
                   extract(epoch from cast($1 as timestamp) - ts) / 86400.0 as age,
                   (ts at time zone 'UTC') at time zone $2 as local_ts
            from {events} where ts < cast($1 as timestamp)),
        event_rows as (
            select *, extract(hour from local_ts) as hour, extract(dow from local_ts) as weekday from e)
        """,
        """
        day_rows as (
            select user_id, cast(local_ts as date) as day, min(age) as age from e group by 1, 2)
        """,
        """
        session_rows as (
            select *, max(session_no) over (partition by user_id) as last_session_no
            from (select user_id, session_no, count(*) as events, min(age) as age, (max(age) - min(age)) * 1440 as minutes
                  from e group by user_id, session_no) s)
        """,
        """
        item_rows as (
            select *, cart_age <= 7 and (closed_age is null or cart_age < closed_age) as is_open
            from (select user_id, item_id,
                         min(age) filter (where event_type = 'view') as view_age,
                         count(*) filter (where event_type = 'view' and age <= 7) as views_7d,
                         min(age) filter (where event_type = 'add_to_cart') as cart_age,
                         max(price) filter (where event_type in ('view', 'add_to_cart') and age <= 7) as cart_price,
                         min(age) filter (where event_type in ('purchase', 'remove_from_cart')) as closed_age
                  from e where item_id is not null group by user_id, item_id) i)
        """,
        """
        category_rows as (
            select user_id, category, count(*) as events, min(age) as age from e where category is not null group by user_id, category)
        """,
        """
        order_rows as (
            select *, lag(age) over (partition by user_id order by age desc) - age as gap
            from (select user_id, max(age) as age, sum(coalesce(quantity, 1)) as items,
                         cast(sum(amount) - coalesce(sum(discount), 0) as double) as net,
                         max(case when discount > 0 or coupon_code is not null then 1.0 else 0.0 end) as discounted
                  from e where event_type = 'purchase'
                  group by user_id, order_id, case when order_id is null then ts end) o)
        """,
    ];

    private static readonly (FeatureGrain Grain, string Rows)[] Aggregated =
    [
        (FeatureGrain.Event, "event_rows"), (FeatureGrain.Day, "day_rows"), (FeatureGrain.Session, "session_rows"),
        (FeatureGrain.Item, "item_rows"), (FeatureGrain.Category, "category_rows"), (FeatureGrain.Order, "order_rows"),
    ];

    public static string Create(string table, string eventsTable, bool withLabel)
    {
        var events = Sql.Identifier(eventsTable);
        var grains = string.Join(",\n", Grains).Replace("{events}", events, StringComparison.Ordinal);
        var sums = string.Join(",\n", Aggregated.Select(grain => $"by_{grain.Grain} as (select user_id, {Columns(grain.Grain)} from {grain.Rows} group by user_id)"));
        var joins = string.Join("\n", Aggregated.Skip(1).Select(grain => $"left join by_{grain.Grain} using (user_id)"));
        var gathered = string.Join(", ", FeatureCatalog.All.Where(feature => feature.Grain != FeatureGrain.Feature).Select(Gathered));
        var outputs = string.Join(", ", FeatureCatalog.All.Select(Output));
        var label = withLabel ? ", cast(case when b.user_id is null then 0 else 1 end as double) as label" : "";
        var buyers = withLabel
            ? $"left join (select distinct user_id from {events} where event_type = 'purchase' and ts >= cast($1 as timestamp) and ts < cast($3 as timestamp)) b using (user_id)"
            : "";
        return $"""
            create table {Sql.Identifier(table)} as
            with {grains},
            {sums},
            gathered as (select user_id, {gathered} from by_Event {joins})
            select user_id, {outputs}{label} from gathered {buyers}
            order by user_id
            """;
    }

    private static string Columns(FeatureGrain grain) =>
        string.Join(", ", FeatureCatalog.All.Where(feature => feature.Grain == grain).Select(feature => $"{feature.Sql} as {Sql.Identifier(feature.Key)}"));

    private static string Gathered(FeatureDefinition feature)
    {
        var name = Sql.Identifier(feature.Key);
        return feature.IsCount ? $"cast(coalesce({name}, 0) as double) as {name}" : $"cast({name} as double) as {name}";
    }

    private static string Output(FeatureDefinition feature)
    {
        var name = Sql.Identifier(feature.Key);
        return feature.Grain == FeatureGrain.Feature ? $"cast({feature.Sql} as double) as {name}" : name;
    }
}
