using System.Collections.Immutable;
using MerchantStudio.Components.Conditions;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Campaigns;

public sealed class CampaignsViewModel(CampaignPlans plans, CouponRules rules, CampaignStart start, AudienceReader audiences, PipelineReports reports, Texts texts)
{
    private SentenceStyle? _style;
    private ImmutableDictionary<Guid, Offer> _offers = ImmutableDictionary<Guid, Offer>.Empty;

    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }
    public Problem? Refusal { get; private set; }
    public ImmutableArray<CampaignView> Campaigns { get; private set; } = [];

    /// <summary>Whom a new campaign is for, as another page asked; null to let the template choose.</summary>
    public Condition? Audience { get; private set; }

    /// <summary>Shoppers of <see cref="Audience"/> now.</summary>
    public long AudienceCount { get; private set; }

    public IReadOnlyList<SentencePart> AudienceSentence => Audience is { } audience && _style is { } style ? ConditionSentence.Audience(audience, style) : [];

    public int Running => Campaigns.Count(campaign => campaign.State is CampaignState.Running or CampaignState.Scheduled);

    /// <param name="when">A condition as text, from another page's link; one that cannot be read is told and left out.</param>
    public async Task ShowAsync(WorkspaceScope scope, ShopView shop, string? when, CancellationToken cancellationToken)
    {
        if (!(await plans.ListAsync(scope, cancellationToken)).TryGet(out var found, out var problem))
        {
            (State, Problem) = (PageState.Problem, problem);
            return;
        }

        var report = await reports.LatestPublishedAsync(scope, cancellationToken);
        var names = await SegmentNamesQuery.ReadAsync(texts, report?.Segments?.Report, audiences, scope, shop, cancellationToken);
        _style = new SentenceStyle(System.Globalization.CultureInfo.CurrentUICulture, shop.Currency, names.Of);
        var known = await rules.ListAsync(scope, cancellationToken);
        if (known.Succeeded) _offers = known.Value.Where(rule => rule.Draft is not null).ToImmutableDictionary(rule => rule.Id, rule => rule.Draft!.Offer);
        Campaigns = found;
        await TakeAudienceAsync(scope, when, cancellationToken);
        State = PageState.Ready;
    }

    private async Task TakeAudienceAsync(WorkspaceScope scope, string? when, CancellationToken cancellationToken)
    {
        (Audience, AudienceCount, Refusal) = (null, 0, null);
        if (string.IsNullOrEmpty(when)) return;
        if (!ConditionJson.Read(when).TryGet(out var condition, out var problem) || !(await audiences.CountAsync(scope, condition, cancellationToken)).TryGet(out var count, out problem)) Refusal = problem;
        else (Audience, AudienceCount) = (condition, count.Shoppers);
    }

    /// <summary>The whole campaign in a sentence.</summary>
    public IReadOnlyList<SentencePart> Sentence(CampaignView campaign)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        return campaign.Draft is { } draft && _style is { } style ? CampaignSentence.Of(draft, draft.RuleId is { } rule ? _offers.GetValueOrDefault(rule) : null, style) : [];
    }

    /// <returns>The new draft; null when it was refused.</returns>
    public async Task<Guid?> BeginAsync(WorkspaceScope scope, ShopView shop, string? template, CancellationToken cancellationToken)
    {
        Refusal = null;
        if ((await start.FromTemplateAsync(scope, shop, template, Audience, cancellationToken)).TryGet(out var id, out var problem)) return id;
        Refusal = problem;
        return null;
    }
}
