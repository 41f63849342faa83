using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Networks.Sequences;

namespace MerchantStudio.Core.Learning.Collaborative;

/// <summary>Chooses what each part of a blend weighs by steps that no part has learnt from, one weight after the other as long as it helps.</summary>
/// <param name="threads">Workers; the result does not depend on it.</param>
/// <param name="stopHere">True when the best weights so far are wanted.</param>
public sealed class BlendTrainer(int threads = 2, Func<bool>? stopHere = null)
{
    private const int MostSequences = 3_000;   // the scores of all items for each of them are kept

    private static readonly ImmutableArray<float> Factors = [4, 2, 1.4f, 1.2f];

    /// <summary>Memory that choosing the weights takes: every part's scores of all items for each sequence that is looked at.</summary>
    internal static double Megabytes(int parts, int sequences, int items) => (double)parts * Math.Min(sequences, MostSequences) * items * sizeof(float) / (1 << 20);

    /// <summary>How often a part's scores for a sequence are weighed where every factor is gone through so many times.</summary>
    internal static double Weighings(int parts, int sequences, int passes) => (1.0 + (passes * Factors.Length * 2 * parts)) * parts * Math.Min(sequences, MostSequences);

    /// <param name="parts">Of the same items.</param>
    /// <param name="validation">The last step of each is to be told from those before.</param>
    /// <param name="worth">What it is worth that the true item comes first (index 0), second, and so on, among the items not in the history; its mean is what the weights are to raise.</param>
    /// <param name="seed">Draws the sequences that are looked at where there are too many.</param>
    public (ISequenceModel Model, ImmutableArray<float> Weights) Train(ImmutableArray<ISequenceModel> parts, ShopperSequences validation, IReadOnlyList<double> worth, int seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(worth);
        if (parts.IsDefaultOrEmpty || parts.Any(part => part.Ids != worth.Count)) throw new ArgumentException("Every part scores the same items, and each place among them has a worth.", nameof(parts));
        var some = new SeededRandom((ulong)seed).Sample(validation.Count, Math.Min(validation.Count, MostSequences));
        var scores = new float[some.Length][][];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, some.Length, parallel, i => scores[i] = [.. parts.Select(part => BlendModel.Standardized(part, validation[some[i]][..^1]))]);
        var weights = parts.Select(_ => 1f).ToArray();
        var best = Mean(weights);
        foreach (var factor in Factors)
        {
            for (var helped = parts.Length > 1; helped;)
            {
                helped = false;
                for (var part = 0; part < parts.Length; part++) helped |= Try(part, factor) || Try(part, 1 / factor);
            }
        }

        return (new BlendModel(parts, [.. weights]), [.. weights]);

        bool Try(int part, float factor)
        {
            if (stopHere?.Invoke() == true) return false;
            var other = weights.ToArray();
            other[part] *= factor;
            var mean = Mean(other);
            if (!(mean > best)) return false;   // without sequences to look at there is no mean, and all parts weigh the same
            (weights, best) = (other, mean);
            return true;
        }

        double Mean(float[] weights)
        {
            var worths = new double[some.Length];
            Parallel.For(0, some.Length, parallel, i =>
            {
                var sum = new float[worth.Count];
                for (var part = 0; part < weights.Length; part++)
                {
                    for (var item = 0; item < sum.Length; item++) sum[item] += weights[part] * scores[i][part][item];
                }

                var sequence = validation[some[i]];
                worths[i] = worth[NextStepRanking.Rank(sum, sequence[..^1], sequence[^1]) - 1];
            });
            return worths.Sum() / some.Length;
        }
    }
}
