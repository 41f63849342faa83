using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Campaigns;

/// <summary>Begins a campaign as a saved draft: everything typed from then on is kept, also when the browser is closed.</summary>
public sealed class CampaignStart(CampaignPlans plans, CouponRules rules, RuleTemplates templates, MessagingSetup setup, AudienceReader audiences, Texts texts)
{
    private const int MostNumber = 100;

    /// <summary>Of the codes that are given, so many are thought to come back.</summary>
    private const decimal UsualShare = 0.2m;

    /// <param name="template">Key of a template; null for an empty campaign.</param>
    /// <param name="audience">Who is written to; null for those whom the template is made for.</param>
    public async Task<Outcome<Guid>> FromTemplateAsync(WorkspaceScope scope, ShopView shop, string? template, Condition? audience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(shop);
        var channel = await ChannelAsync(scope, cancellationToken);
        var found = CampaignTemplates.All.FirstOrDefault(one => one.Key == template);
        if (found is null)
        {
            return await SaveAsync(scope, new CampaignDraft(texts["Campaigns.new-name"], audience ?? new InSegment(["rfm:at_risk"]), null, channel, null, null, new CampaignTiming()), cancellationToken);
        }

        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(shop.Now, shop.Zone).DateTime);
        var name = texts["Campaigns.template-" + found.Key];
        var begun = RuleTemplates.Of(await templates.FiguresAsync(scope, shop.Currency, cancellationToken), shop.Currency, today).First(rule => rule.Key == found.Key).Draft with { Name = name };
        if (audience is not null) begun = begun with { Condition = audience };
        if (!(await RuleAsync(scope, begun, cancellationToken)).TryGet(out var rule, out var problem)) return problem;
        var budget = await BudgetAsync(scope, shop, begun, cancellationToken);
        return await SaveAsync(scope, new CampaignDraft(name, begun.Condition, rule, channel, null, found.Message, new CampaignTiming(found.Rhythm), ExperimentGoal.Profit, found.GoalDays, CampaignTemplates.UsualHoldout, budget), cancellationToken);
    }

    /// <summary>A new draft with the terms of another campaign, and with a copy of its offer: the codes of the old one stay with it.</summary>
    public async Task<Outcome<Guid>> CopyAsync(WorkspaceScope scope, CampaignDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var copies = new Dictionary<Guid, Guid>();
        foreach (var id in CampaignVariants.Of(draft).Select(variant => variant.RuleId).OfType<Guid>().Distinct())
        {
            if (await rules.FindAsync(scope, id, cancellationToken) is not { Succeeded: true, Value.Draft: { } terms }) continue;
            if (!(await RuleAsync(scope, terms with { StartsOn = null }, cancellationToken)).TryGet(out var copy, out var problem)) return problem;
            copies[id] = copy;
        }

        return await SaveAsync(scope, draft with { RuleId = CopyOf(draft.RuleId), Others = [.. draft.Others.Select(other => other with { RuleId = CopyOf(other.RuleId) })], Timing = draft.Timing with { StartsOn = null, EndsOn = null } }, cancellationToken);

        Guid? CopyOf(Guid? rule) => rule is { } id && copies.TryGetValue(id, out var copy) ? copy : null;
    }

    /// <summary>A new offer for a campaign that has none.</summary>
    public Task<Outcome<Guid>> RuleAsync(WorkspaceScope scope, RuleDraft draft, CancellationToken cancellationToken) =>
        NumberedAsync(draft.Name, name => rules.SaveAsync(scope, null, 0, draft with { Name = name }, cancellationToken), problem => problem is RuleNameTaken);

    private Task<Outcome<Guid>> SaveAsync(WorkspaceScope scope, CampaignDraft draft, CancellationToken cancellationToken) =>
        NumberedAsync(draft.Name, name => plans.SaveAsync(scope, null, 0, draft with { Name = name }, cancellationToken), problem => problem is CampaignNameTaken);

    /// <summary>The first way that can be used without asking anybody: mail where it is set up, a webhook where there is one, else a file.</summary>
    private async Task<MessageChannel> ChannelAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var settings = await setup.LookAsync(scope, cancellationToken);
        return settings.Succeeded && settings.Value.CanMail ? MessageChannel.Email : MessageChannel.Csv;
    }

    /// <summary>What a fifth of the codes would cost at most, but no more than a marketer may spend alone.</summary>
    private async Task<long?> BudgetAsync(WorkspaceScope scope, ShopView shop, RuleDraft rule, CancellationToken cancellationToken)
    {
        if (rule.Offer.MostPerUseMinor is not ({ } most and > 0)) return null;
        var counted = await audiences.CountAsync(scope, rule.Condition, cancellationToken);
        if (!counted.Succeeded || counted.Value.Shoppers == 0) return null;
        var unit = Money.Of(10, shop.Currency).Minor;
        var wanted = (long)Math.Ceiling(counted.Value.Shoppers * most * UsualShare / unit) * unit;
        return Math.Clamp(wanted, most, Math.Max(most, shop.Workspace.ApprovalLimitMinor));
    }

    private static async Task<Outcome<Guid>> NumberedAsync(string name, Func<string, Task<Outcome<Guid>>> save, Func<Problem, bool> isTaken)
    {
        var saved = await save(name);
        for (var number = 2; saved.Problem is { } problem && isTaken(problem) && number < MostNumber; number++) saved = await save($"{name} ({number})");
        return saved;
    }
}
