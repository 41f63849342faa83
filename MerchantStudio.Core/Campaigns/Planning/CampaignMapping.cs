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
        return new CampaignDraft(row.Name, audience, row.RuleId, row.Channel, row.EndpointId, MessageOf(row.TemplateJson), TimingOf(row), row.Goal, row.GoalDays, row.HoldoutBasisPoints, row.BudgetMinor, row.MessageCost, row.Weight)
        {
            Others = [.. row.Variants.OrderBy(variant => variant.Number).Select(variant => new CampaignVariant(variant.RuleId, MessageOf(variant.TemplateJson), variant.Weight))],
        };
    }

    public static CampaignTiming TimingOf(Campaign row) => new(row.Rhythm, row.StartsOn, row.EndsOn, row.SendMinute, row.AtBestHour);

    private static MessageTemplate? MessageOf(string? json)
    {
        try
        {
            return json is null ? null : MessageTemplate.FromJson(json);
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
        (row.MessageCost, row.Weight) = (draft.MessageCost, draft.Weight);
        ApplyVariants(draft, row);
    }

    private static void ApplyVariants(CampaignDraft draft, Campaign row)
    {
        foreach (var gone in row.Variants.Where(variant => variant.Number > draft.Others.Length).ToList()) row.Variants.Remove(gone);
        for (var number = 1; number <= draft.Others.Length; number++)
        {
            var (wanted, kept) = (draft.Others[number - 1], row.Variants.FirstOrDefault(variant => variant.Number == number));
            if (kept is null) row.Variants.Add(kept = new CampaignVariantRow { CampaignId = row.Id, Number = number });
            (kept.RuleId, kept.TemplateJson, kept.Weight) = (wanted.RuleId, wanted.Message?.ToJson(), wanted.Weight);
        }
    }
}
