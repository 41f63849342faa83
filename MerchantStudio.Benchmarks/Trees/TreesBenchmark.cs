using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Trees;

namespace MerchantStudio.Benchmarks.Trees;

/// <summary>
/// Growing and scoring of boosted trees on a generated table, beside XGBoost's histograms where Python has them: the same matrix from the same file, the same
/// parameters and number of threads, by turns.
/// </summary>
internal static class TreesBenchmark
{
    private const int Columns = 40;
    private const int Turns = 3;
    private static readonly TreesOptions Options = new(
        Rounds: 100, LearningRate: 0.1, Leaves: 64, Depth: 6, L2: 1, MinHessian: 1, MinRows: 1, RowShare: 1, ColumnShare: 1, Growth: TreeGrowth.DepthWise);

    public static async Task RunAsync(int rows, int threads)
    {
        var (x, y) = Generate(rows, Columns, 1);
        var (testX, testY) = Generate(rows / 10, Columns, 2);
        var path = Path.Combine(Path.GetTempPath(), $"studio-trees-{Environment.ProcessId}");
        try
        {
            await WriteAsync(path + "-train", x, y);
            await WriteAsync(path + "-test", testX, testY);
            var python = await PythonScript.FindAsync("xgboost");
            Console.WriteLine(Inv($"{rows:N0} rows x {Columns} columns, {Options.Rounds} rounds, depth {Options.Depth}, {threads} threads, .NET {Environment.Version}"));
            Console.WriteLine();
            Console.WriteLine("| turn | library | bins, s | trees, s | all, s | processor, s | AUROC of other rows |");
            Console.WriteLine("|---|---|---|---|---|---|---|");
            for (var turn = 1; turn <= Turns; turn++)
            {
                Print(turn, "ours", Ours(x, y, testX, testY, threads));
                if (python is not null) Print(turn, "XGBoost", await TheirsAsync(python, path, rows, threads));
            }
        }
        finally
        {
            File.Delete(path + "-train");
            File.Delete(path + "-test");
        }

        Scoring(threads);
    }

    private sealed record Run(double Bins, double Trees, double Processor, double Auroc, string Versions = "");

    private static void Print(int turn, string library, Run run) =>
        Console.WriteLine(Inv($"| {turn} | {library} {run.Versions} | {run.Bins:0.00} | {run.Trees:0.00} | {run.Bins + run.Trees:0.00} | {run.Processor:0.00} | {run.Auroc:0.00000} |"));

    private static Run Ours(FeatureMatrix x, float[] y, FeatureMatrix testX, float[] testY, int threads)
    {
        var before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var data = BoostingTables.Of(new TreesTable(x, y), null, threads);
        var bins = clock.Elapsed.TotalSeconds;
        var boosted = new Boosting(data, Options, new Core.Learning.Trees.Objectives.LogisticLoss(), 1, threads).Run(null, null, CancellationToken.None);
        var all = clock.Elapsed.TotalSeconds;
        var processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        var scores = Array.ConvertAll(boosted.Forest.Score(testX, threads), score => (float)score);
        return new Run(bins, all - bins, processor, Core.Learning.Evaluation.BinaryMetrics.Auroc(scores, testY));
    }

    private static async Task<Run> TheirsAsync(string python, string path, int rows, int threads)
    {
        var output = await PythonScript.OutputAsync(python, Path.Combine(AppContext.BaseDirectory, "Trees", "trees.py"), path, Inv($"{rows}"), Inv($"{Columns}"), Inv($"{threads}"));
        return JsonSerializer.Deserialize<Run>(output ?? throw new InvalidOperationException("The XGBoost script failed."), JsonSerializerOptions.Web)!;
    }

    /// <summary>300 trees of depth 6 over 60 columns, on one thread.</summary>
    private static void Scoring(int threads)
    {
        var (x, y) = Generate(100_000, 60, 3);
        var options = Options with { Rounds = 300 };
        var forest = new Boosting(BoostingTables.Of(new TreesTable(x, y), null, threads), options, new Core.Learning.Trees.Objectives.LogisticLoss(), 1, threads).Run(null, null, CancellationToken.None).Forest;
        var best = 0.0;
        for (var turn = 0; turn < 5; turn++)
        {
            var before = Process.GetCurrentProcess().UserProcessorTime;
            forest.Score(x, 1);
            best = Math.Max(best, x.Rows / (Process.GetCurrentProcess().UserProcessorTime - before).TotalSeconds);
        }

        Console.WriteLine();
        Console.WriteLine(Inv($"Scoring {x.Rows:N0} rows x 60 columns with {forest.Trees.Count} trees of depth {options.Depth}: {best / 1e6:0.00} million rows a processor second."));
    }

    /// <summary>Numbers between 0 and 1, a tenth of every fourth column missing; the label follows ten of them and their products.</summary>
    private static (FeatureMatrix X, float[] Y) Generate(int rows, int columns, int seed)
    {
        var values = new float[rows * columns];
        var y = new float[rows];
        Parallel.For(0, columns, column =>
        {
            var random = new SeededRandom(SeededRandom.Mix((ulong)seed, (ulong)column));
            foreach (ref var value in values.AsSpan(column * rows, rows)) value = column % 4 == 3 && random.NextDouble() < 0.1 ? float.NaN : (float)random.NextDouble();
        });
        var luck = new SeededRandom(SeededRandom.Mix((ulong)seed, 1000));
        for (var row = 0; row < rows; row++)
        {
            var logOdds = -0.5;
            for (var i = 0; i < 10; i++)
            {
                var (a, b) = (values[(i * rows) + row], values[((i + 10) * rows) + row]);
                logOdds += float.IsNaN(a) || float.IsNaN(b) ? 0.3 : Math.Sin(6 * a) * ((i % 3) - b);
            }

            y[row] = luck.NextDouble() < 1 / (1 + Math.Exp(-logOdds)) ? 1 : 0;
        }

        return (new FeatureMatrix([.. Enumerable.Range(0, columns).Select(i => new FeatureColumn(Inv($"x{i}")))], rows, values), y);
    }

    /// <summary>The columns one after the other, then the labels, as 32-bit numbers.</summary>
    private static async Task WriteAsync(string path, FeatureMatrix x, float[] y)
    {
        await using var file = File.Create(path);
        for (var column = 0; column < x.Columns.Length; column++) file.Write(MemoryMarshal.AsBytes(x.Column(column)));
        file.Write(MemoryMarshal.AsBytes(y.AsSpan()));
    }

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
