using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Collaborative;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;

namespace MerchantStudio.Benchmarks.Training;

/// <summary>
/// The next item on a public file of sequences, leave one out: the last item of each shopper tests, once for each row. On the item before it every setting, number of
/// epochs and weight is chosen, by the geometric mean of NDCG@10 on both protocols; then each model is fitted again with that item among what it learns from.
/// </summary>
internal sealed class NextItemBenchmark
{
    private const int Seed = 1;
    private const double Decay = 0.6;   // less was worse on the next-to-last item

    private static readonly ImmutableArray<NeighbourOptions> NeighbourSettings =
        [new(), new(Shrink: 20), new(Decay: 0.8), new(Balance: 0.5), new(Backward: 0.6)];

    private static readonly ImmutableArray<AlsOptions> AlsSettings = [new(), new(Penalty: 0.2), new(Unobserved: 0.004), new(Decay: 1)];

    private static readonly string[] Columns = ["HR@5", "NDCG@5", "HR@10", "NDCG@10", "MRR"];

    private readonly int _items;
    private readonly int _drawn;
    private readonly int _epochs;
    private readonly string? _folder;
    private readonly ShopperSequences _training;
    private readonly ShopperSequences _validation;
    private readonly ShopperSequences _all;
    private readonly ShopperSequences _test;
    private readonly double[] _expected;
    private readonly double[] _gains;
    private readonly List<(string Name, NextItemRanks Ranks, double Seconds, double Processor)> _rows = [];

    private NextItemBenchmark(int[][] sequences, int drawn, int epochs, string? folder)
    {
        (_items, _drawn, _epochs, _folder) = (sequences.Max(sequence => sequence.Max()), drawn, epochs, folder);
        (_training, _validation, _test) = ShopperSequences.LeaveOneOut(sequences);
        _all = new ShopperSequences([.. sequences.Select(sequence => sequence.Length > 2 ? sequence[..^1] : sequence)]);
        _gains = [.. Enumerable.Range(1, _items).Select(NextItemRanks.Gain)];
        _expected = NextItemRanks.ExpectedGains(_items, drawn);
    }

    /// <param name="drawn">Others that the true item is ranked among, beside the ranking among all.</param>
    /// <param name="epochs">The most that a network learns for.</param>
    /// <param name="folder">Keeps the networks' states after each epoch, so that a run that was broken off goes on there; null keeps none.</param>
    public static void Run(string file, int drawn, int epochs, string? folder)
    {
        var sequences = NextItemFile.Read(file);
        Console.WriteLine(Inv($"{sequences.Length:N0} shoppers, {sequences.Max(sequence => sequence.Max()):N0} items, {sequences.Sum(sequence => sequence.Length):N0} steps\n"));
        new NextItemBenchmark(sequences, drawn, epochs, folder).Run();
    }

    private void Run()
    {
        var popular = new float[_items];
        foreach (var id in _all.Ids) popular[id - 1]++;
        Row("popularity", Stopwatch.StartNew(), Environment.CpuUsage.TotalTime, _ => [.. popular]);
        var neighbours = Fit("item-kNN", NeighbourSettings, (options, on) => new NeighbourTrainer(options).Train(on, _items, CancellationToken.None));
        var als = Fit("iALS", AlsSettings, (options, on) => new AlsTrainer(options).Train(on, _items, Seed, CancellationToken.None));
        var recurrent = Network("GRU", new SequenceOptions(SequenceReader.Gru, NextStepLoss.SampledSoftmax, Blocks: 1, Dropout: 0.4f, Negatives: 1024));
        var attention = Network("SASRec", new SequenceOptions(Heads: 2, Dropout: 0.4f));
        Blend("blend of item-kNN, iALS", neighbours, als);
        Blend("blend of item-kNN, iALS, SASRec", neighbours, als, attention);
        Blend("blend of item-kNN, iALS, SASRec, GRU", neighbours, als, attention, recurrent);
        Leaderboard();
    }

