using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Promotions.Redemptions;

/// <summary>A limit that one use must fit into.</summary>
/// <param name="Key">As in <see cref="RedemptionCounter"/>.</param>
/// <param name="MostUses">Null for no bound.</param>
/// <param name="MostMinor">Discounts together; null for no bound.</param>
internal sealed record CounterLimit(CounterScope Scope, string Key, int? MostUses = null, long? MostMinor = null)
{
    /// <summary>What is said when it is reached.</summary>
    public RefusalReason Reason => Scope switch
    {
        CounterScope.Order => RefusalReason.NotCombinable,
        CounterScope.Campaign => RefusalReason.CampaignLimitReached,
        CounterScope.Rule => RefusalReason.RuleLimitReached,
        CounterScope.Day => RefusalReason.DailyLimitReached,
        CounterScope.Segment => RefusalReason.SegmentLimitReached,
        CounterScope.Customer => RefusalReason.CustomerLimitReached,
        _ => RefusalReason.CodeLimitReached,
    };

    public bool IsBounded => MostUses is not null || MostMinor is not null;

    public bool Admits(int uses, long spentMinor, long moreMinor) => !(uses + 1 > MostUses) && !(spentMinor + moreMinor > MostMinor);
}

/// <summary>A use that was judged and priced, ready to be written if no limit is reached meanwhile.</summary>
/// <param name="RuleRevision">Of the terms it was judged by; where the rule has changed since, nothing is written.</param>
/// <param name="OnOrder">Redemptions that stood on the order when it was judged.</param>
/// <param name="CostMinor">What budgets count.</param>
/// <param name="Limits">In the order of <see cref="CounterScope"/>, which is the order that their rows are locked in.</param>
internal sealed record LedgerEntry(
    WorkspaceId Workspace, Guid RuleId, int RuleRevision, Guid? CampaignId, string Coupon, string? ShopperId, string OrderId, string IdempotencyKey, string RequestHash,
    string DetailJson, long OrderMinor, long DiscountMinor, long CostMinor, string Currency, ImmutableArray<Guid> OnOrder, ImmutableArray<CounterLimit> Limits)
{
    /// <summary>Set where the code belongs to a referral programme.</summary>
    public ReferralUse? Referral { get; init; }
}

/// <summary>What the use of a code means for its referral programme.</summary>
/// <param name="Advocate">Whose code a friend uses; null where an advocate uses her reward.</param>
internal sealed record ReferralUse(Guid Programme, string? Advocate);

/// <summary>What became of an entry or of taking one back.</summary>
internal abstract record LedgerAnswer
{
    /// <param name="Again">It stood there before: the same request came twice.</param>
    public sealed record Written(Redemption Row, bool Again) : LedgerAnswer;

    public sealed record Refused(RefusalReason Reason) : LedgerAnswer;

    /// <summary>The key belongs to another request.</summary>
    public sealed record KeyTaken : LedgerAnswer;

    /// <summary>Rule or order are other than they were judged by: to be judged anew.</summary>
    public sealed record Moved : LedgerAnswer;

    /// <summary>There is no such redemption in the workspace.</summary>
    public sealed record Unknown : LedgerAnswer;
}
