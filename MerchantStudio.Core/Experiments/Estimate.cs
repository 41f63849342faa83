using MathNet.Numerics.Distributions;
using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Experiments;

/// <summary>A figure that was estimated from a sample, never without what it may be off by.</summary>
/// <param name="StandardError">Of <paramref name="Value"/>; NaN when there were too few people.</param>
/// <param name="DegreesOfFreedom">Of Student's distribution; infinite for the normal one.</param>
/// <param name="Level">Share of such intervals that hold the truth, 0.9 for 90 %.</param>
/// <param name="Interval">Both ends; infinite where the sample sets no bound.</param>
/// <param name="PValue">Two-sided, of the true value being 0.</param>
public sealed record Estimate(double Value, double StandardError, double DegreesOfFreedom, double Level, Interval Interval, double PValue)
{
    /// <summary>90 %, as everywhere in the studio.</summary>
    public const double UsualLevel = 0.9;

    public bool IsAboveZero => Interval.Low > 0;

    public bool IsBelowZero => Interval.High < 0;

    /// <param name="degreesOfFreedom">Infinity for the normal distribution.</param>
    public static Estimate Of(double value, double standardError, double degreesOfFreedom, double level)
    {
        if (double.IsNaN(standardError)) return new Estimate(value, double.NaN, degreesOfFreedom, level, new Interval(double.NegativeInfinity, double.PositiveInfinity), 1);
        if (standardError == 0) return new Estimate(value, 0, degreesOfFreedom, level, new Interval(value, value), value == 0 ? 1 : 0);
        var half = Quantiles.TwoSided(level, degreesOfFreedom) * standardError;
        return new Estimate(value, standardError, degreesOfFreedom, level, new Interval(value - half, value + half), Quantiles.TwoSidedP(value / standardError, degreesOfFreedom));
    }

    /// <summary>The same figure in another unit: all people instead of one, cents instead of euros.</summary>
    public Estimate Times(double factor) => factor == 0
        ? throw new ArgumentOutOfRangeException(nameof(factor), "A factor of 0 leaves nothing to estimate.")
        : this with
        {
            Value = Value * factor,
            StandardError = StandardError * Math.Abs(factor),
            Interval = factor > 0 ? new Interval(Interval.Low * factor, Interval.High * factor) : new Interval(Interval.High * factor, Interval.Low * factor),
        };
}

/// <summary>The few quantiles and tails that experiments are read by.</summary>
internal static class Quantiles
{
    public static double Normal(double probability) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, probability);

    /// <summary>How many standard errors an interval reaches to each side.</summary>
    public static double TwoSided(double level, double degreesOfFreedom)
    {
        if (level is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "A level lies between 0 and 1.");
        var upper = 1 - ((1 - level) / 2);
        return double.IsPositiveInfinity(degreesOfFreedom) ? Normal(upper) : StudentT.InvCDF(0, 1, degreesOfFreedom, upper);
    }

    public static double TwoSidedP(double statistic, double degreesOfFreedom) => double.IsPositiveInfinity(degreesOfFreedom)
        ? MathNet.Numerics.SpecialFunctions.Erfc(Math.Abs(statistic) / Math.Sqrt(2))
        : 2 * StudentT.CDF(0, 1, degreesOfFreedom, -Math.Abs(statistic));

    public static double UpperChiSquared(double statistic, int degreesOfFreedom) => statistic <= 0 ? 1 : MathNet.Numerics.SpecialFunctions.GammaUpperRegularized(degreesOfFreedom / 2.0, statistic / 2);
}
