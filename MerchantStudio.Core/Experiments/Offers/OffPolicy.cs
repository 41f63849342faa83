namespace MerchantStudio.Core.Experiments.Offers;

/// <summary>A decision that was made with a known probability, and what came of it.</summary>
/// <param name="Propensity">Probability with which its offer was drawn, above 0.</param>
/// <param name="Target">Probability with which the policy in question would have drawn the same offer.</param>
/// <param name="Reward">Profit that came.</param>
/// <param name="PredictedLogged">A model's expectation of the offer that was made; 0 without a model.</param>
/// <param name="PredictedTarget">Its expectation of the policy in question: the mean over its offers; 0 without a model.</param>
public readonly record struct LoggedDecision(double Propensity, double Target, double Reward, double PredictedLogged = 0, double PredictedTarget = 0);

/// <param name="Value">Reward per decision, with its interval.</param>
/// <param name="EffectiveDecisions">As many decisions by the policy itself would say as much (Kish); few mean that the log hardly holds what the policy would do.</param>
public sealed record PolicyValue(Estimate Value, double EffectiveDecisions);

/// <summary>What another way to choose offers would have earned, from decisions that were logged with their propensities.</summary>
/// <remarks>Horvitz and Thompson, JASA 47, 1952; Dudík, Langford and Li, Doubly robust policy evaluation and learning, ICML 2011.</remarks>
public static class OffPolicy
{
    /// <summary>Inverse propensity score: right on the average whatever the rewards are; wide when the policies differ much.</summary>
    public static PolicyValue InversePropensity(ReadOnlySpan<LoggedDecision> log, double level = Estimate.UsualLevel) => Of(log, level, one => Weight(one) * one.Reward);

    /// <summary>A model's expectation, corrected by what the log says it is off by: right on the average whatever the model is, and narrower the better the model.</summary>
    public static PolicyValue DoublyRobust(ReadOnlySpan<LoggedDecision> log, double level = Estimate.UsualLevel) =>
        Of(log, level, one => one.PredictedTarget + (Weight(one) * (one.Reward - one.PredictedLogged)));

    private static PolicyValue Of(ReadOnlySpan<LoggedDecision> log, double level, Func<LoggedDecision, double> term)
    {
        Sums sums = default, weights = default;
        foreach (var one in log)
        {
            if (one.Propensity is not (> 0 and <= 1)) throw new ArgumentException($"A propensity of {one.Propensity} cannot have led to a decision.", nameof(log));
            sums = sums.Add(term(one));
            weights = weights.Add(Weight(one));
        }

        return new PolicyValue(Compare.Mean(sums, level), weights.Squares > 0 ? weights.Sum * weights.Sum / weights.Squares : 0);
    }

    private static double Weight(LoggedDecision one) => one.Target / one.Propensity;
}
