using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>Stored rules as they are held against carts.</summary>
internal static class ReplayRules
{
    public static CartRule Of(CouponRule rule, RuleDraft draft, DateTimeOffset since) => CartRule.Of(rule.Id, draft, since) with { StartsAt = rule.StartsAt, EndsAt = rule.EndsAt };

    /// <summary>Rules that are live now and can be read and answered; the asked one is not among them.</summary>
    public static async Task<ImmutableArray<CartRule>> LiveAsync(StudioDb database, WorkspaceId workspace, Guid except, ConditionContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        var rules = await database.CouponRules.AsNoTracking().Where(rule => rule.WorkspaceId == workspace && rule.Id != except && rule.State == CouponRuleState.Live).OrderBy(rule => rule.ActivatedAt)
            .ToArrayAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. rules.Where(rule => RuleCalendar.StateOf(rule, time) == CouponRuleState.Live)
                .Select(rule => (rule, read: RuleMapping.ToDraft(rule, context.TimeZone))).Where(found => found.read.Succeeded && ConditionCheck.Against(found.read.Value.Condition, context) is null)
                .Select(found => Of(found.rule, found.read.Value, found.rule.ActivatedAt ?? found.rule.CreatedAt)),
        ];
    }

    /// <summary>Tells terms apart: condition, offer and every limit, but not the name.</summary>
    public static string HashOf(RuleDraft draft)
    {
        var terms = ConditionJson.Write(draft.Condition) + JsonSerializer.Serialize(draft with { Name = "", CodePrefix = "", Condition = Condition.Everybody });
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(terms)))[..16];
    }
}
