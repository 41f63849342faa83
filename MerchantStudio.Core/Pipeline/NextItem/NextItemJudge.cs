using MerchantStudio.Core.Learning;

namespace MerchantStudio.Core.Pipeline.NextItem;

/// <summary>Where each shopper's next product stands among all that she had not met.</summary>
internal static class NextItemJudge
{
    private const int First = 10;
    private const int MostJudged = 5_000;
    private const double Z = 1.6449;   // 90 %

    /// <summary>How many of them are judged.</summary>
    public static int Rows(ShopperSequences sequences) => Math.Min(sequences.Count, MostJudged);

    /// <param name="sequences">The last step of each is to be told from those before.</param>
    public static NextItemFigures Of(ISequenceModel model, ShopperSequences sequences, int seed, int threads, CancellationToken cancellationToken)
    {
        var rows = new SeededRandom((ulong)seed).Sample(sequences.Count, Rows(sequences));
        var places = new int[rows.Length];
        Parallel.For(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i => places[i] = SequenceModels.PlaceOfLast(model, sequences[rows[i]]));
        var hits = places.Count(place => place <= First);
        var (low, high) = Wilson(hits, places.Length);
        return new NextItemFigures(places.Length, (double)hits / places.Length, low, high, places.Average(Worth), places.Average(place => 1.0 / place));
    }

    /// <summary>NDCG@10 of one product at this place, from 1.</summary>
    public static double Worth(int place) => place <= First ? 1 / Math.Log2(place + 1) : 0;

    /// <summary>The same of every place among so many products.</summary>
    public static double[] Worths(int items) => [.. Enumerable.Range(1, items).Select(Worth)];

    private static (double Low, double High) Wilson(int hits, int of)
    {
        var share = (double)hits / of;
        var centre = share + (Z * Z / (2 * of));
        var spread = Z * Math.Sqrt((share * (1 - share) / of) + (Z * Z / (4.0 * of * of)));
        var scale = 1 + (Z * Z / of);
        return ((centre - spread) / scale, (centre + spread) / scale);
    }
}