    /// <summary>The best setting on the next-to-last item, before and after that item is learnt from as well.</summary>
    private (ISequenceModel Chosen, ISequenceModel Final) Fit<TOptions>(string name, ImmutableArray<TOptions> settings, Func<TOptions, ShopperSequences, ISequenceModel> train)
    {
        var (clock, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var best = settings.Select(options => (Options: options, Model: train(options, _training))).MaxBy(fitted =>
        {
            var (all, drawn) = Validated(fitted.Model);
            Console.WriteLine(Inv($"{name}, {fitted.Options}: on the next-to-last item NDCG@10 {all:0.0000} among all, {drawn:0.0000} among {_drawn}"));
            return all * drawn;
        });
        var final = train(best.Options, _all);
        Row(name, clock, processor, final.Score);
        return (best.Model, final);
    }

    private (ISequenceModel Chosen, ISequenceModel Final) Network(string name, SequenceOptions options)
    {
        var (clock, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var training = new NetworkTraining(_epochs, BatchSize: 128, Groups: 4, Patience: 5, Threads: 2, new OptimizerOptions(OptimizerKind.AdamW, Rate: 2e-3, Decay: Decay));
        var (chosen, result) = new SequenceTrainer(options with { Training = training }).Train(_training, _validation, _items, Seed, State($"{name}-chosen"), null, CancellationToken.None);
        var (all, drawn) = Validated(chosen);
        Console.WriteLine(Inv($"{name}: epoch {result.BestEpoch} of {result.Epochs}; on the next-to-last item NDCG@10 {all:0.0000} among all, {drawn:0.0000} among {_drawn}; {clock.Elapsed.TotalSeconds:0} s"));
        Row($"{name}, the next-to-last item not learnt", clock, processor, chosen.Score);
        var again = new SequenceTrainer(options with { Training = training with { Epochs = result.BestEpoch } });
        var final = again.Train(_all, new ShopperSequences([]), _items, Seed, State($"{name}-final"), null, CancellationToken.None).Model;
        Row(name, clock, processor, final.Score);
        return (chosen, final);
    }

    private CheckpointFile? State(string name) => _folder is null ? null : new CheckpointFile(Path.Combine(_folder, name));

    private void Blend(string name, params (ISequenceModel Chosen, ISequenceModel Final)[] parts)
    {
        var (clock, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var single = parts.Select(part => Validated(part.Chosen)).ToArray();
        var (scaleAll, scaleDrawn) = (single.Max(figures => figures.All), single.Max(figures => figures.Drawn));
        double[] worth = [.. Enumerable.Range(0, _items).Select(place => (_gains[place] / scaleAll) + (_expected[place] / scaleDrawn))];
        var (chosen, weights) = new BlendTrainer().Train([.. parts.Select(part => part.Chosen)], _validation, worth, Seed, CancellationToken.None);
        var (all, drawn) = Validated(chosen);
        Console.WriteLine(Inv($"{name}: weights {string.Join(", ", weights.Select(weight => Inv($"{weight:0.00}")))}; on the next-to-last item NDCG@10 {all:0.0000} among all, {drawn:0.0000} among {_drawn}"));
        Row(name, clock, processor, new BlendModel([.. parts.Select(part => part.Final)], weights).Score);
    }

    private (double All, double Drawn) Validated(ISequenceModel model)
    {
        var ranks = NextItemRanks.Of(_validation, 0, model.Score).All;
        return (ranks.Average(rank => _gains[rank - 1]), ranks.Average(rank => _expected[rank - 1]));
    }

    private void Row(string name, Stopwatch clock, TimeSpan before, Func<ReadOnlySpan<int>, float[]> score)
    {
        var (seconds, processor) = (clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        _rows.Add((name, NextItemRanks.Of(_test, _drawn, score), seconds, processor));
    }

    private void Leaderboard()
    {
        Console.WriteLine(Inv($"\npeak resident {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB\n\n| model | among | {string.Join(" | ", Columns)} | s | processor s |\n|{string.Concat(Columns.Select(_ => "---|"))}---|---|---|---|"));
        foreach (var (name, ranks, seconds, processor) in _rows) Console.WriteLine(Inv($"| {name} | all | {string.Join(" | ", Figures(ranks.All).Select(figure => Inv($"{figure:0.0000}")))} | {seconds:0} | {processor:0} |"));
        foreach (var (name, ranks, _, _) in _rows)
        {
            var each = ranks.Drawn.Select(Figures).ToArray();
            Console.WriteLine(Inv($"| {name} | {_drawn} drawn | {string.Join(" | ", Enumerable.Range(0, Columns.Length).Select(i => Inv($"{each.Average(draw => draw[i]):0.0000} ({Deviation([.. each.Select(draw => draw[i])]):0.0000})")))} | | |"));
        }

        Console.WriteLine($"\nThe last row over the best baseline, mean and 95 % interval:");
        Compare("HR@10, all", (ranks, shopper) => NextItemRanks.Hit(ranks.All[shopper]));
        Compare("NDCG@10, all", (ranks, shopper) => NextItemRanks.Gain(ranks.All[shopper]));
        Compare($"HR@10, {_drawn}", (ranks, shopper) => ranks.Drawn.Average(draw => NextItemRanks.Hit(draw[shopper])));
        Compare($"NDCG@10, {_drawn}", (ranks, shopper) => ranks.Drawn.Average(draw => NextItemRanks.Gain(draw[shopper])));
    }

    private void Compare(string figure, Func<NextItemRanks, int, double> worth)
    {
        var best = _rows.Take(3).MaxBy(row => Enumerable.Range(0, _test.Count).Sum(shopper => worth(row.Ranks, shopper)));
        Console.WriteLine($"{figure}: {NextItemRanks.Paired(worth, _rows[^1].Ranks, best.Ranks)} over {best.Name}");
    }

    private static double[] Figures(int[] ranks) =>
    [
        ranks.Average(rank => rank <= 5 ? 1.0 : 0), ranks.Average(rank => rank <= 5 ? NextItemRanks.Gain(rank) : 0),
        ranks.Average(NextItemRanks.Hit), ranks.Average(NextItemRanks.Gain), ranks.Average(rank => 1.0 / rank),
    ];

    private static double Deviation(double[] values) => Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
