using MerchantStudio.Core.Learning.Linear;

namespace MerchantStudio.Core.Reviews.Model;

/// <summary>One logistic question for each step between levels: "more than 1 star?", "more than 2?" and so on; then "is it neutral?". All on the same terms.</summary>
/// <remarks>Frank and Hall, A simple approach to ordinal classification, ECML 2001.</remarks>
internal sealed class OrdinalHeads
{
    private readonly int _steps;
    private readonly float[] _weights;
    private readonly double[] _biases;

    private OrdinalHeads(int steps, float[] weights, double[] biases)
    {
        _steps = steps;
        _weights = weights;
        _biases = biases;
    }

    /// <summary>All questions; those about steps come first.</summary>
    public int Count => _biases.Length;

    /// <summary>Terms by questions.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    public double[] Biases => [.. _biases];

    /// <summary>Over the steps.</summary>
    public double MeanBias => _biases.Take(_steps).Average();

    /// <summary>One set of heads for each strength, each fitted onwards from the one before: a path costs little more than its last point.</summary>
    /// <param name="answers">For each question the answer of each row; the steps between levels first.</param>
    /// <param name="steps">How many of the questions are steps.</param>
    /// <param name="strengths">Inverses of the L2 penalty per row, ascending.</param>
    public static OrdinalHeads[] TrainPath(SparseRows rows, bool[][] answers, int steps, ReadOnlySpan<double> strengths, CancellationToken cancellationToken)
    {
        var columns = rows.Transpose();
        var options = new ParallelOptions { CancellationToken = cancellationToken };
        var path = strengths.ToArray();
        var fitted = answers.Select(_ => new double[rows.Columns + 1]).ToArray();
        var heads = new OrdinalHeads[path.Length];
        for (var at = 0; at < path.Length; at++)
        {
            var penalty = 1 / (path[at] * rows.Rows);
            Parallel.For(0, answers.Length, options, head =>
            {
                var objective = new LogisticObjective(rows, columns, answers[head], penalty);
                LimitedMemoryBfgs.Minimise(objective.Evaluate, fitted[head], SentimentTraining.MostSteps, SentimentTraining.Tolerance, cancellationToken);
            });
            heads[at] = Of(fitted, steps);
        }

        return heads;
    }

    private static OrdinalHeads Of(double[][] fitted, int steps)
    {
        var columns = fitted[0].Length - 1;
        var weights = new float[columns * fitted.Length];
        for (var head = 0; head < fitted.Length; head++)
        {
            for (var column = 0; column < columns; column++) weights[(column * fitted.Length) + head] = (float)fitted[head][column];
        }

        return new OrdinalHeads(steps, weights, [.. fitted.Select(head => head[columns])]);
    }

    /// <summary>Log-odds of yes to each question.</summary>
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

    /// <summary>Mean over the steps of the log-odds.</summary>
    public double MeanLogOdds(ReadOnlySpan<int> columns, ReadOnlySpan<float> values) => LogOdds(columns, values).Take(_steps).Average();

    /// <summary>Mean over the steps of a term's weight: how far one unit of it moves a review towards more stars.</summary>
    public double MeanWeight(int column)
    {
        double sum = 0;
        foreach (var weight in _weights.AsSpan(column * Count, _steps)) sum += weight;
        return sum / _steps;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_steps);
        writer.Write(Count);
        writer.Write(_weights.Length);
        foreach (var weight in _weights) writer.Write(weight);
        foreach (var bias in _biases) writer.Write(bias);
    }

    public static OrdinalHeads Read(BinaryReader reader)
    {
        var steps = reader.ReadInt32();
        var heads = reader.ReadInt32();
        var weights = new float[reader.ReadInt32()];
        for (var at = 0; at < weights.Length; at++) weights[at] = reader.ReadSingle();
        var biases = new double[heads];
        for (var head = 0; head < heads; head++) biases[head] = reader.ReadDouble();
        return new OrdinalHeads(steps, weights, biases);
    }
}
