using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Insights.Intent;

/// <summary>From a model's score to a chance with its band, and from what contributed to the score to percentage points of the chance.</summary>
public sealed class ChanceScale
{
    private const int MostReasons = 3;

    private readonly CalibrationBand _band;

    internal ChanceScale(Calibrator calibrator, CalibrationBand band) => (Calibrator, _band) = (calibrator, band);

    public Calibrator Calibrator { get; }

    /// <param name="raw">Scores of the validation window.</param>
    public static ChanceScale Fit(float[] raw, ReadOnlySpan<float> labels, int seed) => new(Learning.Evaluation.Calibration.Fit(raw, labels), CalibrationBand.Fit(raw, labels, seed));

    /// <summary>Without reasons: the scale does not know the features.</summary>
    public IntentScore Score(float raw)
    {
        var probability = Calibrator.Apply(raw);
        var (low, high) = _band.At(raw);
        return new IntentScore(probability, Math.Min(low, probability), Math.Max(high, probability), []);
    }

    /// <summary>What contributions to a score make of the chance.</summary>
    /// <param name="contributions">To the log-odds, their bias last.</param>
    /// <returns>For each but the bias, by how many percentage points the calibrated chance would be lower without it, all others being as they are.</returns>
    public double[] Points(ReadOnlySpan<double> contributions)
    {
        var logOdds = 0.0;
        foreach (var contribution in contributions) logOdds += contribution;
        var chance = Calibrator.Apply(BinaryModels.Sigmoid(logOdds));
        var points = new double[contributions.Length - 1];
        for (var at = 0; at < points.Length; at++)
        {
            if (contributions[at] != 0) points[at] = 100 * (chance - Calibrator.Apply(BinaryModels.Sigmoid(logOdds - contributions[at])));
        }

        return points;
    }

    /// <summary>Which points are given as reasons.</summary>
    /// <returns>Places of three at most that are not 0, the furthest from it first.</returns>
    public static IEnumerable<int> Strongest(double[] points) =>
        Enumerable.Range(0, points.Length).Where(at => points[at] != 0).OrderByDescending(at => Math.Abs(points[at])).ThenBy(at => at).Take(MostReasons);

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Calibrator.Method);
        double[] parameters = Calibrator switch
        {
            PlattCalibrator platt => [platt.Slope, platt.Shift],
            IsotonicCalibrator isotonic => [.. isotonic.Scores, .. isotonic.Rates],
            _ => throw new InvalidOperationException($"No file form for calibration '{Calibrator.Method}'."),
        };
        writer.Write(parameters.Length);
        foreach (var parameter in parameters) writer.Write(parameter);
        _band.Write(writer);
    }

    public static ChanceScale Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var method = reader.ReadString();
        var parameters = new double[reader.ReadInt32()];
        for (var i = 0; i < parameters.Length; i++) parameters[i] = reader.ReadDouble();
        Calibrator calibrator = method == "platt"
            ? new PlattCalibrator(parameters[0], parameters[1])
            : new IsotonicCalibrator(parameters[..(parameters.Length / 2)], parameters[(parameters.Length / 2)..]);
        return new ChanceScale(calibrator, CalibrationBand.Read(reader));
    }
}
