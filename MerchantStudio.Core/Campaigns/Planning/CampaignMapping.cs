using System.Text.Json;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Campaigns.Planning;

/// <summary>Between the stored campaign and the draft that is edited.</summary>
internal static class CampaignMapping
{
    public static Outcome<CampaignDraft> ToDraft(Campaign row)
    {
        if (!ConditionJson.Read(row.AudienceJson).TryGet(out var audience, out var problem)) return problem;
        return new CampaignDraft(row.Name, audience, row.RuleId, row.Channel, row.EndpointId, MessageOf(row), TimingOf(row), row.Goal, row.GoalDays, row.HoldoutBasisPoints, row.BudgetMinor);
    }

    public static CampaignTiming TimingOf(Campaign row) => new(row.Rhythm, row.StartsOn, row.EndsOn, row.SendMinute, row.AtBestHour);

    public static MessageTemplate? MessageOf(Campaign row)
    {
        try
        {
            return row.TemplateJson is null ? null : MessageTemplate.FromJson(row.TemplateJson);
        }
        catch (JsonException)
        {
            // One that cannot be read counts as missing: the page asks for it again.
            return null;
        }
    }

    public static void Apply(CampaignDraft draft, Campaign row)
    {
        row.Name = draft.Name.Trim();
        row.AudienceJson = ConditionJson.Write(draft.Audience);
        (row.RuleId, row.Channel, row.EndpointId) = (draft.RuleId, draft.Channel, draft.Channel == MessageChannel.Webhook ? draft.EndpointId : null);
        row.TemplateJson = draft.Message?.ToJson();
        var timing = draft.Timing;
        (row.Rhythm, row.StartsOn, row.EndsOn, row.AtBestHour) = (timing.Rhythm, timing.StartsOn, timing.EndsOn, timing.AtBestHour);
        row.SendMinute = timing.AtBestHour ? null : timing.SendMinute;
        (row.Goal, row.GoalDays, row.HoldoutBasisPoints, row.BudgetMinor) = (draft.Goal, draft.GoalDays, draft.HoldoutBasisPoints, draft.BudgetMinor);
    }
}
