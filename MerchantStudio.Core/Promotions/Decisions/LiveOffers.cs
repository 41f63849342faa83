using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Promotions.Pricing;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>A rule that may give something now.</summary>
/// <param name="AsksShopper">Whether its condition or its limits ask about the shopper, and not only about the cart.</param>
/// <param name="Segments">Whether she is in each of the segments that it limits.</param>
internal sealed record LiveRule(CouponRule Row, RuleDraft Draft, CartRuleSet.PreparedRule Prepared, bool AsksShopper, ImmutableArray<(SegmentLimit Limit, Func<ShopperFacts, bool> Holds)> Segments)
{
    public Guid Id => Row.Id;

    public bool IsOpen(DateTimeOffset at) => !(Row.StartsAt > at) && !(Row.EndsAt < at);
}

/// <summary>Tells whether rules are still what they were read as.</summary>
internal readonly record struct RulesStamp(int Rules, long Revisions, DateTimeOffset? ChangedAt);

/// <summary>An experiment that takes people in.</summary>
internal sealed record RunningExperiment(Guid Id, string Key, ExperimentSplit Split);

/// <summary>What a shop gives at the moment, whole and unchanging, so that a request needs no lock and no database.</summary>
/// <param name="Rules">In the order that they are held against carts.</param>
/// <param name="Needs">What has to be known of a shopper for them.</param>
/// <param name="Used">Of limits that all shoppers share: what is used, by scope and key.</param>
/// <param name="Holding">Rules that an experiment's holdout, or one of its arms, does not get, by rule.</param>
internal sealed record LiveOffers(
    string Currency, DecisionMode Mode, ConditionContext Context, RulesStamp Stamp, ImmutableArray<LiveRule> Rules, FactNeeds Needs, ImmutableDictionary<(CounterScope Scope, string Key), (int Uses, long SpentMinor)> Used,
    ImmutableArray<RunningExperiment> Experiments, GlobalHoldout? Everyone, ImmutableDictionary<Guid, ImmutableArray<CarriedOffer>> Holding, CampaignBudgets Budgets, DateTimeOffset? Written)
{
    private readonly ImmutableDictionary<Guid, LiveRule> _byId = Rules.ToImmutableDictionary(rule => rule.Id);

    public LiveRule? Find(Guid rule) => _byId.GetValueOrDefault(rule);
}
