using System.Collections.Immutable;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Redemptions;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>An offer that applies.</summary>
/// <param name="Coupon">What it is redeemed by: the code that was brought, or "rule:" and the rule's id.</param>
/// <param name="Price">After the offers before it.</param>
public sealed record AppliedOffer(Guid RuleId, string Name, string Coupon, OfferClasses Class, OfferPrice Price);

/// <summary>An offer that does not, and why.</summary>
/// <param name="RuleId">Null for a code that does not exist.</param>
/// <param name="Competitor">The name of the rule that kept it out.</param>
/// <param name="Experiment">Key of the experiment whose holdout she is in.</param>
public sealed record RefusedOffer(Guid? RuleId, string? Name, string Coupon, RefusalReason Reason, string? Competitor = null, string? Experiment = null);

/// <summary>Where the shopper stands in a running experiment.</summary>
/// <param name="Arm">Null where she is in no arm.</param>
public sealed record ShopperArm(string Experiment, AssignmentKind Kind, string? Arm);

/// <summary>The offers for one shopper and one cart.</summary>
/// <param name="Applied">In the order that they are to be redeemed in, each priced on what those before it left.</param>
/// <param name="LinesMinor">Taken off each line of the cart.</param>
/// <param name="InTime">False where the shopper could not be read in time: offers that ask about her are left out then, and the same question a moment later gets the whole answer.</param>
public sealed record OfferAnswer(
    Guid Id, DateTimeOffset At, DecisionMode Mode, Cart Cart, ImmutableArray<AppliedOffer> Applied, ImmutableArray<RefusedOffer> Refused, ImmutableArray<long> LinesMinor, long ShippingMinor,
    ImmutableArray<ShopperArm> Arms, bool InTime)
{
    public long DiscountMinor => LinesMinor.Sum() + ShippingMinor;

    public long ToPayMinor => Cart.ItemsMinor + Cart.ShippingMinor - DiscountMinor;
}
