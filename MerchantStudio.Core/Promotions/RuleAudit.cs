using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Promotions;

internal static class RuleAudit
{
    public const string SentBack = "rule.sent-back";

    /// <param name="action">"rule.activated" and the like.</param>
    public static AuditEntry Entry(WorkspaceScope scope, TimeProvider time, string action, CouponRule rule, CouponRuleState? before = null) => new()
    {
        WorkspaceId = scope.Workspace,
        At = time.GetUtcNow(),
        Actor = scope.Actor.Name,
        Action = action,
        Target = rule.Name,
        Before = before?.ToString(),
        After = string.Create(CultureInfo.InvariantCulture, $"{rule.State}; revision {rule.Revision}; audience {rule.AudienceCount?.ToString(CultureInfo.InvariantCulture) ?? "open"}; budget {rule.BudgetMinor?.ToString(CultureInfo.InvariantCulture) ?? "none"} minor {rule.Currency}") + (action == SentBack ? "; sent back: " + rule.SentBackReason : ""),
    };
}
