using MerchantStudio.Core.Learning.Linear;

namespace MerchantStudio.Core.Reviews.Model;

/// <summary>One logistic question for each step between levels: "more than 1 star?", "more than 2?" and so on, all on the same terms.</summary>
/// <remarks>Frank and Hall, A simple approach to ordinal classification, ECML 2001.</remarks>
internal sealed class OrdinalHeads
{
    private readonly float[] _weights;
    private readonly double[] _biases;

    private OrdinalHeads(int heads, float[] weights, double[] biases)
    {
        Count = heads;
        _weights = weights;
        _biases = biases;
    }

    public int Count { get; }

    public double MeanBias => _biases.Average();

    /// <param name="levels">Each row's level, 0 and up.</param>
    /// <param name="steps">A head for each: is the level above it?</param>
    /// <param name="strength">Inverse of the L2 penalty per row.</param>
    public static OrdinalHeads Train(SparseRows rows, int[] levels, int[] steps, double strength, CancellationToken cancellationToken)
    {
        var columns = rows.Transpose();
        var equal = new double[rows.Rows];
        Array.Fill(equal, 1.0 / rows.Rows);
        var weights = new float[rows.Columns * steps.Length];
        var biases = new double[steps.Length];
        for (var head = 0; head < steps.Length; head++)
        {
            var step = steps[head];
            var objective = new SoftmaxObjective(rows, columns, [.. levels.Select(level => level > step ? 1 : 0)], 2, equal, 1 / (strength * rows.Rows));
            var fitted = new double[objective.Size];
            LimitedMemoryBfgs.Minimise(objective.Evaluate, fitted, SentimentTraining.MostSteps, SentimentTraining.Tolerance, cancellationToken);
            for (var column = 0; column < rows.Columns; column++) weights[(column * steps.Length) + head] = (float)(fitted[(2 * column) + 1] - fitted[2 * column]);
            biases[head] = fitted[(2 * rows.Columns) + 1] - fitted[2 * rows.Columns];
        }

        return new OrdinalHeads(steps.Length, weights, biases);
    }

    /// <summary>Log-odds of being above each step.</summary>
    public double[] LogOdds(ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        var logOdds = (double[])_biases.Clone();
        for (var at = 0; at < columns.Length; at++)
        {
            var block = _weights.AsSpan(columns[at] * Count, Count);
            for (var head = 0; head < block.Length; head++) logOdds[head] += values[at] * block[head];
        }

        return logOdds;
    }

    /// <summary>The log-odds, then what speaks for and what against: the sums of the terms' mean weights above and below zero. A torn review has much of both.</summary>
    public double[] Signals(ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        var signals = LogOdds(columns, values);
        double praise = 0, complaint = 0;
        for (var at = 0; at < columns.Length; at++)
        {
            var weight = values[at] * MeanWeight(columns[at]);
            if (weight > 0) praise += weight;
            else complaint += weight;
        }

        return [.. signals, praise, complaint];
    }

    /// <summary>Mean over the heads of a term's weight: how far one unit of it moves a review towards more stars.</summary>
    public double MeanWeight(int column)
    {
        double sum = 0;
        foreach (var weight in _weights.AsSpan(column * Count, Count)) sum += weight;
        return sum / Count;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(_weights.Length);
        foreach (var weight in _weights) writer.Write(weight);
        foreach (var bias in _biases) writer.Write(bias);
    }

    public static OrdinalHeads Read(BinaryReader reader)
    {
        var heads = reader.ReadInt32();
        var weights = new float[reader.ReadInt32()];
        for (var at = 0; at < weights.Length; at++) weights[at] = reader.ReadSingle();
        var biases = new double[heads];
        for (var head = 0; head < heads; head++) biases[head] = reader.ReadDouble();
        return new OrdinalHeads(heads, weights, biases);
    }
}
