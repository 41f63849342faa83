using MerchantStudio.Core.Learning.Linear;

namespace MerchantStudio.Core.Reviews.Model;

/// <summary>From the heads' signals to the classes' probabilities (a small softmax on them and their products) and to the class that is stated.</summary>
/// <remarks>Fitted on signals of reviews that the heads did not see, so its probabilities hold what they say.</remarks>
internal sealed class SentimentDecision
{
    /// <summary>What a product of two signals is divided by.</summary>
    public const double ProductScale = 3;
    private const double Strength = 10;

    private readonly double[] _weights;
    private readonly double[] _offsets;

    private SentimentDecision(Sentiment[] classes, double[] weights, double[] offsets)
    {
        Classes = classes;
        _weights = weights;
        _offsets = offsets;
    }

    /// <summary>Ascending; neutral is missing when no review is labelled so.</summary>
    public Sentiment[] Classes { get; }

    /// <summary>Inputs (the signals, then their products) by classes; the last row holds the biases.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    public static SentimentDecision Fit(double[][] signals, Sentiment[] truth, CancellationToken cancellationToken)
    {
        Sentiment[] classes = [.. truth.Distinct().Order()];
        var inputs = Dense([.. signals.Select(Inputs)]);
        var classOf = truth.Select(sentiment => Array.IndexOf(classes, sentiment)).ToArray();
        var equal = new double[truth.Length];
        Array.Fill(equal, 1.0 / truth.Length);
        var objective = new SoftmaxObjective(inputs, inputs.Transpose(), classOf, classes.Length, equal, 1 / (Strength * truth.Length));
        var weights = new double[objective.Size];
        LimitedMemoryBfgs.Minimise(objective.Evaluate, weights, SentimentTraining.MostSteps * 3, SentimentTraining.Tolerance / 10, cancellationToken);
        var plain = new SentimentDecision(classes, weights, new double[classes.Length]);
        return new SentimentDecision(classes, weights, DecisionOffsets.Best([.. signals.Select(plain.LogProbabilities)]));
    }

    /// <summary>In the order of <see cref="Classes"/>.</summary>
    public double[] LogProbabilities(double[] signals)
    {
        var inputs = Inputs(signals);
        var classes = Classes.Length;
        var result = _weights.AsSpan(inputs.Length * classes, classes).ToArray();
        for (var at = 0; at < inputs.Length; at++)
        {
            for (var k = 0; k < classes; k++) result[k] += inputs[at] * _weights[(at * classes) + k];
        }

        Softmax.ToLogProbabilities(result);
        return result;
    }

    /// <summary>Mean of -ln of the probability that the truth was given.</summary>
    public double LogLoss(double[][] signals, Sentiment[] truth)
    {
        var lost = new double[truth.Length];
        Parallel.For(0, lost.Length, row => lost[row] = -LogProbabilities(signals[row])[Array.IndexOf(Classes, truth[row])]);
        return lost.Average();
    }

    public Sentiment State(double[] logProbabilities) => Classes[DecisionOffsets.Choose(logProbabilities, _offsets)];

    public void Write(BinaryWriter writer)
    {
        writer.Write(Classes.Length);
        foreach (var sentiment in Classes) writer.Write((int)sentiment);
        foreach (var offset in _offsets) writer.Write(offset);
        writer.Write(_weights.Length);
        foreach (var weight in _weights) writer.Write(weight);
    }

    public static SentimentDecision Read(BinaryReader reader)
    {
        var classes = new Sentiment[reader.ReadInt32()];
        for (var k = 0; k < classes.Length; k++) classes[k] = (Sentiment)reader.ReadInt32();
        var offsets = new double[classes.Length];
        for (var k = 0; k < offsets.Length; k++) offsets[k] = reader.ReadDouble();
        var weights = new double[reader.ReadInt32()];
        for (var at = 0; at < weights.Length; at++) weights[at] = reader.ReadDouble();
        return new SentimentDecision(classes, weights, offsets);
    }

    /// <summary>The signals and all their products: that a review is torn shows only in how they stand together.</summary>
    private static double[] Inputs(double[] signals)
    {
        var count = signals.Length;
        var inputs = new double[count + (count * (count + 1) / 2)];
        signals.CopyTo(inputs, 0);
        var at = count;
        for (var a = 0; a < count; a++)
        {
            for (var b = a; b < count; b++) inputs[at++] = signals[a] * signals[b] / ProductScale;
        }

        return inputs;
    }

    private static SparseRows Dense(double[][] rows)
    {
        var width = rows[0].Length;
        return new SparseRows(
            width,
            [.. Enumerable.Range(0, rows.Length + 1).Select(row => row * width)],
            [.. Enumerable.Range(0, rows.Length * width).Select(at => at % width)],
            [.. rows.SelectMany(row => row.Select(value => (float)value))]);
    }
}
