using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions.Personal.Tries;

/// <summary>How much of giving out personal offers is left to trying which step works.</summary>
/// <param name="ShareBasisPoints">Share of the shoppers whose step is tried, hundredths of a percent.</param>
/// <param name="DayMoneyMinor">The most that the codes tried on one day may take off all together.</param>
/// <param name="Label">Stands in the names of the rules that come of it.</param>
public sealed record OfferLearningDraft(bool IsOn, int ShareBasisPoints, long DayMoneyMinor, string Label)
{
    public const int LeastShare = 100;
    public const int MostShare = 5_000;
    private const int MostLetters = 20;
    private const int Percent = 100;

    internal Problem? Fault()
    {
        if (ShareBasisPoints is < LeastShare or > MostShare) return new TriesShareUnfit(LeastShare / Percent, MostShare / Percent);
        if (DayMoneyMinor is < 1 or > RuleCheck.LargestAmount) return new TriesMoneyUnfit();
        if (string.IsNullOrWhiteSpace(Label) || Label.Trim().Length > MostLetters) throw new InvalidOperationException("The label of tried rules is a short word.");
        return null;
    }
}

public sealed record TriesShareUnfit(int Least, int Most) : Problem("tries.unfit-share", "Between {0} and {1} percent of the shoppers can be tried with. Correct the share.", Least, Most);

public sealed record TriesMoneyUnfit() : Problem("tries.unfit-money", "Say how much trying may cost in a day: an amount above 0. Correct it.");
