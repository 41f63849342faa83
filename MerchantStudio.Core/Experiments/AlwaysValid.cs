using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Experiments;

/// <summary>
/// An interval that may be looked at as often as one likes, and stopped by: over the whole experiment it misses the truth at any look no more often than it says. It is wider than the interval for
/// one look, which is what looking costs.
/// </summary>
/// <remarks>
/// Asymptotic confidence sequence: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Time-uniform central limit theory and asymptotic confidence sequences, arXiv:2103.06476
/// (Annals of Statistics 52, 2024), theorem 2.2: half width = s · sqrt(2(nρ² + 1)/(n²ρ²) · log(sqrt(nρ² + 1)/α)), with the mixture's ρ set to be narrowest at a planned n (their appendix B.2).
/// The p-value is the level at which the interval would just touch 0.
/// </remarks>
public static class AlwaysValid
{
    /// <param name="estimate">A difference read for one look; its standard error and value are kept.</param>
    /// <param name="people">In both arms together.</param>
    /// <param name="planned">People in both arms together at which the interval shall be narrowest; set before the experiment begins.</param>
    public static Estimate Of(Estimate estimate, long people, long planned)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        if (double.IsNaN(estimate.StandardError) || estimate.StandardError == 0 || people < 2) return estimate;
        var alpha = 1 - estimate.Level;
        var gathered = people * MixtureVariance(alpha, planned);
        var half = estimate.StandardError * Math.Sqrt(2 * (gathered + 1) / gathered * Math.Log(Math.Sqrt(gathered + 1) / alpha));
        var z = estimate.Value / estimate.StandardError;
        var p = Math.Min(1, Math.Sqrt(gathered + 1) * Math.Exp(-z * z * gathered / (2 * (gathered + 1))));
        return estimate with { DegreesOfFreedom = double.PositiveInfinity, Interval = new Interval(estimate.Value - half, estimate.Value + half), PValue = p };
    }

    /// <summary>ρ² that makes the interval narrowest at the planned number of people.</summary>
    private static double MixtureVariance(double alpha, long planned)
    {
        var log = -2 * Math.Log(alpha);
        return (log + Math.Log(log + 1)) / Math.Max(2, planned);
    }
}
