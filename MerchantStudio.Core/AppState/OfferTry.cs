using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

/// <summary>How much of giving out personal offers a shop leaves to trying which step works. One a shop.</summary>
public sealed class OfferLearning
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public bool IsOn { get; set; }

    /// <summary>Share of the shoppers whose step is tried, 0 to 10,000.</summary>
    public int ShareBasisPoints { get; set; }

    /// <summary>The most that the codes tried on one day may take off all together.</summary>
    public long DayMoneyMinor { get; set; }

    /// <summary>Stands in the names of the rules that come of it, in the words of whoever switched it on.</summary>
    public required string Label { get; set; }

    /// <summary>Decides whose step is tried and every draw; stays the same over changes.</summary>
    public required string Salt { get; init; }
    public required string ChangedBy { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>Raised on every change and by every round, which makes two rounds wait for each other.</summary>
    public int Revision { get; set; }
}

/// <summary>Where a shopper stood when offers were given out while trying was on.</summary>
public enum OfferTryGroup
{
    /// <summary>Among those whose step is tried.</summary>
    Tried,

    /// <summary>Got what the plan says.</summary>
    Planned,

    /// <summary>Held back by the plan: got nothing.</summary>
    Held,
}

/// <summary>One shopper in one round of giving out. What came of it is read from her orders.</summary>
public sealed class OfferTry
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid RoundId { get; init; }
    public required string ShopperId { get; init; }
    public required OfferTryGroup Group { get; init; }

    /// <summary>Whether chance chose. Of the tried group it does not where the day's money had run out.</summary>
    public bool IsDrawn { get; init; }

    /// <summary>What she got, hundredths of a percent; 0 for no offer.</summary>
    public int StepBasisPoints { get; init; }

    /// <summary>What the plan alone would have given her.</summary>
    public int PlannedBasisPoints { get; init; }

    /// <summary>Probability with which her step was drawn; 1 where chance did not choose.</summary>
    public double Propensity { get; init; }

    /// <summary>Her chance to buy without an offer, as the plan saw it.</summary>
    public double Chance { get; init; }

    /// <summary>Her usual basket as a share of the mean one of the round.</summary>
    public double Basket { get; init; }

    /// <summary>The most that her code may take off; 0 where chance did not choose.</summary>
    public long MostMinor { get; init; }

    /// <summary>Day in the store's zone, as in the counters of the ledger.</summary>
    public required string Day { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>How long her orders count.</summary>
    public int Days { get; init; }

    /// <summary>False until the round's codes are out; a round that was cut off before teaches nothing.</summary>
    public bool IsGiven { get; set; }
}
