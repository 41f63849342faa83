using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Worlds;

namespace MerchantStudio.Tests.Promotions.Redemptions;

internal static class TestRules
{
    /// <summary>A rule for everybody that is live at revision 1: five euros off.</summary>
    public static CouponRule Live(Guid id, WorkspaceId shop, string name = "Five off") => new()
    {
        Id = id,
        WorkspaceId = shop,
        Name = name,
        State = CouponRuleState.Live,
        ConditionJson = ConditionJson.Write(Condition.Everybody),
        OfferJson = Off(500),
        Currency = "EUR",
        UsesPerCustomer = 1_000,
        CreatedBy = "Nora",
        CreatedAt = LedgerWorld.Start,
        ActivatedAt = LedgerWorld.Start,
        Revision = 1,
    };

    /// <summary>A fixed amount off, as it is saved.</summary>
    public static string Off(long amountMinor, long? minimumMinor = null) => OfferJson.Write(new Offer(OfferKind.Fixed, AmountMinor: amountMinor, MinimumSpendMinor: minimumMinor));

    /// <summary>Puts a rule into a shop, changed as wished, and gives it a code that anybody may use.</summary>
    public static async Task<CouponRule> AddAsync(TemporaryStudio studio, WorkspaceScope scope, string code, Action<CouponRule>? change = null, int? mostUses = null)
    {
        var rule = Live(Guid.NewGuid(), scope.Workspace, code);
        change?.Invoke(rule);
        await using var database = await studio.DbAsync();
        database.CouponRules.Add(rule);
        await database.SaveChangesAsync(LedgerWorld.Now);
        var made = await studio.Get<CodeBatches>().CreateAsync(scope, rule.Id, new CodeBatchDraft(code, CodeBatchKind.Shared, Code: code, MostUses: mostUses), LedgerWorld.Now);
        Xunit.Assert.Null(made.Problem);
        return rule;
    }
}
