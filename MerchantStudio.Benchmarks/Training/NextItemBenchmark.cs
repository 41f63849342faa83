using System.Diagnostics;
using System.Globalization;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;

namespace MerchantStudio.Benchmarks.Training;

/// <summary>
/// The next item on a public file of sequences (a line a shopper: her number, then her items in order of time), leave one out: the last item of each shopper tests, the
/// one before it stops the training. It is ranked among all items that the shopper has not had, and among 99 of them that are drawn evenly.
/// </summary>
internal static class NextItemBenchmark
{
    private const int Seed = 1;
    private const int Drawn = 99;
    private const int Draws = 5;

    public static void Run(string file)
    {
        int[][] sequences = [.. File.ReadLines(file).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Select(id => int.Parse(id, CultureInfo.InvariantCulture)).ToArray())];
        var items = sequences.Max(sequence => sequence.Max());
        var (training, validation, test) = ShopperSequences.LeaveOneOut(sequences);
        Console.WriteLine(Inv($"{sequences.Length:N0} shoppers, {items:N0} items, {sequences.Sum(sequence => sequence.Length):N0} steps"));
        var popular = new float[items];
        foreach (var id in training.Ids) popular[id - 1]++;
        var options = new SequenceOptions(Heads: 2, Dropout: 0.4f, Training: new NetworkTraining(Epochs: 40, BatchSize: 128, Groups: 4, Patience: 5, Threads: 2, new OptimizerOptions(Rate: 2e-3)));
        var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var (model, result) = new SequenceTrainer(options).Train(training, validation, items, Seed, null, null, CancellationToken.None);
        var processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        Console.WriteLine(Inv($"{model.Family}: {result.Epochs} epochs in {clock.Elapsed.TotalSeconds:0} s, {processor:0} processor seconds; peak resident {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB"));
        Console.WriteLine("\n| model | among | HR@5 | NDCG@5 | HR@10 | NDCG@10 | MRR |\n|---|---|---|---|---|---|---|");
        Print("popularity", test, _ => popular);
        Print(model.Family, test, model.Score);
    }

    private static void Print(string model, ShopperSequences test, Func<ReadOnlySpan<int>, float[]> score)
    {
        var all = new int[test.Count];
        var drawn = Enumerable.Range(0, Draws).Select(_ => new int[test.Count]).ToArray();
        var random = Enumerable.Range(1, Draws).Select(seed => new SeededRandom((ulong)seed)).ToArray();
        for (var shopper = 0; shopper < test.Count; shopper++)
        {
            var sequence = test[shopper];
            var (scores, target, had) = (score(sequence[..^1]), sequence[^1], sequence.ToArray().ToHashSet());
            var above = new bool[scores.Length];
            for (var item = 1; item <= scores.Length; item++)
            {
                above[item - 1] = !had.Contains(item) && (scores[item - 1] > scores[target - 1] || (scores[item - 1] == scores[target - 1] && item < target));
                if (above[item - 1]) all[shopper]++;
            }

            all[shopper]++;
            for (var draw = 0; draw < Draws; draw++) drawn[draw][shopper] = 1 + Others(random[draw], scores.Length, had).Count(item => above[item - 1]);
        }

        Console.WriteLine(Inv($"| {model} | all | {string.Join(" | ", Figures(all).Select(figure => Inv($"{figure:0.0000}")))} |"));
        var each = drawn.Select(Figures).ToArray();
        Console.WriteLine(Inv($"| {model} | {Drawn}, mean of {Draws} draws (sd) | {string.Join(" | ", Enumerable.Range(0, each[0].Length).Select(i => Inv($"{each.Average(draw => draw[i]):0.0000} ({Deviation([.. each.Select(draw => draw[i])]):0.0000})")))} |"));
    }

    private static HashSet<int> Others(SeededRandom random, int items, HashSet<int> had)
    {
        var others = new HashSet<int>(Drawn);
        while (others.Count < Drawn)
        {
            var item = 1 + random.NextInt(items);
            if (!had.Contains(item)) others.Add(item);
        }

        return others;
    }

    private static double[] Figures(int[] ranks) => [Hits(ranks, 5), Gain(ranks, 5), Hits(ranks, 10), Gain(ranks, 10), ranks.Average(rank => 1.0 / rank)];

    private static double Hits(int[] ranks, int most) => ranks.Average(rank => rank <= most ? 1.0 : 0);

    private static double Gain(int[] ranks, int most) => ranks.Average(rank => rank <= most ? 1 / Math.Log2(rank + 1) : 0);

    private static double Deviation(double[] values) => Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
