using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions.Pricing;

namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>What a replay is about: the draft, the rules it meets, the period and the shop's catalogue.</summary>
/// <param name="Draft">Without days of its own: the period stands for them.</param>
/// <param name="Others">Live rules, as if they had been live throughout.</param>
/// <param name="From">Microseconds since 1970, included.</param>
/// <param name="To">Not included.</param>
/// <param name="Today">Facts that keep no history, by the shopper's number.</param>
/// <param name="Limited">The segments that the draft limits, in its order.</param>
/// <param name="Codes">When each shopper was given a code in the past, microseconds; by the shopper's number.</param>
internal sealed record ReplayShop(
    CartRule Draft, ImmutableArray<CartRule> Others, ReplayNeeds Needs, ConditionContext Context, DecisionMode Mode, long From, long To, long DataEnd,
    string Currency, int Decimals, ImmutableArray<ReplayItem> Items, IReadOnlyDictionary<int, ShopperFacts> Today, IReadOnlyDictionary<int, long[]> Codes, ImmutableArray<Condition> Limited);

/// <summary>What became of some shoppers' carts.</summary>
internal sealed class ReplayPart(int rivals)
{
    public List<ReplayCase> Cases { get; } = [];
    public List<JudgedShopper> Shoppers { get; } = [];
    public ReplayCounts Counts { get; } = new();
    public RivalCount[] Rivals { get; } = [.. Enumerable.Range(0, rivals).Select(_ => new RivalCount())];

    public void Add(ReplayPart other)
    {
        Cases.AddRange(other.Cases);
        Shoppers.AddRange(other.Shoppers);
        Counts.Add(other.Counts);
        for (var index = 0; index < Rivals.Length; index++) Rivals[index].Add(other.Rivals[index]);
    }
}
