using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Campaigns.Planning;

internal static class CampaignAudit
{
    /// <param name="action">"campaign.launched" and the like.</param>
    public static AuditEntry Entry(WorkspaceScope scope, TimeProvider clock, string action, Campaign row, CampaignState? before = null) => new()
    {
        WorkspaceId = scope.Workspace,
        At = clock.GetUtcNow(),
        Actor = scope.Actor.Name,
        Action = action,
        Target = row.Name,
        Before = before?.ToString(),
        After = string.Create(CultureInfo.InvariantCulture, $"{row.State}; revision {row.Revision}; audience {row.AudienceCount?.ToString(CultureInfo.InvariantCulture) ?? "open"}; budget {row.BudgetMinor?.ToString(CultureInfo.InvariantCulture) ?? "none"} minor {row.Currency}"),
        Reason = row.Fault,
    };
}
