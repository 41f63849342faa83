using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using static MerchantStudio.Core.Features.FeatureGrain;
using static MerchantStudio.Core.Features.FeatureGroup;

namespace MerchantStudio.Core.Features;

/// <summary>Every feature, in the order of the columns. A new one needs a line here and its texts in Resources/Features.</summary>
public static class FeatureCatalog
{
    private const string LastEvent = "hours_since_event";
    private const string LastCart = "hours_since_cart";
    private const string LastOrder = "days_since_order";
    private const float HoursInDay = 24;

    public static ImmutableArray<FeatureDefinition> All { get; } =
    [
        Count("events_1d", Activity, 1, "count(events)", Event, "count(*) filter (where age <= 1)"),
        Count("events_7d", Activity, 7, "count(events)", Event, "count(*) filter (where age <= 7)"),
        Count("events_30d", Activity, 30, "count(events)", Event, "count(*) filter (where age <= 30)"),
        Count("events_all", Activity, null, "count(events)", Event, "count(*)"),
        Count("active_days_7d", Activity, 7, "count(distinct day)", Day, "count(*) filter (where age <= 7)"),
        Count("active_days_30d", Activity, 30, "count(distinct day)", Day, "count(*) filter (where age <= 30)"),
        Acts(Count("sessions_7d", Activity, 7, "count(sessions)", Session, "count(*) filter (where age <= 7)")),
        Acts(Count("sessions_30d", Activity, 30, "count(sessions)", Session, "count(*) filter (where age <= 30)")),
        Count("sessions_all", Activity, null, "count(sessions)", Session, "count(*)"),
        Ratio("activity_trend", FeatureUnit.Share, Activity, 30, "events_7d / events_30d", Feature, "events_7d / nullif(events_30d, 0)"),

        Count("views_1d", Depth, 1, "count(view)", Event, "count(*) filter (where event_type = 'view' and age <= 1)"),
        Acts(Count("views_7d", Depth, 7, "count(view)", Event, "count(*) filter (where event_type = 'view' and age <= 7)")),
        Count("views_30d", Depth, 30, "count(view)", Event, "count(*) filter (where event_type = 'view' and age <= 30)"),
        Acts(Count("items_viewed_7d", Depth, 7, "count(distinct viewed item)", Item, "count(*) filter (where view_age <= 7)")),
        Count("items_viewed_30d", Depth, 30, "count(distinct viewed item)", Item, "count(*) filter (where view_age <= 30)"),
        Count("most_viewed_item_7d", Depth, 7, "max over items of count(view)", Item, "max(views_7d)"),
        Acts(Count("searches_30d", Depth, 30, "count(search)", Event, "count(*) filter (where event_type = 'search' and age <= 30)")),
        Ratio("events_per_session", FeatureUnit.Number, Depth, null, "mean over sessions of count(events)", Session, "avg(events)"),
        Ratio("session_minutes", FeatureUnit.Minutes, Depth, null, "mean over sessions of last - first event, minutes", Session, "avg(minutes)"),
        Count("last_session_events", Depth, null, "count(events) of the last session", Session, "arg_max(events, session_no)"),
        Count("last_session_minutes", FeatureUnit.Minutes, Depth, null, "last - first event of the last session, minutes", Session, "arg_max(minutes, session_no)"),

        Count("carts_1d", Cart, 1, "count(add_to_cart)", Event, "count(*) filter (where event_type = 'add_to_cart' and age <= 1)"),
        Acts(Count("carts_7d", Cart, 7, "count(add_to_cart)", Event, "count(*) filter (where event_type = 'add_to_cart' and age <= 7)")),
        Acts(Count("carts_30d", Cart, 30, "count(add_to_cart)", Event, "count(*) filter (where event_type = 'add_to_cart' and age <= 30)")),
        Acts(Count("favorites_30d", Cart, 30, "count(favorite)", Event, "count(*) filter (where event_type = 'favorite' and age <= 30)")),
        Acts(Count("checkouts_7d", Cart, 7, "count(view_cart, checkout)", Event, "count(*) filter (where event_type in ('view_cart', 'checkout') and age <= 7)")),
        Acts(Count("open_cart_items", Cart, 7, "count(items put in the cart and neither bought nor removed since)", Item, "count(*) filter (where is_open)")),
        Acts(Ratio("open_cart_value", FeatureUnit.Money, Cart, 7, "sum(price of those items)", Item, "sum(cart_price) filter (where is_open)")),
        Ratio("cart_rate_30d", FeatureUnit.Number, Cart, 30, "carts_30d / views_30d", Feature, "carts_30d / nullif(views_30d, 0)"),
        Acts(Ratio("hours_since_cart", FeatureUnit.Hours, Cart, null, "cutoff - last add_to_cart, hours", Event, "min(age) filter (where event_type = 'add_to_cart') * 24")),

        Acts(Count("orders_30d", Purchase, 30, "count(orders)", Order, "count(*) filter (where age <= 30)")),
        Acts(Count("orders_90d", Purchase, 90, "count(orders)", Order, "count(*) filter (where age <= 90)")),
        Count("orders_all", Purchase, null, "count(orders)", Order, "count(*)"),
        Acts(Ratio("spend_90d", FeatureUnit.Money, Purchase, 90, "sum(price x quantity - discount)", Order, "sum(net) filter (where age <= 90)")),
        Ratio("spend_all", FeatureUnit.Money, Purchase, null, "sum(price x quantity - discount)", Order, "sum(net)"),
        Ratio("average_order", FeatureUnit.Money, Purchase, null, "mean over orders of price x quantity - discount", Order, "avg(net)"),
        Ratio("items_per_order", FeatureUnit.Number, Purchase, null, "mean over orders of sum(quantity)", Order, "avg(items)"),
        Ratio("discounted_share", FeatureUnit.Share, Purchase, null, "orders with a discount or coupon / orders", Order, "avg(discounted)"),
        Ratio("refund_share", FeatureUnit.Share, Purchase, null, "count(refund) / count(purchase)", Event, "count(*) filter (where event_type = 'refund') / nullif(count(*) filter (where event_type = 'purchase'), 0)"),
        Ratio("order_gap_days", FeatureUnit.Days, Purchase, null, "mean time between orders, days", Order, "avg(gap)"),
        Ratio("order_gap_spread", FeatureUnit.Days, Purchase, null, "standard deviation of the time between orders, days", Order, "case when count(gap) > 1 then stddev_samp(gap) end"),
        Ratio("orders_per_session", FeatureUnit.Number, Purchase, null, "orders_all / sessions_all", Feature, "orders_all / nullif(sessions_all, 0)"),

        Acts(Ratio("hours_since_event", FeatureUnit.Hours, Recency, null, "cutoff - last event, hours", Event, "min(age) * 24")),
        Acts(Ratio("days_since_order", FeatureUnit.Days, Recency, null, "cutoff - last order, days", Order, "min(age)")),
        Ratio("tenure_days", FeatureUnit.Days, Recency, null, "cutoff - first event, days", Event, "max(age)"),
        Ratio("order_due", FeatureUnit.Number, Recency, null, "days_since_order / order_gap_days", Feature, "days_since_order / nullif(order_gap_days, 0)"),

        Acts(Count("categories_30d", FeatureGroup.Category, 30, "count(distinct category)", FeatureGrain.Category, "count(*) filter (where recent > 0)")),
        Ratio("top_category_share", FeatureUnit.Share, FeatureGroup.Category, null, "events in the commonest category / events with a category", FeatureGrain.Category, "max(events) / sum(events)"),
        Ratio("category_entropy", FeatureUnit.Number, FeatureGroup.Category, null, "-sum(p ln p) over categories", FeatureGrain.Category, "ln(sum(events)) - sum(events * ln(events)) / sum(events)"),

        Ratio("evening_share", FeatureUnit.Share, TimeOfDay, null, "events from 18:00 to midnight / events", Event, "avg(case when hour >= 18 then 1.0 else 0.0 end)"),
        Ratio("weekend_share", FeatureUnit.Share, TimeOfDay, null, "events on Saturday or Sunday / events", Event, "avg(case when weekday in (0, 6) then 1.0 else 0.0 end)"),

        Ratio("mobile_share", FeatureUnit.Share, FeatureGroup.Device, null, "events on a phone, tablet or app / events with a device", Event, "avg(case when lower(device) in ('mobile', 'phone', 'tablet', 'app', 'ios', 'android') then 1.0 when device is not null then 0.0 end)"),
        Ratio("several_devices", FeatureUnit.YesNo, FeatureGroup.Device, null, "1 when more than one device is seen", Event, "case when min(device) <> max(device) then 1 when min(device) is not null then 0 end"),
        Ratio("several_channels", FeatureUnit.YesNo, FeatureGroup.Device, null, "1 when more than one channel is seen", Event, "case when min(channel) <> max(channel) then 1 when min(channel) is not null then 0 end"),
    ];

