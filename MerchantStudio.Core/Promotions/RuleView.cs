using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions;

/// <summary>A rule with its state and what became of its codes.</summary>
/// <param name="Draft">Null when its condition cannot be read any more; <paramref name="Fault"/> says why.</param>
/// <param name="State">As of now: a live rule past its last day is ended.</param>
/// <param name="Given">Codes given out.</param>
/// <param name="Used">Codes that came back in imported orders at least once.</param>
/// <param name="Uses">How often they came back altogether.</param>
/// <param name="Replaces">The rule whose place it takes when it goes live.</param>
/// <param name="SentBack">Why it was not approved as it stood; null unless it waits for a change.</param>
/// <param name="Campaign">The campaign with which it goes live; null where it goes live by itself or did already.</param>
public sealed record RuleView(
    Guid Id, string Name, RuleDraft? Draft, Problem? Fault, CouponRuleState State, int Revision, string Currency, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ChangedAt,
    DateTimeOffset? ActivatedAt, string? ApprovedBy, int? AudienceCount, int Given, int Used, int Uses, Guid? Replaces = null, SentBack? SentBack = null, OfferOf? Campaign = null);

/// <param name="By">Who would not approve it.</param>
/// <param name="Reason">What is to change.</param>
public sealed record SentBack(string By, string Reason);

/// <summary>The campaign that a rule is the offer of.</summary>
public sealed record OfferOf(Guid Id, string Name);

/// <summary>What a rule would do if it were activated now.</summary>
/// <param name="Audience">Shoppers who fit the condition now, exact.</param>
/// <param name="Given">Codes that would be given out, exact; fewer than the audience where a limit is reached.</param>
/// <param name="Cost">Null where orders have no prices or nobody would get a code.</param>
/// <param name="MostMinor">Exact bound when every code is used to its limit; null when nothing bounds one use.</param>
/// <param name="NeedsApproval">The budget, or without one the bound, is above the shop's limit.</param>
/// <param name="LeftOut">Who gets nothing, by the first line that stopped them.</param>
public sealed record RuleEstimate(long Audience, long Total, long Given, CostEstimate? Cost, long? MostMinor, bool NeedsApproval, ImmutableArray<long> Left, ImmutableArray<LeftOut> LeftOut, double Seconds);

/// <summary>Codes × expected uses × average discount, if the audience orders at the pace of the past.</summary>
/// <param name="LowMinor">Lower end of the 90 % interval.</param>
/// <param name="UsesEach">Qualifying orders of a shopper while the rule runs, no more than the uses allowed.</param>
/// <param name="DiscountMinor">Mean discount the offer would have given on the qualifying orders of the last 12 months.</param>
/// <param name="Orders">How many orders that mean is taken over.</param>
/// <param name="RuleDays">How long the rule runs; 30 for an open end, 90 at most.</param>
/// <param name="HistoryDays">How far back the pace is measured.</param>
/// <param name="OwnOrders">False when the audience has no qualifying order and all shoppers' orders were taken.</param>
public sealed record CostEstimate(long LowMinor, long HighMinor, double UsesEach, long DiscountMinor, long Orders, int RuleDays, int HistoryDays, bool OwnOrders);

/// <param name="Line">Index of the top-level part of the condition; null for those the limits leave out.</param>
public sealed record LeftOut(int? Line, long Shoppers);

/// <param name="AwaitsApproval">Nothing was given out; an Owner has to approve first.</param>
/// <param name="Given">Codes given out.</param>
public sealed record Activation(bool AwaitsApproval, int Audience, int Given);
