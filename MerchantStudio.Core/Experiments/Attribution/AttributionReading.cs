using System.Collections.Immutable;

namespace MerchantStudio.Core.Experiments.Attribution;

/// <summary>Amounts in minor units that a rule of thumb gives one source.</summary>
/// <param name="Orders">May be parts of orders.</param>
public sealed record Credited(double Orders, double RevenueMinor, double ProfitMinor);

/// <summary>What an experiment's control group says that a source brought, over all its treated people; exact for no one, so each amount has its interval.</summary>
/// <param name="Kind">The best verdict of its arms.</param>
public sealed record HoldoutTruth(Guid ExperimentId, VerdictKind Kind, Estimate RevenueMinor, Estimate ProfitMinor, long People);

/// <summary>A link that visits came by, as its parameters name it; either may be empty.</summary>
public sealed record VisitLink(string Source, string Campaign);

/// <summary>A campaign, a rule whose codes were used without one, or a link with utm parameters that visits came by.</summary>
/// <param name="CampaignId">Null for a rule or a link.</param>
/// <param name="Touched">Orders that it touched at all.</param>
/// <param name="Truth">Null where nobody was held back, or too few to compare.</param>
public sealed record AttributedSource(Guid? CampaignId, Guid? RuleId, string Name, long Touched, Credited Last, Credited Position, HoldoutTruth? Truth)
{
    /// <summary>Null for a campaign or a rule.</summary>
    public VisitLink? Link { get; init; }
}

/// <summary>Discounts that control groups did not get although they bought.</summary>
/// <param name="AmountMinor">Orders of the control groups times what an order of the treated was given more than theirs.</param>
/// <param name="Orders">Orders of people in control groups, counted.</param>
/// <param name="Experiments">How many are in the sum.</param>
public sealed record NotWasted(Estimate AmountMinor, long Orders, int Experiments);

/// <param name="From">Orders from here to <paramref name="To"/>, the end of the data.</param>
/// <param name="Orders">All paid orders of the period, touched or not.</param>
/// <param name="NotWasted">Null while no campaign has a readable control group.</param>
public sealed record AttributionReading(DateTimeOffset From, DateTimeOffset To, long Orders, double RevenueMinor, string Currency, ImmutableArray<AttributedSource> Sources, NotWasted? NotWasted)
{
    /// <summary>False where no event carries utm parameters, so that visits cannot count.</summary>
    public bool KnowsLinks { get; init; }

    /// <summary>How long before an order a message or a visit counts as a touch.</summary>
    public const int MessageDays = 30;
}