    public static FeatureDefinition? Find(string key) => All.FirstOrDefault(feature => feature.Key == key);

    /// <summary>What else changes when a feature does: more of something in 7 days is more of it in 30 as well, and whoever did it was seen in these days.</summary>
    public static IEnumerable<(string Key, ConsequenceKind Kind, float Number)> Consequences(FeatureDefinition feature)
    {
        ArgumentNullException.ThrowIfNull(feature);
        return feature.Key switch
        {
            LastEvent => [(LastCart, ConsequenceKind.AtLeastTimes, 1), (LastOrder, ConsequenceKind.AtLeastTimes, 1 / HoursInDay)],
            LastCart => [(LastEvent, ConsequenceKind.AtMostTimes, 1)],
            LastOrder => [(LastEvent, ConsequenceKind.AtMostTimes, HoursInDay)],
            _ when feature.WindowDays is { } days => [.. Longer(feature, days).Select(longer => (longer.Key, ConsequenceKind.Along, 0f)), .. Recent(feature, days)],
            _ => [],
        };
    }

    private static IEnumerable<FeatureDefinition> Longer(FeatureDefinition feature, int days) =>
        All.Where(other => other.Unit == feature.Unit && Stem(other.Key) == Stem(feature.Key) && (other.WindowDays is not { } longer || longer > days) && other.Key != feature.Key);

