using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>From log-odds to the calibrated probability, in double precision.</summary>
internal static class CalibrationOnnx
{
    /// <summary>As <see cref="Calibration.SafeLogit"/>.</summary>
    private const double Least = 1e-7;

    /// <summary>The finished file of a model of a yes-or-no question, whose output "probability" has one a row.</summary>
    /// <param name="logOdds">One column of Double.</param>
    /// <param name="isAsked">One column of Boolean: where it is false there is no answer, NaN; null for everywhere.</param>
    public static byte[] ToModel(OnnxGraph graph, string logOdds, Calibrator? calibrator, string family, string? isAsked = null)
    {
        var probability = Probability(graph, logOdds, calibrator);
        if (isAsked is not null) probability = graph.Add("Where", isAsked, probability, graph.Scalar(double.NaN));
        graph.Output(BinaryModels.OnnxOutput, OnnxType.Float, graph.Cast(probability, OnnxType.Float));
        graph.Fact("family", family);
        return graph.ToModel(family);
    }

    /// <param name="logOdds">One column of Double.</param>
    /// <returns>One column of Double.</returns>
    public static string Probability(OnnxGraph graph, string logOdds, Calibrator? calibrator)
    {
        // A model's own answer is a Float; rounding here as well keeps both sides at the same step of a calibration.
        var probability = graph.Cast(graph.Cast(graph.Add("Sigmoid", logOdds), OnnxType.Float), OnnxType.Double);
        return calibrator switch
        {
            null => probability,
            PlattCalibrator platt => graph.Add("Sigmoid", LogOdds(graph, probability, platt)),
            IsotonicCalibrator isotonic => Isotonic(graph, probability, isotonic),
            _ => throw new InvalidOperationException($"No graph for calibration '{calibrator.Method}'."),
        };
    }

    /// <summary>A probability's log-odds, stretched and shifted.</summary>
    public static string LogOdds(OnnxGraph graph, string probability, PlattCalibrator platt)
    {
        var safe = graph.Add("Clip", probability, graph.Scalar(Least), graph.Scalar(1 - Least));
        var logit = graph.Add("Sub", graph.Add("Log", safe), graph.Add("Log", graph.Add("Sub", graph.Scalar(1), safe)));
        return graph.Add("Add", graph.Add("Mul", logit, graph.Scalar(platt.Slope)), graph.Scalar(platt.Shift));
    }

    /// <summary>The number of scores at or below the probability says on which straight line it lies; before the first and behind the last the line is level.</summary>
    private static string Isotonic(OnnxGraph graph, string probability, IsotonicCalibrator isotonic)
    {
        var (scores, rates) = (isotonic.Scores, isotonic.Rates);
        var lines = new (double From, double Rate, double Slope)[scores.Length + 1];
        lines[0] = (scores[0], rates[0], 0);
        lines[^1] = (scores[^1], rates[^1], 0);
        for (var i = 1; i < scores.Length; i++) lines[i] = (scores[i - 1], rates[i - 1], (rates[i] - rates[i - 1]) / (scores[i] - scores[i - 1]));
        var below = graph.Cast(graph.Add("GreaterOrEqual", probability, graph.Row(scores)), OnnxType.Int64);
        var line = graph.Add("ReduceSum", [OnnxAttribute.Int("keepdims", 1)], below, graph.Indices(1));
        string Of(Func<(double From, double Rate, double Slope), double> part) => graph.Add("Gather", graph.Vector([.. lines.Select(part)]), line);
        return graph.Add("Add", Of(part => part.Rate), graph.Add("Mul", Of(part => part.Slope), graph.Add("Sub", probability, Of(part => part.From))));
    }
}
