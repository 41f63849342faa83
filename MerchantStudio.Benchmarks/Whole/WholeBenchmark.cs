using System.Globalization;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Identities;
using MerchantStudio.Core.Features.Sessions;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Benchmarks.Whole;

/// <summary>From an event file on the disk to features of every shopper, through the product's own steps and, where pandas is installed, through a script of pandas.</summary>
internal static class WholeBenchmark
{
    private const string Zone = "UTC";

    /// <summary>Enough for the runtime to have compiled what is measured afterwards.</summary>
    private const int WarmRows = 50_000;

    /// <remarks>A server has long been at work when a file comes, and the script has loaded pandas before its clock starts, so a small file goes the same way first.</remarks>
    public static async Task RunAsync(int rows)
    {
        await OnFileAsync(WarmRows, warm => MeasureAsync(warm, new Measurement(), new Measurement()));
        await OnFileAsync(rows, async events =>
        {
            var (measurement, beyond) = (new Measurement(), new Measurement());
            var figures = await MeasureAsync(events, measurement, beyond);
            measurement.Print(Inv($"Whole way of {rows:N0} events, {new FileInfo(events.Path).Length / 1e6:0} MB"));
            Console.WriteLine();
            beyond.Print("What pages add up, which the script of pandas does not write");
            if (await PandasScript.RunAsync(events.Path) is { } pandas) Compare(measurement, figures, pandas);
            else Console.WriteLine("No Python with pandas is here, so there is nothing to compare with.");
        });
    }

    private static async Task OnFileAsync(int rows, Func<GeneratedEvents, Task> measure)
    {
        var events = new GeneratedEvents(Path.Combine(Path.GetTempPath(), $"studio-benchmark-{Environment.ProcessId}.csv"), rows);
        try
        {
            await events.WriteAsync();
            GC.Collect();
            await measure(events);
        }
        finally
        {
            File.Delete(events.Path);
        }
    }

    private static async Task<Figures> MeasureAsync(GeneratedEvents events, Measurement measurement, Measurement beyond)
    {
        await using var studio = await BenchmarkStudio.OpenAsync("CNY", Zone);
        var imported = await measurement.TakeAsync("import", () => studio.ImportAsync(events.Path), (report, seconds) => Rate(report.Read, seconds));
        Check("rejected rows", events.BadDates + events.ShortRows, imported.Rejected);
        var warehouse = await studio.OpenWarehouseAsync();
        var settings = CleaningSettings.Default with { Switched = CleaningSettings.Default.Switched.Add(CleaningStep.Duplicates, true) };
        var cleaned = await InSessionAsync(warehouse, session => measurement.TakeAsync("clean, deduplicate, cut into sessions", () => CleanAsync(warehouse, session, settings), (report, seconds) => Rate(report.Rows, seconds)));
        Check("duplicates", events.Duplicates, Touched(cleaned, CleaningStep.Duplicates));
        Check("prices below zero", events.NegativePrices, Touched(cleaned, "price_not_positive"));
        Check("clean rows", events.CleanRows, cleaned.Kept);
        var question = new FeatureQuestion(GeneratedEvents.End, null, Zone);
        var users = await InSessionAsync(warehouse, session => measurement.TakeAsync(
            "features", () => FeatureBuilder.BuildAsync(session, question, "next_user_features", CancellationToken.None), (count, _) => Inv($"{count:N0} shoppers, {FeatureCatalog.All.Length} features")));
        var sessions = await InSessionAsync(warehouse, session => beyond.TakeAsync(
            "sum up sessions, orders, days", () => Sessionizer.RunAsync(session, Zone, CancellationToken.None), (report, _) => Inv($"{report.Sessions:N0} sessions, {report.Orders:N0} orders")));
        return (await warehouse.QueryAsync(
            """
            select (select cast(sum(amount) as double) from next_clean_events where event_type = 'purchase'), sum(views_30d), sum(orders_all), avg(hours_since_event) from next_user_features
            """,
            row => new Figures(cleaned.Kept, sessions.Sessions, users, row.Double(0), row.Double(1), row.Double(2), row.Double(3)), [], CancellationToken.None))[0];
    }

    private static async Task<CleaningReport> CleanAsync(WorkspaceWarehouse warehouse, WarehouseSession session, CleaningSettings settings)
    {
        var now = GeneratedEvents.End;
        await IdentityStitcher.StitchAsync(session, now, CancellationToken.None);
        return await EventCleaner.RunAsync(session, settings, now, CancellationToken.None, warehouse);
    }

    private static void Compare(Measurement measurement, Figures ours, PandasRun pandas)
    {
        Check("clean rows in pandas", ours.Rows, pandas.Rows);
        Check("sessions in pandas", ours.Sessions, pandas.Sessions);
        Check("users in pandas", ours.Users, pandas.Users);
        Agree("revenue", ours.Revenue, pandas.Revenue);
        Agree("views in 30 days", ours.Views30, pandas.Views30);
        Agree("orders", ours.Orders, pandas.Orders);
        Agree("mean hours since the last event", ours.Recency, pandas.Recency);
        Console.WriteLine();
        Console.WriteLine($"The same with {pandas.Versions}; rows, sessions, users, revenue, views, orders and recency agree:");
        Console.WriteLine();
        Console.WriteLine("| part | seconds |");
        Console.WriteLine("|---|---|");
        foreach (var (part, seconds) in pandas.Seconds) Console.WriteLine(Inv($"| {part} | {seconds:0.00} |"));
        var all = pandas.Seconds.Values.Sum();
        Console.WriteLine(Inv($"| all, {pandas.Features} features | {all:0.00}; peak resident {pandas.PeakGigabytes:0.00} GB |"));
        Console.WriteLine();
        Console.WriteLine(Inv($"Ratio: {measurement.Seconds / all:0.00} of the time, {measurement.PeakGigabytes / pandas.PeakGigabytes:0.00} of the memory."));
    }

    private static long Touched(CleaningReport report, string step) => report.Steps.Single(count => count.Key == step).Touched;

    private static void Check(string what, long expected, long found)
    {
        if (expected != found) throw new InvalidOperationException(Inv($"{what}: {expected:N0} expected, {found:N0} found."));
    }

    private static void Agree(string what, double ours, double theirs)
    {
        if (Math.Abs(ours - theirs) > 1e-6 * Math.Abs(ours)) throw new InvalidOperationException(Inv($"{what}: {ours} here, {theirs} in pandas."));
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

    /// <summary>What both sides must find.</summary>
    /// <param name="Recency">Mean over shoppers of the hours since their last event.</param>
    private sealed record Figures(long Rows, long Sessions, long Users, double Revenue, double Views30, double Orders, double Recency);
}