    private static IEnumerable<(string Key, ConsequenceKind Kind, float Number)> Recent(FeatureDefinition feature, int days)
    {
        yield return (LastEvent, ConsequenceKind.AtMost, days * HoursInDay);
        if (Stem(feature.Key) is "carts" or "open_cart") yield return (LastCart, ConsequenceKind.AtMost, days * HoursInDay);
        if (Stem(feature.Key) is "orders" or "spend") yield return (LastOrder, ConsequenceKind.AtMost, days);
    }

    private static string Stem(string key) => key[..Math.Max(0, key.LastIndexOf('_'))];

    private static FeatureDefinition Acts(FeatureDefinition feature) => feature with { IsActionable = true };

    private static FeatureDefinition Count(string key, FeatureGroup group, int? days, string formula, FeatureGrain grain, string sql) =>
        Count(key, FeatureUnit.Count, group, days, formula, grain, sql);

    private static FeatureDefinition Count(string key, FeatureUnit unit, FeatureGroup group, int? days, string formula, FeatureGrain grain, string sql) =>
        new(key, group, days, formula) { Unit = unit, Grain = grain, Sql = sql, IsCount = true };

    private static FeatureDefinition Ratio(string key, FeatureUnit unit, FeatureGroup group, int? days, string formula, FeatureGrain grain, string sql) =>
        new(key, group, days, formula) { Unit = unit, Grain = grain, Sql = sql };
}
