using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Learning.Trees.Objectives;

namespace MerchantStudio.Benchmarks.Trees;

/// <summary>
/// How well trees rank on public tables, beside XGBoost's histograms: hash splits 1 to 5, one input matrix for both, the same inner side to stop and choose on, the
/// same search. The test side is scored once by each side's choice. Both sides' probabilities are calibrated on the inner side in the same way.
/// </summary>
internal static class TreesAccuracyBenchmark
{
    private const int Splits = 5;
    private const int Threads = 1;
    private static readonly int[] Depths = [4, 6, 8, 10];
    private static readonly double[] Rates = [0.05, 0.1];

    public static async Task RunAsync(string folder, string? only)
    {
        var python = await PythonScript.FindAsync("xgboost");
        var all = new List<(PublicTable Table, int Split, Measured Ours, Measured? Theirs)>();
        Console.WriteLine("| table | split | split_check | AUROC ours | XGBoost | log-loss ours | XGBoost | calibrated Brier ours | XGBoost | chosen ours | XGBoost |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var table in PublicTable.All.Where(table => only is null || table.Name == only))
        {
            var content = table.Read(folder);
            for (var split = 1; split <= Splits; split++)
            {
                var sides = table.Split(content, split);
                var (x, y) = table.Matrix(content, sides.TrainingRows);
                var ours = Ours(x, y, sides, split);
                var theirs = python is null ? null : await TheirsAsync(python, x, y, sides, split);
                all.Add((table, split, ours, theirs));
                Console.WriteLine(Inv($"| {table.Name} | hash:{split} | {sides.Check} | {ours.Auroc:0.0000} | {theirs?.Auroc:0.0000} | {ours.LogLoss:0.0000} | {theirs?.LogLoss:0.0000} | {ours.Brier:0.0000} | {theirs?.Brier:0.0000} | {ours.Chosen} | {theirs?.Chosen} |"));
            }
        }

        if (python is not null) Summarise(all.ConvertAll(row => (row.Table.Name, row.Ours, row.Theirs!)));
    }

    /// <param name="Brier">After calibration.</param>
    private sealed record Measured(double Auroc, double LogLoss, double Brier, string Chosen)
    {
        public static Measured Of(float[] innerScores, float[] innerLabels, float[] scores, float[] labels, string chosen) => new(
            BinaryMetrics.Auroc(scores, labels), BinaryMetrics.LogLoss(scores, labels), BinaryMetrics.Brier(Calibration.Fit(innerScores, innerLabels).Apply(scores), labels), chosen);
    }

    private sealed record Chosen(int Depth, double Rate, int Rounds);

    private static Measured Ours(FeatureMatrix x, float[] y, RecordSplit sides, int seed)
    {
        TreesTable Part(int[] rows) => new(x.Take(rows), [.. rows.Select(row => y[row])]);
        var data = BoostingTables.Of(Part(sides.TrainingRows), Part(sides.ValidationRows), Threads);
        Boosted? best = null;
        var chosen = "";
        foreach (var depth in Depths)
        {
            foreach (var rate in Rates)
            {
                var options = new TreesOptions(Rounds: 800, LearningRate: rate, Leaves: 1 << depth, Depth: depth, L2: 1, MinHessian: 1, MinRows: 1, RowShare: 0.8, ColumnShare: 0.8, Patience: 50, Growth: TreeGrowth.DepthWise);
                var boosted = new Boosting(data, options, new LogisticLoss(), seed, Threads).Run(null, null, CancellationToken.None);
                if (best is not null && boosted.Loss >= best.Loss) continue;
                (best, chosen) = (boosted, Inv($"depth {depth}, rate {rate}, {boosted.Rounds} trees"));
            }
        }

        var (inner, test) = (Part(sides.ValidationRows), Part(sides.TestRows));
        return Measured.Of(Scores(inner), inner.Y, Scores(test), test.Y, chosen);

        float[] Scores(TreesTable part) => Array.ConvertAll(best!.Forest.Score(part.X, Threads), score => (float)(1 / (1 + Math.Exp(-score))));
    }

    private static async Task<Measured> TheirsAsync(string python, FeatureMatrix x, float[] y, RecordSplit sides, int seed)
    {
        var path = Path.Combine(Path.GetTempPath(), $"studio-trees-accuracy-{Environment.ProcessId}");
        try
        {
            await using (var file = File.Create(path))
            {
                for (var column = 0; column < x.Columns.Length; column++) file.Write(MemoryMarshal.AsBytes(x.Column(column)));
                file.Write(MemoryMarshal.AsBytes(y.AsSpan()));
                file.Write(MemoryMarshal.AsBytes(Enumerable.Range(0, y.Length).Select(row => sides.Test[row] ? 2f : sides.Validation[row] ? 1f : 0f).ToArray().AsSpan()));
            }

            var output = await PythonScript.OutputAsync(
                python, Path.Combine(AppContext.BaseDirectory, "Trees", "trees_accuracy.py"), path, Inv($"{y.Length}"), Inv($"{x.Columns.Length}"), Inv($"{Threads}"), Inv($"{seed}"));
            var chosen = JsonSerializer.Deserialize<Chosen>(output ?? throw new InvalidOperationException("The XGBoost script failed."), JsonSerializerOptions.Web)!;
            var scores = MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(path + ".scores")).ToArray();
            var inner = sides.ValidationRows.Length;
            return Measured.Of(scores[..inner], Labels(sides.ValidationRows), scores[inner..], Labels(sides.TestRows), Inv($"depth {chosen.Depth}, rate {chosen.Rate}, {chosen.Rounds} trees"));

            float[] Labels(int[] rows) => [.. rows.Select(row => y[row])];
        }
        finally
        {
            File.Delete(path);
            File.Delete(path + ".scores");
        }
    }

    /// <summary>Means, and the 95 % t interval of the mean difference over splits; splits share rows, so it is narrower than one of new tables would be.</summary>
    private static void Summarise(List<(string Table, Measured Ours, Measured Theirs)> all)
    {
        Console.WriteLine();
        Console.WriteLine("| table | AUROC ours | XGBoost | difference | 95 % interval | log-loss ours | XGBoost | difference | 95 % interval | calibrated Brier ours | XGBoost | difference | 95 % interval |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var group in all.GroupBy(row => row.Table)) Print(group.Key, [.. group]);
        Print("all", all);

        static void Print(string name, List<(string Table, Measured Ours, Measured Theirs)> rows)
        {
            Console.WriteLine($"| {name} | {Compared(row => row.Auroc)} | {Compared(row => row.LogLoss)} | {Compared(row => row.Brier)} |");

            string Compared(Func<Measured, double> figure)
            {
                var differences = rows.ConvertAll(row => figure(row.Ours) - figure(row.Theirs));
                return Inv($"{rows.Average(row => figure(row.Ours)):0.0000} | {rows.Average(row => figure(row.Theirs)):0.0000} | {differences.Average():+0.0000;-0.0000} | {Interval(differences)}");
            }
        }
    }

    private static string Interval(List<double> differences)
    {
        var mean = differences.Average();
        var deviation = Math.Sqrt(differences.Sum(value => Math.Pow(value - mean, 2)) / (differences.Count - 1));
        // Student's 97.5 % point for 5 and for 20 differences.
        var reach = (differences.Count == Splits ? 2.776 : 2.093) * deviation / Math.Sqrt(differences.Count);
        return Inv($"{mean - reach:+0.0000;-0.0000} to {mean + reach:+0.0000;-0.0000}");
    }

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
