using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Campaigns.Planning;

/// <summary>What is wrong with a campaign by itself, all of it at once; what depends on the shop is <see cref="CampaignPlans.CheckAsync"/>'s.</summary>
public static class CampaignCheck
{
    public const int MostHoldout = 5_000;
    public const int MostGoalDays = 365;
    private const int MostNameLetters = 80;
    private const decimal MostMessageCost = 10_000;
    private const int MessageCostDecimals = 4;
    private const long LargestAmount = 1_000_000_000_000;

    /// <summary>What must be right even for a draft to be kept.</summary>
    public static ImmutableArray<Problem> Shape(CampaignDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var problems = ImmutableArray.CreateBuilder<Problem>();
        if (string.IsNullOrWhiteSpace(draft.Name) || draft.Name.Trim().Length > MostNameLetters) problems.Add(new CampaignNameMissing());
        if (ConditionCheck.Shape(draft.Audience) is { } fault) problems.Add(fault);
        if (draft.HoldoutBasisPoints is < 0 or > MostHoldout) problems.Add(new CampaignHoldoutUnfit());
        if (draft.GoalDays is < 1 or > MostGoalDays) problems.Add(new CampaignGoalUnfit(MostGoalDays));
        if (draft.BudgetMinor is <= 0 or > LargestAmount) problems.Add(new CampaignBudgetUnfit());
        if (draft.Timing.SendMinute is < 0 or >= 24 * 60) problems.Add(new CampaignHourUnfit());
        if (draft.MessageCost is < 0 or > MostMessageCost || decimal.Round(draft.MessageCost, MessageCostDecimals) != draft.MessageCost) problems.Add(new CampaignMessageCostUnfit());
        if (draft.Others.Length >= CampaignVariants.Most) problems.Add(new CampaignVariantsTooMany(CampaignVariants.Most));
        if (draft.Others.Select(other => other.Weight).Append(draft.Weight).Any(weight => weight is < 1 or > CampaignVariants.MostWeight)) problems.Add(new CampaignVariantWeightUnfit(CampaignVariants.MostWeight));
        return problems.ToImmutable();
    }

    /// <param name="today">The day in the store's zone.</param>
    public static ImmutableArray<Problem> Check(CampaignDraft draft, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var problems = Shape(draft).ToBuilder();
        var timing = draft.Timing;
        if (timing is { StartsOn: { } first, EndsOn: { } last } && last < first) problems.Add(new CampaignDatesReversed());
        if (timing.EndsOn < today) problems.Add(new CampaignAlreadyOver(Iso(timing.EndsOn.Value)));
        else if (timing is { Rhythm: CampaignRhythm.Once, StartsOn: { } day } && day < today) problems.Add(new CampaignAlreadyOver(Iso(day)));
        if (draft is { RuleId: null, Channel: null }) problems.Add(new CampaignSaysNothing());
        if (draft.BudgetMinor is not null && draft.RuleId is null && draft.Others.All(other => other.RuleId is null)) problems.Add(new CampaignBudgetNeedsOffer());
        var variants = CampaignVariants.Of(draft);
        for (var number = 0; number < variants.Length; number++)
        {
            // What a variant leaves to A is said of A.
            if (draft.Channel is not null && (number == 0 || draft.Others[number - 1].Message is not null)) Add(problems, variants[number]);
            var twin = Enumerable.Range(0, number).FirstOrDefault(before => IsSame(draft, variants[before], variants[number]), -1);
            if (twin >= 0) problems.Add(new CampaignVariantsAlike(CampaignVariants.Letter(twin), CampaignVariants.Letter(number)));
        }

        return problems.ToImmutable();
    }

    /// <summary>Nothing could be learnt from two that say and give the same.</summary>
    private static bool IsSame(CampaignDraft draft, CampaignVariant one, CampaignVariant other) =>
        one.RuleId == other.RuleId && (draft.Channel is null || one.Message == other.Message);

    private static void Add(ImmutableArray<Problem>.Builder problems, CampaignVariant variant)
    {
        if (variant.Message is not { } message || (message.English is null && message.Chinese is null))
        {
            problems.Add(new CampaignMessageMissing());
            return;
        }

        // Each language by itself, so that a fault in one does not hide one in the other.
        foreach (var one in (MessageTemplate[])[new(message.English, null), new(null, message.Chinese)])
        {
            if (one is { English: null, Chinese: null }) continue;
            if (!one.Parse().TryGet(out var parsed, out var problem)) problems.Add(problem);
            else if (variant.RuleId is null && parsed.In(null).Needed.FirstOrDefault(token => token is MessageTokens.Code or MessageTokens.Offer or MessageTokens.ValidUntil) is { } token) problems.Add(new CampaignTokenNeedsOffer(token));
        }
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
