using System.Collections.Immutable;
using MerchantStudio.Core.Promotions.Replay;

namespace MerchantStudio.Core.Promotions.Guards;

/// <summary>How much a finding stands in the way; the worst comes last.</summary>
public enum FindingWeight
{
    Fine,
    Warns,

    /// <summary>The rule may go live once somebody has said why.</summary>
    NeedsJustification,

    /// <summary>The rule cannot go live as it is.</summary>
    Blocks,
}

/// <summary>What a guard found. <see cref="FindingSentence"/> words it.</summary>
/// <param name="Key">Stable: "below-cost.catalogue", "fairness.region".</param>
public abstract record Finding(string Key, FindingWeight Weight)
{
    /// <summary>The justification that was given for these terms; then the finding no longer stands in the way.</summary>
    public Justification? Reason { get; init; }

    /// <summary>Whether the rule cannot go live because of it.</summary>
    public bool Stands => Weight == FindingWeight.Blocks || (Weight == FindingWeight.NeedsJustification && Reason is null);
}

/// <summary>Why a rule may go live all the same.</summary>
public sealed record Justification(string Text, string By, DateTimeOffset At);

/// <summary>Single items of the catalogue, in as many pieces as the offer asks for, at the offer's deepest.</summary>
/// <param name="Items">Whose cost and price are known, or for free orders whose price is.</param>
/// <param name="Found">The first few.</param>
public sealed record CatalogueFinding(string Key, FindingWeight Weight, long Items, long Count, ImmutableArray<CatalogueItem> Found) : Finding(Key, Weight);

/// <param name="PaidMinor">For all pieces, after the discount.</param>
/// <param name="CostMinor">Of all pieces; null when unknown.</param>
/// <param name="With">Live rules that applied beside the draft.</param>
public sealed record CatalogueItem(string ItemId, int Pieces, long PriceMinor, long PaidMinor, long? CostMinor, ImmutableArray<string> With);

/// <summary>Past orders that the offer would have sold below their cost, or for nothing.</summary>
public sealed record PastOrdersFinding(string Key, FindingWeight Weight, long Count, long Of, ImmutableArray<string> Orders) : Finding(Key, Weight);

/// <param name="FloorBasisPoints">Share of what is paid that must remain.</param>
/// <param name="Below">Past orders that would have ended below it.</param>
/// <param name="Reduced">Discounts made smaller to keep it.</param>
public sealed record FloorFinding(FindingWeight Weight, int FloorBasisPoints, long Below, long Reduced) : Finding("margin-floor", Weight);

/// <summary>A live rule that meets the same baskets, or the same people on the same days.</summary>
/// <param name="Met">From the replay; null when it never met it there.</param>
/// <param name="SameAudience">Its condition is the same and the days overlap.</param>
public sealed record ClashFinding(FindingWeight Weight, Guid RuleId, string Name, RivalOutcome? Met, bool SameAudience, string? ExclusiveGroup) : Finding("clash", Weight);

/// <summary>When the budget or the uses would be gone at the pace of the replay.</summary>
/// <param name="On">The likely day; null when they last to the rule's end, or for ten years.</param>
/// <param name="Earliest">Of the 90 % interval.</param>
/// <param name="LastDay">The rule's own.</param>
public sealed record RunOutFinding(FindingWeight Weight, DateOnly? On, DateOnly? Earliest, DateOnly? Latest, DateOnly? LastDay) : Finding("run-out", Weight);

/// <summary>How a rule treats groups of shoppers.</summary>
/// <param name="Dimension">"loyalty", "region", "device", "gender", "price_paid".</param>
/// <param name="Usage">Whether the condition asks for it.</param>
/// <param name="Reach">Who gets the offer; null when fewer than two groups are large enough.</param>
/// <param name="Depth">How much those who get it get off; null without a replay.</param>
/// <param name="TooSmall">Groups that are too small to be compared.</param>
public sealed record FairnessFinding(FindingWeight Weight, string Dimension, DimensionUse Usage, GroupGap? Reach, GroupGap? Depth, ImmutableArray<GroupFigure> Groups, int TooSmall)
    : Finding($"fairness.{Dimension}", Weight);

public enum DimensionUse
{
    None,

    /// <summary>A line asks for something that goes along with it.</summary>
    ByProxy,
    Direct,
}

/// <summary>The group that fares worst against the one that fares best.</summary>
/// <param name="Ratio">Worst ÷ best; 1 is equal.</param>
/// <param name="Span">90 % interval of the ratio.</param>
public sealed record GroupGap(string Worst, double WorstShare, string Best, double BestShare, double Ratio, Span Span);

/// <param name="Shoppers">In the group.</param>
/// <param name="Reached">Who fit the condition now.</param>
/// <param name="DiscountShare">Mean discount in the replay as a share of the goods; null where nobody used it.</param>
public sealed record GroupFigure(string Group, long Shoppers, long Reached, double? DiscountShare)
{
    public double ReachShare => Shoppers == 0 ? 0 : Reached / (double)Shoppers;
}

/// <summary>No replay of the terms as they stand.</summary>
public sealed record NoReplayFinding(bool Outdated) : Finding("replay", FindingWeight.Warns);

/// <summary>Everything that the guards have to say about a rule, the weightiest first.</summary>
public sealed record PublishingReport(Guid RuleId, string RuleName, DateTimeOffset At, ImmutableArray<Finding> Findings)
{
    public FindingWeight Weight => Findings.Any(finding => finding is { Weight: FindingWeight.Blocks }) ? FindingWeight.Blocks
        : Findings.Any(finding => finding.Stands) ? FindingWeight.NeedsJustification
        : Findings.Any(finding => finding.Weight >= FindingWeight.Warns) ? FindingWeight.Warns : FindingWeight.Fine;
}
