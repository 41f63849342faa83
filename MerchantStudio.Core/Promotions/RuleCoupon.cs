namespace MerchantStudio.Core.Promotions;

/// <summary>What stands in the place of a code for a rule that needs none: "rule:" and the rule's id.</summary>
public static class RuleCoupon
{
    private const string Prefix = "rule:";

    public static string Of(Guid rule) => $"{Prefix}{rule:D}";

    /// <summary>Null for anything else.</summary>
    public static Guid? RuleOf(string coupon) =>
        coupon is not null && coupon.StartsWith(Prefix, StringComparison.Ordinal) && Guid.TryParseExact(coupon[Prefix.Length..], "D", out var id) ? id : null;
}
