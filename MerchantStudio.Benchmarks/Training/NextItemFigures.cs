using System.Globalization;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Benchmarks.Training;

/// <summary>Where the true next item came for each shopper, among all items that she has not had and among some of them that were drawn evenly, once a draw.</summary>
internal sealed record NextItemRanks(int[] All, int[][] Drawn)
{
    public const int Draws = 5;
    public const int Cut = 10;

    /// <param name="sequences">The last item of each is the true one.</param>
    /// <param name="score">Called from two threads.</param>
    public static NextItemRanks Of(ShopperSequences sequences, int drawn, Func<ReadOnlySpan<int>, float[]> score)
    {
        var ranks = new NextItemRanks(new int[sequences.Count], [.. Enumerable.Range(0, Draws).Select(_ => new int[sequences.Count])]);
        Parallel.For(0, sequences.Count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, shopper =>
        {
            var sequence = sequences[shopper];
            var (scores, target, had) = (score(sequence[..^1]), sequence[^1], sequence.ToArray().ToHashSet());
            var above = new bool[scores.Length];
            ranks.All[shopper] = 1;
            for (var item = 1; item <= scores.Length; item++)
            {
                above[item - 1] = !had.Contains(item) && (scores[item - 1] > scores[target - 1] || (scores[item - 1] == scores[target - 1] && item < target));
                if (above[item - 1]) ranks.All[shopper]++;
            }

            for (var draw = 0; draw < Draws; draw++)
            {
                var random = new SeededRandom(SeededRandom.Mix((ulong)draw + 1, (ulong)shopper));
                ranks.Drawn[draw][shopper] = 1 + Others(random, drawn, scores.Length, had).Count(item => above[item - 1]);
            }
        });
        return ranks;
    }

    public static double Hit(int rank) => rank <= Cut ? 1 : 0;

    public static double Gain(int rank) => rank <= Cut ? 1 / Math.Log2(rank + 1) : 0;

    /// <summary>What a place among all others is worth on average when only some of the others are drawn.</summary>
    /// <returns>From place 1, at index 0.</returns>
    public static double[] ExpectedGains(int items, int drawn) =>
    [
        .. Enumerable.Range(0, items).Select(better =>
        {
            var (share, sum) = (Math.Min((double)better / (items - 1), 1 - 1e-12), 0.0);
            var chance = Math.Pow(1 - share, drawn);   // that none of the better ones is drawn, then one, and so on
            for (var above = 0; above < Cut; above++)
            {
                sum += chance * Gain(above + 1);
                chance *= share / (1 - share) * (drawn - above) / (above + 1);
            }

            return sum;
        }),
    ];

    /// <summary>The mean of the first model's worth over the second's, shopper by shopper, with its 95 % interval over shoppers drawn with replacement.</summary>
    public static string Paired(Func<NextItemRanks, int, double> worth, NextItemRanks first, NextItemRanks second)
    {
        const int Resamples = 1_000;
        var random = new SeededRandom(1);
        double[] apart = [.. Enumerable.Range(0, first.All.Length).Select(shopper => worth(first, shopper) - worth(second, shopper))];
        double[] means = [.. Enumerable.Range(0, Resamples).Select(_ => Enumerable.Range(0, apart.Length).Sum(_ => apart[random.NextInt(apart.Length)]) / apart.Length).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{apart.Average():+0.0000;-0.0000} ({BinaryReport.Quantile(means, 0.025):+0.0000;-0.0000} to {BinaryReport.Quantile(means, 0.975):+0.0000;-0.0000})");
    }

    private static HashSet<int> Others(SeededRandom random, int drawn, int items, HashSet<int> had)
    {
        var others = new HashSet<int>(drawn);
        while (others.Count < drawn)
        {
            var item = 1 + random.NextInt(items);
            if (!had.Contains(item)) others.Add(item);
        }

        return others;
    }
}
