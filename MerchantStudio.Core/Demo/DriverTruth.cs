using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.Demo.Generator;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Demo;

/// <summary>Which features the published reasons lean on, and whether these stand for what truly moves shoppers.</summary>
internal static class DriverTruth
{
    private const double Noticeable = 0.02;

    private static readonly ImmutableDictionary<string, ImmutableArray<string>> Features = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal)
    {
        ["recent_visits"] = ["events_1d", "events_7d", "sessions_7d", "active_days_7d", "views_1d", "views_7d", "items_viewed_7d", "most_viewed_item_7d", "searches_30d", "last_session_events", "last_session_minutes", "activity_trend"],
        ["recent_carts"] = ["carts_1d", "carts_7d", "carts_30d", "open_cart_items", "open_cart_value", "cart_rate_30d", "hours_since_cart"],
        ["recent_checkout"] = ["checkouts_7d"],
        ["past_orders"] = ["orders_30d", "orders_90d", "orders_all", "spend_90d", "spend_all", "orders_per_session", "order_gap_days"],
        ["days_since_last_visit"] = ["hours_since_event"],
        ["faded"] = ["days_since_order", "order_due"],
        ["favourites"] = ["favorites_30d"],
        ["device"] = ["mobile_share", "several_devices"],
        ["region"] = [],
        ["hour_of_day"] = ["evening_share", "weekend_share"],
    }.ToImmutableDictionary();

    public static async Task<DriverScore?> MeasureAsync(WorkspaceWarehouse warehouse, DemoTruth truth, CancellationToken cancellationToken)
    {
        if (!await warehouse.HasTableAsync("intent_scores", cancellationToken).ConfigureAwait(false)) return null;
        var reasons = await warehouse.QueryAsync(
            """
            select reasons from intent_scores
            where reasons is not null and horizon_days = (select horizon_days from intent_scores order by abs(horizon_days - 7), horizon_days limit 1)
            """,
            row => row.Text(0)!, [], cancellationToken).ConfigureAwait(false);
        var weights = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var list in reasons) Add(weights, list);
        var all = weights.Values.Sum();
        if (all <= 0) return null;
        return new(
            [.. weights.OrderByDescending(weight => weight.Value).Take(10).Select(weight => new NamedDriver(weight.Key, weight.Value / all))],
            [.. truth.Drivers.Select(driver => Found(driver, weights, all))],
            [.. truth.Decoys.Select(decoy => Found(decoy, weights, all))]);
    }

    private static PlantedDriverFound Found(PlantedDriver driver, SortedDictionary<string, double> weights, double all)
    {
        var share = Features[driver.Key].Sum(feature => weights.GetValueOrDefault(feature)) / all;
        return new(driver.Key, driver.Effect, share >= Noticeable, share);
    }

    private static void Add(SortedDictionary<string, double> weights, string reasons)
    {
        using var list = JsonDocument.Parse(reasons);
        foreach (var reason in list.RootElement.EnumerateArray())
        {
            var feature = reason.GetProperty("feature").GetString()!;
            weights[feature] = weights.GetValueOrDefault(feature) + Math.Abs(reason.GetProperty("points").GetDouble());
        }
    }
}
