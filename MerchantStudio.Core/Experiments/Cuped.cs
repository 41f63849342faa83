namespace MerchantStudio.Core.Experiments;

/// <param name="Difference">Treated minus holdout, with what the time before explains taken out.</param>
/// <param name="Theta">How much of the value before is taken off: pooled within the arms, so that it cannot take up the effect itself.</param>
/// <param name="VarianceLeft">Variance after over variance before: 0.6 means that 40 % of the people do for the same interval.</param>
public sealed record CupedEstimate(Estimate Difference, double Theta, double VarianceLeft);

/// <summary>Controlled experiments using pre-experiment data: takes out what people spent before, which the treatment cannot have changed, and so narrows the interval.</summary>
/// <remarks>
/// Deng, Xu, Kohavi and Walker, Improving the sensitivity of online controlled experiments by utilizing pre-experiment data, WSDM 2013. A person without a time before counts with 0
/// there; that keeps the estimate right, because the arms were drawn, and only narrows less.
/// </remarks>
public static class Cuped
{
    /// <param name="treated">X before, Y after the assignment.</param>
    /// <param name="holdout">The same.</param>
    public static CupedEstimate Means(PairSums treated, PairSums holdout, double level = Estimate.UsualLevel)
    {
        var (cross, squares) = (treated.Cross + holdout.Cross, Within(treated) + Within(holdout));
        var theta = squares > 0 ? cross / squares : 0;
        var (t, h) = (Adjusted(treated, theta), Adjusted(holdout, theta));
        var estimate = Compare.Means(t, h, level);
        var before = Compare.Means(treated.OfY, holdout.OfY, level);
        var left = before.StandardError > 0 ? estimate.StandardError * estimate.StandardError / (before.StandardError * before.StandardError) : 1;
        return new CupedEstimate(estimate, theta, left);
    }

    /// <summary>Sums of Y - theta X.</summary>
    internal static Sums Adjusted(PairSums arm, double theta) =>
        new(arm.People, arm.Y - (theta * arm.X), arm.YY - (2 * theta * arm.XY) + (theta * theta * arm.XX));

    private static double Within(PairSums arm) => arm.XX - (arm.X * arm.X / arm.People);
}
