using MerchantStudio.Core.Learning.Kernels;

namespace MerchantStudio.Core.Learning.Collaborative;

/// <summary>Fits implicit alternating least squares: shoppers' embeddings with the items' given, then items' with the shoppers' given, and so on.</summary>
/// <param name="options">The defaults when null.</param>
public sealed class AlsTrainer(AlsOptions? options = null)
{
    private const int RowsTogether = 64;
    private const double FirstDeviation = 0.1;   // of an embedding's length in the beginning

    private readonly AlsOptions _options = options ?? new AlsOptions();

    /// <param name="training">What each shopper chose; the order does not matter.</param>
    /// <param name="ids">The highest id that may come.</param>
    public ISequenceModel Train(ShopperSequences training, int ids, int seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(training);
        foreach (var id in training.Ids) ArgumentOutOfRangeException.ThrowIfGreaterThan(id, ids, nameof(training));
        int[][] shoppers = [.. Enumerable.Range(0, training.Count).Select(shopper => training[shopper].ToArray().Distinct().Select(id => id - 1).ToArray())];
        var chosenBy = Enumerable.Range(0, ids).Select(_ => new List<int>()).ToArray();
        for (var shopper = 0; shopper < shoppers.Length; shopper++)
        {
            foreach (var item in shoppers[shopper]) chosenBy[item].Add(shopper);
        }

        int[][] items = [.. chosenBy.Select(some => some.ToArray())];
        var (ofShoppers, ofItems) = (new AlignedNumbers(shoppers.Length * _options.Factors), new AlignedNumbers(ids * _options.Factors));
        Begin(ofItems.Span, (ulong)seed);
        using var team = new Networks.WorkerTeam(_options.Threads);
        var rows = Enumerable.Range(0, _options.Threads).Select(_ => new AlsRow(_options)).ToArray();
        for (var epoch = 0; epoch < _options.Epochs; epoch++)
        {
            Solve(ofShoppers, shoppers, ofItems);
            Solve(ofItems, items, ofShoppers);
        }

        return new AlsModel(_options, ofItems);

        void Solve(AlignedNumbers embeddings, int[][] chosen, AlignedNumbers others)
        {
            var gramian = AlsModel.Gramian(others, _options.Factors);
            team.Run((chosen.Length + RowsTogether - 1) / RowsTogether, (share, worker) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (var row = share * RowsTogether; row < Math.Min(chosen.Length, (share + 1) * RowsTogether); row++)
                {
                    var ones = new float[chosen[row].Length];
                    Array.Fill(ones, 1);
                    rows[worker].Solve(gramian, others, chosen[row], ones).CopyTo(embeddings.Span[(row * _options.Factors)..]);
                }
            });
        }
    }

    private void Begin(Span<float> embeddings, ulong seed)
    {
        var random = new SeededRandom(seed);
        var deviation = FirstDeviation / Math.Sqrt(_options.Factors);
        for (var i = 0; i < embeddings.Length; i++) embeddings[i] = (float)(deviation * Normal(random));
    }

    private static double Normal(SeededRandom random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
