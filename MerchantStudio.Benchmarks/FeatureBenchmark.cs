using System.Globalization;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Horizons;
using MerchantStudio.Core.Features.Sessions;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Benchmarks;

/// <summary>From raw events in the warehouse to a feature matrix in memory.</summary>
internal static class FeatureBenchmark
{
    private const string Zone = "Europe/Berlin";

    /// <summary>60 days of events in short bursts, one shopper for every 25 events; text in Chinese, 1 % without a shopper.</summary>
    private const string Generate = """
        insert into events (user_id, ts, event_type, item_id, category, brand, price, quantity, order_id, device, region, channel, import_id, source_line)
        select case when i % 100 = 0 then null else 'u' || (hash(i // 8) % $2) end,
               timestamp '2026-01-01' + to_seconds(hash(i // 8 + 17) % 5184000) + to_seconds((i % 8) * 90),
               case when i % 8 < 5 then 'view' when i % 8 = 5 then 'add_to_cart' when i % 8 = 6 and hash(i) % 2 = 0 then 'purchase' else 'view' end,
               'item' || (hash(i + 3) % 50000), '类目' || (hash(i + 3) % 50000) % 300, 'brand ' || (hash(i + 3) % 50000) % 900,
               cast((hash(i + 3) % 20000) / 100.0 + 1 as decimal(18, 4)), 1, case when i % 8 = 6 then 'order' || i // 8 end,
               case when hash(i // 8) % 3 = 0 then 'desktop' else 'mobile' end, 'region ' || hash(i // 8) % 30, 'search', 1, i
        from range($1) t(i)
        """;

    public static async Task RunAsync(int rows)
    {
        await using var shop = new BenchmarkShop();
        var warehouse = await shop.OpenAsync();
        var measurement = new Measurement();
        var now = new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
        await using (var session = await warehouse.BeginAsync(CancellationToken.None))
        {
            await session.ExecuteAsync(Generate, [(long)rows, (long)rows / 25], CancellationToken.None);
            await session.CommitAsync(CancellationToken.None);
        }

        await InSessionAsync(warehouse, session => measurement.TakeAsync(
            "clean", () => EventCleaner.RunAsync(session, CleaningSettings.Default, now, CancellationToken.None, warehouse), (report, seconds) => Rate(report.Rows, seconds)));
        await InSessionAsync(warehouse, session => measurement.TakeAsync(
            "sessions, orders, days", () => Sessionizer.RunAsync(session, Zone, CancellationToken.None), (report, _) => Inv($"{report.Sessions:N0} sessions, {report.Orders:N0} orders")));
        var plans = await InSessionAsync(warehouse, session => measurement.TakeAsync(
            "plan the forecasts", () => HorizonPlanner.PlanAsync(session, "next_clean_events", null, CancellationToken.None), (plan, _) => Inv($"{plan.Count(horizon => horizon.IsOffered)} offered")));
        var question = new FeatureQuestion(plans.First(plan => plan.IsOffered).Test!.Cutoff, 7, Zone);
        await InSessionAsync(warehouse, session => measurement.TakeAsync(
            "features", () => FeatureBuilder.BuildAsync(session, question, "next_user_features", CancellationToken.None), (shoppers, _) => Inv($"{shoppers:N0} shoppers, {FeatureCatalog.All.Length} features")));
        await InSessionAsync(warehouse, session => measurement.TakeAsync(
            "read the matrix", () => FeatureBuilder.ReadAsync(session, "next_user_features", CancellationToken.None), (table, seconds) => Rate(table.Features.Rows, seconds)));
        await InSessionAsync(warehouse, session => measurement.TakeAsync(
            "category interest", () => CategoryInterest.BuildAsync(session, question.Cutoff, CancellationToken.None), (pairs, _) => Inv($"{pairs:N0} rows")));
        measurement.Print(Inv($"Features from {rows:N0} events"));
    }

    private static async Task<T> InSessionAsync<T>(WorkspaceWarehouse warehouse, Func<WarehouseSession, Task<T>> work)
    {
        await using var session = await warehouse.BeginAsync(CancellationToken.None);
        var result = await work(session);
        await session.CommitAsync(CancellationToken.None);
        return result;
    }

    private static string Rate(long rows, double seconds) => Inv($"{rows / seconds:N0} rows/s");

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
