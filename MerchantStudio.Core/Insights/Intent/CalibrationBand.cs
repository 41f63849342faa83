using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Insights.Intent;

/// <summary>
/// How far a calibrated chance may be off because the validation window held only so many shoppers: the calibration is fitted again
/// on resamples of that window, and the band holds the middle 80 % of the answers at each raw score.
/// </summary>
internal sealed class CalibrationBand
{
    private const int Resamples = 200;
    private const double LargestLogit = 12;
    private const double Step = 0.1;

    private CalibrationBand(ImmutableArray<double> low, ImmutableArray<double> high)
    {
        Low = low;
        High = high;
    }

    /// <summary>Ends of the band on a grid of log-odds from −12 to 12.</summary>
    public ImmutableArray<double> Low { get; }

    public ImmutableArray<double> High { get; }

    public static CalibrationBand Fit(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var points = (int)(2 * LargestLogit / Step) + 1;
        var answers = Enumerable.Range(0, points).Select(_ => new List<double>(Resamples)).ToArray();
        var s = new float[scores.Length];
        var l = new float[scores.Length];
        for (var round = 0; round < Resamples; round++)
        {
            for (var i = 0; i < s.Length; i++)
            {
                var row = random.NextInt(s.Length);
                s[i] = scores[row];
                l[i] = labels[row];
            }

            var calibrator = Learning.Evaluation.Calibration.Fit(s, l);
            for (var point = 0; point < points; point++) answers[point].Add(calibrator.Apply(BinaryModels.Sigmoid((point * Step) - LargestLogit)));
        }

        foreach (var list in answers) list.Sort();
        return new CalibrationBand([.. answers.Select(list => BinaryReport.Quantile(list, 0.1))], [.. answers.Select(list => BinaryReport.Quantile(list, 0.9))]);
    }

    /// <param name="raw">The model's score before calibration.</param>
    public (double Low, double High) At(double raw)
    {
        var at = (Math.Clamp(Learning.Evaluation.Calibration.SafeLogit(raw), -LargestLogit, LargestLogit) + LargestLogit) / Step;
        var below = (int)at;
        var above = Math.Min(below + 1, Low.Length - 1);
        return (Low[below] + ((at - below) * (Low[above] - Low[below])), High[below] + ((at - below) * (High[above] - High[below])));
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Low.Length);
        foreach (var value in Low) writer.Write(value);
        foreach (var value in High) writer.Write(value);
    }

    public static CalibrationBand Read(BinaryReader reader)
    {
        var low = new double[reader.ReadInt32()];
        var high = new double[low.Length];
        for (var i = 0; i < low.Length; i++) low[i] = reader.ReadDouble();
        for (var i = 0; i < high.Length; i++) high[i] = reader.ReadDouble();
        return new CalibrationBand([.. low], [.. high]);
    }
}
