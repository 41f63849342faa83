using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Evaluation;

/// <param name="Gain">How much the mean log-loss rises when the column's values are shuffled among the rows; at or below 0 it does not help.</param>
/// <param name="Interval">Where the gain lies with 90 % on other rows of the same kind.</param>
public sealed record ColumnImportance(string Column, double Gain, Interval Interval);

/// <summary>What each column gives a model, measured on rows that it was not fitted on.</summary>
/// <remarks>Breiman, Random forests, Machine Learning 45, 2001, section 10; here each row's loss is averaged over several shuffles, and the interval is that of the mean over rows.</remarks>
public static class PermutationImportance
{
    /// <param name="score">The model's probabilities.</param>
    /// <param name="x">Rows to shuffle among.</param>
    /// <param name="y">1 or 0 for each of them.</param>
    /// <param name="shuffles">How often each column is shuffled.</param>
    /// <param name="seed">Of the shuffles.</param>
    /// <param name="threads">Workers; the result does not depend on it.</param>
    /// <returns>Strongest first.</returns>
    public static ImmutableArray<ColumnImportance> Measure(Func<FeatureMatrix, float[]> score, FeatureMatrix x, float[] y, int shuffles, int seed, int threads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(score);
        ArgumentNullException.ThrowIfNull(x);
        var before = Losses(score(x), y);
        var found = new ColumnImportance[x.Columns.Length];
        Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, column =>
        {
            var gains = new double[x.Rows];
            for (var shuffle = 0; shuffle < shuffles; shuffle++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var after = Losses(score(Shuffled(x, column, new SeededRandom(SeededRandom.Mix((ulong)seed, (ulong)((column * shuffles) + shuffle))))), y);
                for (var row = 0; row < gains.Length; row++) gains[row] += (after[row] - before[row]) / shuffles;
            }

            found[column] = Summary(x.Columns[column].Name, gains);
        });
        return [.. found.OrderByDescending(one => one.Gain)];
    }

    private static ColumnImportance Summary(string column, double[] gains)
    {
        var mean = gains.Average();
        var deviation = Math.Sqrt(gains.Sum(gain => Math.Pow(gain - mean, 2)) / Math.Max(1, gains.Length - 1));
        var half = BinaryCurves.Z90 * deviation / Math.Sqrt(gains.Length);
        return new ColumnImportance(column, mean, new Interval(mean - half, mean + half));
    }

    private static double[] Losses(float[] probabilities, float[] y) => [.. probabilities.Select((_, row) => BinaryMetrics.LogLoss(probabilities.AsSpan(row, 1), y.AsSpan(row, 1)))];

    private static FeatureMatrix Shuffled(FeatureMatrix x, int column, SeededRandom random)
    {
        var values = new float[x.Columns.Length * x.Rows];
        for (var c = 0; c < x.Columns.Length; c++) x.Column(c).CopyTo(values.AsSpan(c * x.Rows, x.Rows));
        random.Shuffle(values.AsSpan(column * x.Rows, x.Rows));
        return new FeatureMatrix(x.Columns, x.Rows, values);
    }
}
