using System.Globalization;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features;

/// <summary>The one statement that computes all features, and the label when there is a window for it.</summary>
/// <remarks>
/// $1 is the cutoff, $2 the store's time zone, $3 the end of the label's window. Every grain reads <c>e</c>, and <c>e</c> holds nothing
/// from the cutoff on: that is the whole guard against leakage, so nothing else may read the events but the label. It is not kept
/// between the grains: reading the few columns of each again costs less than keeping all of them. Shoppers are grouped by number, items
/// and categories by their hash, because text makes slow keys; they meet only within one shopper, where two never share a hash in practice.
/// </remarks>
internal static class FeatureSql
{
    private const string Events = """
        e as not materialized (
            select *, (epoch_us(cast($1 as timestamp)) - epoch_us(ts)) / 86400000000.0 as age from {events} where ts < cast($1 as timestamp))
        """;

    private static readonly string Local = StoreTime.Local("$2");

    /// <summary>The rows that each grain's features aggregate.</summary>
    private static readonly (FeatureGrain Grain, string Rows)[] Grains =
    [
        (FeatureGrain.Event, $"select l.*, extract(hour from local_ts) as hour, extract(dow from local_ts) as weekday from (select e.*, {Local} as local_ts from e left join {StoreTime.OfRow}) l"),
        (FeatureGrain.Day, $"select shopper_no, cast({Local} as date) as day, min(age) as age from e left join {StoreTime.OfRow} where {Recent(FeatureGrain.Day)} group by 1, 2"),
        (FeatureGrain.Session, "select shopper_no, session_no, count(*) as events, min(age) as age, (max(age) - min(age)) * 1440 as minutes from e group by 1, 2"),
        (FeatureGrain.Item, $"""
            select *, cart_age <= 7 and (closed_age is null or cart_age < closed_age) as is_open
            from (select shopper_no, hash(item_id) as item,
                         min(age) filter (where event_type = 'view') as view_age,
                         count(*) filter (where event_type = 'view' and age <= 7) as views_7d,
                         min(age) filter (where event_type = 'add_to_cart') as cart_age,
                         max(price) filter (where event_type in ('view', 'add_to_cart') and age <= 7) as cart_price,
                         min(age) filter (where event_type in ('purchase', 'remove_from_cart')) as closed_age
                  from e where item_id is not null and event_type in ('view', 'add_to_cart', 'purchase', 'remove_from_cart') and {Recent(FeatureGrain.Item)} group by 1, 2) i
            """),
        (FeatureGrain.Category, $"select shopper_no, hash(category) as category, count(*) as events, count(*) filter (where {Recent(FeatureGrain.Category)}) as recent from e where category is not null group by 1, 2"),
        (FeatureGrain.Order, """
            select *, lag(age) over (partition by shopper_no order by age desc) - age as gap
            from (select shopper_no, max(age) as age, sum(coalesce(quantity, 1)) as items,
                         cast(sum(amount) - coalesce(sum(discount), 0) as double) as net,
                         max(case when discount > 0 or coupon_code is not null then 1.0 else 0.0 end) as discounted
                  from e where event_type = 'purchase'
                  group by shopper_no, order_id, case when order_id is null then ts end) o
            """),
    ];

    public static string Create(string table, string eventsTable, bool withLabel)
    {
        var events = Sql.Identifier(eventsTable);
        var sums = string.Join(",\n", Grains.Select(grain => $"by_{grain.Grain} as (select shopper_no, {Columns(grain.Grain)} from ({grain.Rows}) r group by shopper_no)"));
        var joins = string.Join("\n", Grains.Skip(1).Select(grain => $"left join by_{grain.Grain} using (shopper_no)"));
        var gathered = string.Join(", ", FeatureCatalog.All.Where(feature => feature.Grain != FeatureGrain.Feature).Select(Gathered));
        var outputs = string.Join(", ", FeatureCatalog.All.Select(Output));
        var label = withLabel ? ", cast(case when b.shopper_no is null then 0 else 1 end as double) as label" : "";
        var buyers = withLabel
            ? $"left join (select distinct shopper_no from {events} where event_type = 'purchase' and ts >= cast($1 as timestamp) and ts < cast($3 as timestamp)) b using (shopper_no)"
            : "";
        return $"""
            create table {Sql.Identifier(table)} as
            with {Events.Replace("{events}", events, StringComparison.Ordinal)},
            {StoreTime.Shifts("e", "$2")},
            {sums},
            gathered as (select shopper_no, user_id, {gathered} from by_Event {joins})
            select user_id, {outputs}{label} from gathered {buyers}
            """;
    }

    /// <summary>Rows no older than the widest window of the grain's features.</summary>
    private static string Recent(FeatureGrain grain) =>
        string.Create(CultureInfo.InvariantCulture, $"age <= {FeatureCatalog.All.Where(feature => feature.Grain == grain).Max(feature => feature.WindowDays)}");

    private static string Columns(FeatureGrain grain) => string.Join(", ", [
        .. grain == FeatureGrain.Event ? ["any_value(user_id) as user_id"] : Array.Empty<string>(),
        .. FeatureCatalog.All.Where(feature => feature.Grain == grain).Select(feature => $"{feature.Sql} as {Sql.Identifier(feature.Key)}")]);

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
