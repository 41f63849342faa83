using System.Diagnostics;
using System.Globalization;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Sessions;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Insights.Customers;
using MerchantStudio.Core.Insights.Figures;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Insights.Lookup;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Upkeep;
using MerchantStudio.Core.Quality;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Benchmarks;

/// <summary>A large shop: what its pages read, and what more rows cost.</summary>
internal static class SizeBenchmark
{
    private const int Rounds = 5;

    private static readonly DateTimeOffset Now = new(2026, 8, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>180 days of events in bursts of eight, one shopper for every 25 events; text in Chinese, 1 % without a shopper. $1 rows, $2 shoppers.</summary>
    private const string Events = """
        insert into events (user_id, ts, event_type, item_id, category, brand, price, quantity, order_id, device, region, channel, import_id, source_line)
        select case when i % 100 = 0 then null else 'u' || (hash(i // 8) % $2) end,
               timestamp '2026-01-01' + to_seconds(hash(i // 8 + 17) % 15552000) + to_seconds((i % 8) * 90),
               case when i % 8 < 5 then 'view' when i % 8 = 5 then 'add_to_cart' when i % 8 = 6 and hash(i) % 2 = 0 then 'purchase' else 'view' end,
               'item' || (hash(i + 3) % 50000), '类目' || (hash(i + 3) % 50000) % 300, 'brand ' || (hash(i + 3) % 50000) % 900,
               cast((hash(i + 3) % 20000) / 100.0 + 1 as decimal(18, 4)), 1, case when i % 8 = 6 then 'order' || i // 8 end,
               case when hash(i // 8) % 3 = 0 then 'desktop' else 'mobile' end, 'region ' || hash(i // 8) % 30, 'search', 1001, i
        from range($1) t(i)
        """;

    private const string Others = """
        insert into products (item_id, name, category, price, import_id, source_line)
        select 'item' || i, '商品 ' || i, '类目' || i % 300, cast((hash(i) % 20000) / 100.0 + 1 as decimal(18, 4)), 1002, i from range(50000) t(i);
        insert into imported (import_id, kind) values (1001, 'Events'), (1002, 'Products');
        """;

    private const string Scores = """
        create table next_intent_scores as
        select user_id, cast(days as integer) as horizon_days, (hash(user_id) % 1000) / 1000.0::double as probability, 0.0::double as low, 1.0::double as high, '[]' as reasons
        from (select distinct user_id from next_sessions) s cross join (values (1), (7), (30)) h(days)
        """;

    /// <param name="memory">As in Studio:MemoryLimit; null for the default.</param>
    public static async Task RunAsync(long rows, string? memory)
    {
        await using var studio = await SizeStudio.OpenAsync(memory);
        var measurement = new Measurement();
        await measurement.TakeAsync("write the rows", () => GenerateAsync(studio, rows), (_, seconds) => Inv($"{rows / seconds:N0} rows/s"));
        await PublishAsync(studio, measurement);
        var upkeep = new Measurement();
        foreach (var more in new[] { 100L, 100_000L, 0L }) await KeepUpAsync(studio, upkeep, rows, more);
        measurement.Print(Inv($"A shop of {rows:N0} events"));
        Console.WriteLine(Inv($"\nFile: {new FileInfo(studio.Paths.Warehouse(studio.Scope.Workspace)).Length / 1e6:N0} MB\n"));
        upkeep.Print("More rows");
        Console.WriteLine();
        await ReadPagesAsync(studio);
        await CompactAsync(studio);
    }

    /// <summary>Further rows of known and of new shoppers, over the last days and some late ones, as a file that is imported and checked like any other.</summary>
    private static async Task<string> WriteMoreAsync(SizeStudio studio, long rows, long more)
    {
        var (path, random, shoppers) = (Path.Combine(studio.Paths.Root, "more.csv"), new Random(5), rows / 24);
        await using var file = new StreamWriter(path);
        await file.WriteLineAsync("user_id,timestamp,event_type,item_id,price,quantity,order_id,device,region,channel");
        var (shopper, at) = (0L, Now);
        for (var row = 0L; row < more; row++)
        {
            if (row % 4 == 0) (shopper, at) = (random.NextInt64(shoppers), Now.AddDays(-40).AddSeconds(random.Next(864_000)));
            var type = (row % 4) switch { 0 or 1 => "view", 2 => "add_to_cart", _ => "purchase" };
            var late = row % 40 == 0 ? at.AddDays(-random.Next(100)) : at.AddMinutes(row % 4);
            await file.WriteLineAsync(Inv($"u{shopper},{late:yyyy-MM-ddTHH:mm:ssZ},{type},item{random.Next(50_000)},{random.Next(100, 20_100) / 100m:0.00},1,more{row / 4},mobile,region 3,mail"));
        }

        return path;
    }

    private static async Task KeepUpAsync(SizeStudio studio, Measurement measurement, long rows, long more)
    {
        if (more > 0)
        {
            var file = await WriteMoreAsync(studio, rows, more);
            await measurement.TakeAsync(Inv($"{more:N0} rows: recognise, import"), () => studio.ImportAsync(file), (report, _) => Inv($"{report.Accepted:N0} rows"));
            await measurement.TakeAsync(Inv($"{more:N0} rows: quality checks"), () => studio.Get<QualityGate>().MeasureAsync(studio.Scope, default), (report, _) => Inv($"{report.Value.Score} of 100"));
        }

        var memory = await RunMemory.ReadAsync(studio.Warehouse, default);
        var (clock, stages) = (Stopwatch.StartNew(), new List<string>());
        await measurement.TakeAsync(
            Inv($"upkeep after {more:N0} rows"), () => studio.InSessionAsync(session => UpkeepRun.RunAsync(session, memory!, Now, stage => stages.Add(Inv($"{stage} from {clock.Elapsed.TotalSeconds:0.0} s")), CancellationToken.None)),
            (report, _) => Inv($"{report.Shoppers:N0} shoppers, {report.Rows:N0} of their rows; {string.Join(", ", stages)}"));
    }

    private static async Task CompactAsync(SizeStudio studio)
    {
        var measurement = new Measurement();
        var before = await studio.Warehouse.SizeAsync(default);
        await measurement.TakeAsync("compact", () => studio.Warehouse.CompactAsync(default), (gained, _) => Inv($"{before.FileBytes / 1e6:N0} MB, {before.DeadBytes / 1e6:N0} of them dead, to {(before.FileBytes - gained) / 1e6:N0} MB"));
        measurement.Print("The file");
    }

    private static async Task<Done> GenerateAsync(SizeStudio studio, long rows)
    {
        await studio.InSessionAsync(session => session.ExecuteAsync(Events, [rows, rows / 25], CancellationToken.None));
        return await studio.InSessionAsync(async session =>
        {
            await session.ExecuteAsync(Others, [], CancellationToken.None);
            return default(Done);
        });
    }

    /// <summary>Everything that a run of the pipeline publishes but what training does; scores are made up.</summary>
    private static async Task PublishAsync(SizeStudio studio, Measurement measurement)
    {
        await measurement.TakeAsync("clean", () => studio.InSessionAsync(session => EventCleaner.RunAsync(session, CleaningSettings.Default, Now, CancellationToken.None, studio.Warehouse)), (report, _) => Inv($"{report.Kept:N0} rows"));
        await measurement.TakeAsync("remember what was seen", () => studio.InSessionAsync(async session =>
        {
            await RunMemory.WriteAsync(session, CleaningSettings.Default, "Europe/Berlin", Now, null, null, CancellationToken.None);
            return default(Done);
        }), (_, _) => "");
        await measurement.TakeAsync("sessions, orders, summaries", () => studio.InSessionAsync(session => Sessionizer.RunAsync(session, "Europe/Berlin", CancellationToken.None)),
            (report, _) => Inv($"{report.Sessions:N0} sessions, {report.Shoppers:N0} shoppers"));
        await measurement.TakeAsync("category interest", () => studio.InSessionAsync(session => Core.Features.CategoryInterest.BuildAsync(session, Now, CancellationToken.None)), (pairs, _) => Inv($"{pairs:N0} rows"));
        await measurement.TakeAsync("segments", () => studio.InSessionAsync(session => SegmentBuilder.BuildAsync(session, Now, null, 7, CancellationToken.None)), (segments, _) => Inv($"{segments.Value.Shoppers:N0} shoppers"));
        await measurement.TakeAsync("profiles", () => studio.InSessionAsync(async session =>
        {
            await session.ExecuteAsync(Scores, [], CancellationToken.None);
            return await ShopperProfileBuilder.BuildAsync(session, Now, CancellationToken.None);
        }), (profiles, _) => Inv($"{profiles:N0} rows"));
        await studio.Warehouse.PublishAsync(["clean_events", .. Sessionizer.Tables, "category_interest", "rfm", "clusters", "intent_scores", "shopper_profile", .. RunMemory.Tables], CancellationToken.None);
    }

    /// <summary>What pages ask for; the first answer and the median of the following ones.</summary>
    private static async Task ReadPagesAsync(SizeStudio studio)
    {
        var scope = studio.Scope;
        var shopper = new ShopperId((await studio.Warehouse.ScalarAsync<string>("select user_id from sessions limit 1 offset 1000", [], CancellationToken.None))!);
        var (figures, customers, audiences, intent) = (studio.Get<FigureReader>(), studio.Get<CustomerReader>(), studio.Get<AudienceReader>(), studio.Get<IntentShoppers>());
        Condition views = new AllOf([new Core.Conditions.EventCount("view", ConditionOperator.AtLeast, 3, 30), new Comparison("orders", ConditionOperator.AtLeast, ["1"])]);
        var pages = new (string Name, Func<Task<Problem?>> Read)[]
        {
            ("home, 28 days", async () => (await figures.ReadAsync(scope, PeriodChoice.Default, default)).Problem),
            ("home, 90 days", async () => (await figures.ReadAsync(scope, PeriodChoice.Parse("90d"), default)).Problem),
            ("home, all days", async () => (await figures.ReadAsync(scope, PeriodChoice.Parse("all"), default)).Problem),
            ("orders of 7 days", async () => (await figures.OrdersAsync(scope, PeriodChoice.Parse("7d"), default)).Problem),
            ("customers, summary", async () => (await customers.SummaryAsync(scope, default)).Problem),
            ("customers, first page", async () => (await customers.ListAsync(scope, new CustomerQuestion(), 0, 50, default)).Problem),
            ("customers, search", async () => (await customers.ListAsync(scope, new CustomerQuestion("u123"), 0, 50, default)).Problem),
            ("one customer", async () => (await customers.FindAsync(scope, shopper, null, default)).Problem),
            ("audience, everybody", async () => (await audiences.CountAsync(scope, Condition.Everybody, default)).Problem),
            ("audience, 3 views in 30 days and an order", async () => (await audiences.CountAsync(scope, views, default)).Problem),
            ("audience, its first 50", async () => (await audiences.MembersAsync(scope, views, 50, default)).Problem),
            ("facts of a shopper", async () => await audiences.FactsAsync(scope, shopper.Value, default) is null ? new NoFiguresYet() : null),
            ("intent, all chances", async () => (await intent.ProbabilitiesAsync(scope, 7, default)).Problem),
            ("intent, first page", async () => (await intent.PageAsync(scope, 7, 0.5, null, ScoredOrder.Probability, true, 0, 50, default)).Problem),
            ("intent, typical order", async () => await intent.TypicalOrderAsync(scope, default) is null ? new NoFiguresYet() : null),
            ("search", async () => (await studio.Get<ShopLookup>().FindAsync(scope, "u12", 10, default)).Problem),
            ("data sets", async () => (await studio.Get<DatasetCatalogue>().ListAsync(scope, default)).Problem),
            ("data sets, how ids meet", async () => (await studio.Get<DatasetCatalogue>().JoinsAsync(scope, default)).Problem),
        };
        Console.WriteLine("| page | first, s | median of 5, s | processor, s |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (name, read) in pages)
        {
            var first = await SecondsAsync(read);
            var before = Environment.CpuUsage.TotalTime;
            var times = new List<double>();
            for (var round = 0; round < Rounds; round++) times.Add(await SecondsAsync(read));
            var processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds / Rounds;
            Console.WriteLine(Inv($"| {name} | {first:0.00} | {times.Order().ElementAt(Rounds / 2):0.00} | {processor:0.00} |"));
        }

        Console.WriteLine();
    }

    private static async Task<double> SecondsAsync(Func<Task<Problem?>> read)
    {
        var clock = Stopwatch.StartNew();
        if (await read() is { } problem) throw new InvalidOperationException(problem.Message);
        return clock.Elapsed.TotalSeconds;
    }

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
