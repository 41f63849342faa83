using System.Globalization;

namespace MerchantStudio.Benchmarks;

/// <summary>Public files all the way: import, then the whole pipeline.</summary>
internal static class PipelineBenchmark
{
    /// <param name="folder">Holds uci-online-retail and taobao-userbehavior-sample.</param>
    public static async Task RunAsync(string folder)
    {
        await MeasureAsync("UCI Online Retail", Path.Combine(folder, "uci-online-retail", "online_retail.csv.gz"), "GBP", "Europe/London");
        await MeasureAsync("Taobao UserBehavior sample", Path.Combine(folder, "taobao-userbehavior-sample", "UserBehavior_sample.csv.gz"), "CNY", "Asia/Shanghai");
    }

    private static async Task MeasureAsync(string name, string path, string currency, string timeZone)
    {
        await using var studio = await BenchmarkStudio.OpenAsync(currency, timeZone);
        var measurement = new Measurement();
        await measurement.TakeAsync("import", () => studio.ImportAsync(path), (report, _) => Inv($"{report.Accepted:N0} rows"));
        await measurement.TakeAsync("pipeline", studio.RunPipelineAsync, (report, _) => string.Join(", ", report.Intent.Select(section =>
            section.Report is { } intent ? Inv($"{section.HorizonDays} d: {intent.Published}, AUROC {intent.Best.Test.Auroc:0.000}") : Inv($"{section.HorizonDays} d not offered"))));
        measurement.Print(name);
        Console.WriteLine();
    }

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
