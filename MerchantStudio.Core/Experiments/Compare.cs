using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Experiments;

/// <summary>Compares two arms by their sums; each result is treated minus holdout, per assigned person.</summary>
public static class Compare
{
    private const double Normal = double.PositiveInfinity;

    /// <summary>An arm's mean with Student's interval.</summary>
    public static Estimate Mean(Sums arm, double level = Estimate.UsualLevel) => Estimate.Of(arm.Mean, Math.Sqrt(arm.Variance / arm.People), arm.People - 1, level);

    /// <summary>Difference in means where the arms' spreads may differ.</summary>
    /// <remarks>Welch, The generalization of "Student's" problem when several different population variances are involved, Biometrika 34, 1947.</remarks>
    public static Estimate Means(Sums treated, Sums holdout, double level = Estimate.UsualLevel)
    {
        var (t, h) = (treated.Variance / treated.People, holdout.Variance / holdout.People);
        var freedom = (t + h) * (t + h) / ((t * t / (treated.People - 1)) + (h * h / (holdout.People - 1)));
        return Estimate.Of(treated.Mean - holdout.Mean, Math.Sqrt(t + h), freedom, level);
    }

    /// <summary>Difference in shares. The interval combines both arms' score intervals, so that it also holds for rare events; the p-value is that of the pooled test.</summary>
    /// <remarks>Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17, 1998, method 10; Wilson, JASA 22, 1927.</remarks>
    public static Estimate Shares(long treatedDid, long treated, long holdoutDid, long holdout, double level = Estimate.UsualLevel)
    {
        var (pt, ph) = ((double)treatedDid / treated, (double)holdoutDid / holdout);
        var (t, h) = (Wilson(treatedDid, treated, level), Wilson(holdoutDid, holdout, level));
        var low = pt - ph - Math.Sqrt(Square(pt - t.Low) + Square(h.High - ph));
        var high = pt - ph + Math.Sqrt(Square(t.High - pt) + Square(ph - h.Low));
        var pooled = (double)(treatedDid + holdoutDid) / (treated + holdout);
        var underNull = Math.Sqrt(pooled * (1 - pooled) * ((1.0 / treated) + (1.0 / holdout)));
        var error = Math.Sqrt((pt * (1 - pt) / treated) + (ph * (1 - ph) / holdout));
        return new Estimate(pt - ph, error, Normal, level, new Interval(low, high), underNull == 0 ? 1 : Quantiles.TwoSidedP((pt - ph) / underNull, Normal));
    }

    /// <summary>A share with Wilson's score interval.</summary>
    public static Estimate Share(long did, long people, double level = Estimate.UsualLevel)
    {
        var share = (double)did / people;
        var error = Math.Sqrt(share * (1 - share) / people);
        return new Estimate(share, error, Normal, level, Wilson(did, people, level), error == 0 ? (did == 0 ? 1 : 0) : Quantiles.TwoSidedP(share / error, Normal));
    }

    /// <summary>How much more the treated arm's mean is, as a share of the holdout's (0.1 for a tenth more), by the delta method.</summary>
    /// <returns>NaN with no bounds when the holdout's mean is not above 0: a share of nothing says nothing.</returns>
    public static Estimate RelativeByDelta(Sums treated, Sums holdout, double level = Estimate.UsualLevel)
    {
        var (mt, mh) = (treated.Mean, holdout.Mean);
        if (!(mh > 0)) return Estimate.Of(double.NaN, double.NaN, Normal, level);
        var variance = (treated.Variance / treated.People / (mh * mh)) + (holdout.Variance / holdout.People * mt * mt / (mh * mh * mh * mh));
        return Estimate.Of((mt / mh) - 1, Math.Sqrt(variance), Normal, level);
    }

    /// <summary>As <see cref="RelativeByDelta"/>, with the exact set of values that the data do not speak against. To be preferred where the holdout's mean is uncertain.</summary>
    /// <returns>No bounds when the holdout's mean may be 0: then any relative uplift fits.</returns>
    /// <remarks>Fieller, Some problems in interval estimation, JRSS B 16, 1954.</remarks>
    public static Estimate Relative(Sums treated, Sums holdout, double level = Estimate.UsualLevel)
    {
        var delta = RelativeByDelta(treated, holdout, level);
        var (mt, mh) = (treated.Mean, holdout.Mean);
        var z = Quantiles.TwoSided(level, Normal);
        var (vt, vh) = (treated.Variance / treated.People, holdout.Variance / holdout.People);
        var a = (mh * mh) - (z * z * vh);
        var root = (mt * mt * mh * mh) - (a * ((mt * mt) - (z * z * vt)));
        var p = Means(treated, holdout, level).PValue;
        if (!(mh > 0) || !(a > 0) || !(root >= 0)) return delta with { Interval = new Interval(double.NegativeInfinity, double.PositiveInfinity), PValue = p };
        return delta with { Interval = new Interval((((mt * mh) - Math.Sqrt(root)) / a) - 1, (((mt * mh) + Math.Sqrt(root)) / a) - 1), PValue = p };
    }

    /// <summary>A ratio of two totals, such as revenue per order: sum of Y over sum of X, where a person, not an order, is what was drawn (delta method).</summary>
    /// <remarks>Deng, Knoblich and Lu, Applying the delta method in metric analytics, KDD 2018.</remarks>
    public static Estimate Ratio(PairSums arm, double level = Estimate.UsualLevel) => arm.X > 0
        ? Estimate.Of(arm.Y / arm.X, Math.Sqrt(RatioVariance(arm)), Normal, level)
        : Estimate.Of(double.NaN, double.NaN, Normal, level);

    /// <summary>Difference of two such ratios.</summary>
    public static Estimate Ratios(PairSums treated, PairSums holdout, double level = Estimate.UsualLevel) => treated.X > 0 && holdout.X > 0
        ? Estimate.Of((treated.Y / treated.X) - (holdout.Y / holdout.X), Math.Sqrt(RatioVariance(treated) + RatioVariance(holdout)), Normal, level)
        : Estimate.Of(double.NaN, double.NaN, Normal, level);

    /// <summary>Variance of one person's part in a ratio: what <see cref="PowerPlan"/> needs of a ratio metric.</summary>
    internal static double PersonRatioVariance(PairSums arm)
    {
        var (ratio, meanX) = (arm.Y / arm.X, arm.X / arm.People);
        return (arm.OfY.Variance - (2 * ratio * arm.Covariance) + (ratio * ratio * arm.OfX.Variance)) / (meanX * meanX);
    }

    private static double RatioVariance(PairSums arm) => Math.Max(0, PersonRatioVariance(arm)) / arm.People;

    private static Interval Wilson(long did, long people, double level)
    {
        if (people == 0) return new Interval(0, 1);
        var z = Quantiles.TwoSided(level, Normal);
        var (n, p) = ((double)people, (double)did / people);
        var centre = (p + (z * z / (2 * n))) / (1 + (z * z / n));
        var half = z / (1 + (z * z / n)) * Math.Sqrt((p * (1 - p) / n) + (z * z / (4 * n * n)));
        return new Interval(Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    private static double Square(double value) => value * value;
}
