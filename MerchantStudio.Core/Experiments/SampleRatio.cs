namespace MerchantStudio.Core.Experiments;

/// <summary>Whether as many people came into each arm as the split promised.</summary>
/// <param name="ChiSquared">0 when the counts fit exactly.</param>
/// <param name="PValue">How often chance alone is as far off.</param>
public sealed record SampleRatioCheck(double ChiSquared, int DegreesOfFreedom, double PValue)
{
    /// <summary>Below it nothing that the experiment says can be trusted: people are lost or counted twice in one arm.</summary>
    public const double WarnBelow = 0.001;

    public bool IsBroken => PValue < WarnBelow;
}

/// <summary>Finds a sample ratio mismatch by Pearson's chi-square.</summary>
/// <remarks>Fabijan et al., Diagnosing sample ratio mismatch in online controlled experiments, KDD 2019.</remarks>
public static class SampleRatio
{
    /// <param name="counts">People in each arm.</param>
    /// <param name="shares">What each should have had; need not sum up to 1.</param>
    public static SampleRatioCheck Check(ReadOnlySpan<long> counts, ReadOnlySpan<double> shares)
    {
        if (counts.Length != shares.Length) throw new ArgumentException($"{counts.Length} counts for {shares.Length} shares.", nameof(shares));
        double people = 0, whole = 0, statistic = 0;
        var arms = 0;
        for (var arm = 0; arm < counts.Length; arm++) (people, whole) = (people + counts[arm], whole + shares[arm]);
        for (var arm = 0; arm < counts.Length; arm++)
        {
            var expected = people * shares[arm] / whole;
            if (expected == 0 && counts[arm] == 0) continue;
            arms++;
            statistic += expected == 0 ? double.PositiveInfinity : (counts[arm] - expected) * (counts[arm] - expected) / expected;
        }

        if (arms < 2) return new SampleRatioCheck(statistic, 0, double.IsPositiveInfinity(statistic) ? 0 : 1);
        return new SampleRatioCheck(statistic, arms - 1, double.IsPositiveInfinity(statistic) ? 0 : Quantiles.UpperChiSquared(statistic, arms - 1));
    }
}
