using System.Collections.Immutable;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Offers;

namespace MerchantStudio.Core.Promotions.Personal.Tries;

/// <summary>The setting as it stands, and what it came to.</summary>
/// <param name="TodayMinor">The most that the codes tried today may take off.</param>
/// <param name="Waiting">Tries whose days are not over.</param>
/// <param name="Report">Null while nothing can be judged.</param>
public sealed record OfferLearningView(OfferLearningDraft Draft, long TodayMinor, int Waiting, DateTimeOffset? FirstOver, OfferLearningReport? Report, string ChangedBy, DateTimeOffset ChangedAt);

/// <param name="BasisPoints">0 for no offer.</param>
/// <param name="Tries">How often chance chose it.</param>
/// <param name="Value">Profit per shopper if everybody had got it.</param>
public sealed record LearntStep(int BasisPoints, int Tries, PolicyValue Value);

/// <summary>What trying taught. Profit is per shopper in minor units: margin after the discount. Each shopper counts once, with her last try that is over.</summary>
/// <param name="Tried">Shoppers whose step was tried.</param>
/// <param name="Steps">No offer first, then by size.</param>
/// <param name="AsTried">What the tried shoppers brought.</param>
/// <param name="Plan">What the plan's own choices would have brought with the same shoppers, by inverse propensity.</param>
/// <param name="PlanRobust">The same, doubly robust: narrower, and right where the propensities are.</param>
/// <param name="Learnt">What always choosing by what was learnt would have brought, judged on shoppers whom it was not learnt from.</param>
/// <param name="AgainstPlan">All of the tried group less those who got what the plan says; null where a group is too small.</param>
/// <param name="AgainstHeld">All of the tried group less those who were left alone.</param>
public sealed record OfferLearningReport(
    int Tried, int Planned, int Held, ImmutableArray<LearntStep> Steps, Estimate AsTried, PolicyValue Plan, PolicyValue PlanRobust, PolicyValue Learnt, Estimate? AgainstPlan, Estimate? AgainstHeld);
