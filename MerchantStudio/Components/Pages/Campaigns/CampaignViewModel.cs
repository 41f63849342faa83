using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Components.Conditions;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Pages.Promotions;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Campaigns.Running;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Campaigns;

/// <summary>A campaign while it is written: each change is kept at once, so nothing typed is lost with the connection.</summary>
public sealed class CampaignViewModel(
    CampaignPlans plans, CampaignLaunch launch, CampaignForecasts forecasts, CampaignStart start, CouponRules rules, RuleViewModel offer, Messenger messenger, WebhookEndpoints endpoints, AudienceReader audiences,
    PipelineReports reports, Texts texts)
{
    private readonly List<VariantDraft> _variants = [new()];
    private int _question;

    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }

    /// <summary>Why the last step did not go.</summary>
    public Problem? Refusal { get; private set; }
    public CampaignView? Campaign { get; private set; }
    public ConditionOptions Options { get; private set; } = default!;

    /// <summary>The coupon rule that is the offer, edited in place while it is a draft; holds nothing without one.</summary>
    public RuleViewModel Offer => offer;

    /// <summary>Coupon rules that may be chosen.</summary>
    public ImmutableArray<RuleView> Rules { get; private set; } = [];
    public ImmutableArray<EndpointView> Endpoints { get; private set; } = [];
    public ImmutableArray<Problem> Faults { get; private set; } = [];
    public AudienceCount? Audience { get; private set; }

    /// <summary>Whom the last count was of; null while nobody could be counted.</summary>
    public Condition? Counted { get; private set; }
    public CampaignForecast? Forecast { get; private set; }
    public IReadOnlyList<string> SomeMembers { get; private set; } = [];
    public string? PreviewOf { get; private set; }
    public RenderedMessage? PreviewEnglish { get; private set; }
    public RenderedMessage? PreviewChinese { get; private set; }
    public bool Counting { get; private set; }

    public GroupDraft Condition { get; private set; } = new();
    public string? Name { get; set; }
    public Guid? RuleId { get; private set; }
    public MessageChannel? Channel { get; set; }
    public Guid? EndpointId { get; set; }

    /// <summary>Variant A first; only this one unless others are tried.</summary>
    public IReadOnlyList<VariantDraft> Variants => _variants;

    /// <summary>Which variant is written and shown now.</summary>
    public int Chosen { get; private set; }

    public VariantDraft Written => _variants[Chosen];
    public decimal? MessageCost { get; set; }
    public CampaignRhythm Rhythm { get; set; }
    public DateOnly? StartsOn { get; set; }
    public DateOnly? EndsOn { get; set; }
    public int? SendMinute { get; set; }
    public bool AtBestHour { get; set; }
    public decimal? HoldoutPercent { get; set; }
    public ExperimentGoal Goal { get; set; }
    public decimal? GoalDays { get; set; }
    public Money? Budget { get; set; }

    public bool Frozen => Campaign?.IsFrozen == true;

    public CampaignDraft Draft => new(
        string.IsNullOrWhiteSpace(Name) ? texts["Campaigns.new-name"] : Name, Condition.ToCondition(), RuleId, Channel, Channel == MessageChannel.Webhook ? EndpointId : null,
        Channel is null ? null : _variants[0].Message,
        new CampaignTiming(Rhythm, StartsOn, EndsOn, SendMinute, AtBestHour), Goal, (int)(GoalDays ?? 0), (int)((HoldoutPercent ?? 0) * 100), HasOffer ? Budget?.Minor : null,
        Channel is null ? 0 : MessageCost ?? 0, _variants[0].Parts)
    {
        Others = [.. _variants.Skip(1).Select(variant => variant.ToVariant(_variants[0].Message, Channel is not null))],
    };

    public IReadOnlyList<SentencePart> Sentence => CampaignSentence.Of(Draft, OfferTerms, Options.Style);

    /// <summary>What variant A gives; null without an offer.</summary>
    public Offer? OfferTerms => TermsOf(RuleId);

    /// <summary>The share of the treated that a variant gets, 0 to 1.</summary>
    public double ShareOf(int variant) => (double)_variants[variant].Parts / Math.Max(1, _variants.Sum(one => one.Parts));

    public string? OfferText => OfferTerms is { } terms ? RuleSentence.Offer(terms, Options.Style) : null;

    /// <summary>Some variant gives codes.</summary>
    public bool HasOffer => RuleId is not null || _variants.Any(variant => variant.RuleId is not null);

    /// <summary>Offers that wait for an owner, or that one sent back.</summary>
    public IEnumerable<RuleView> Unapproved => Frozen
        ? []
        : Rules.Where(rule => rule.Id == RuleId || _variants.Any(variant => variant.RuleId == rule.Id)).Select(rule => offer.Rule is { } open && open.Id == rule.Id ? open : rule)
            .Where(rule => rule.State == CouponRuleState.AwaitingApproval || rule.SentBack is not null);

    /// <summary>The offer can still be changed here.</summary>
    public bool OfferIsOpen => RuleId is not null && offer.Rule?.Id == RuleId && !offer.Frozen && !Frozen;

    /// <summary>The fault that a field shows.</summary>
    public string? FaultOf(params ReadOnlySpan<string> codes)
    {
        foreach (var fault in Faults)
        {
            if (codes.Contains(fault.Code)) return ProblemText.Of(fault);
        }

        return null;
    }

    public async Task OpenAsync(WorkspaceScope scope, ShopView shop, Guid campaignId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(shop);
        if (!(await plans.FindAsync(scope, campaignId, cancellationToken)).TryGet(out var campaign, out var problem))
        {
            (State, Problem) = (PageState.Problem, problem);
            return;
        }

        if (campaign.Draft is not { } draft)
        {
            (State, Problem) = (PageState.Problem, campaign.Unreadable);
            return;
        }

        var report = await reports.LatestPublishedAsync(scope, cancellationToken);
        var names = await SegmentNamesQuery.ReadAsync(texts, report?.Segments?.Report, audiences, scope, shop, cancellationToken);
        Options = await ConditionOptions.LoadAsync(texts, audiences, scope, shop.Currency, names, basket: false, cancellationToken);
        Campaign = campaign;
        Fill(draft, campaign.Currency);
        await ReadRulesAsync(scope, cancellationToken);
        Endpoints = await endpoints.ListAsync(scope, cancellationToken) is { Succeeded: true } ways ? ways.Value : [];
        if (RuleId is { } rule) await offer.OpenAsync(scope, shop, rule, null, null, false, null, cancellationToken);
        State = PageState.Ready;
        if (!Frozen) await LookAsync(scope, cancellationToken);
    }

    /// <summary>After any edit: kept, checked and counted again.</summary>
    public async Task ChangedAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (await SaveAsync(scope, cancellationToken)) await LookAsync(scope, cancellationToken);
    }

    /// <summary>After an edit of the offer or of whom it is for: the rule keeps to the campaign's audience.</summary>
    public async Task OfferChangedAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (OfferIsOpen && Core.Conditions.ConditionCheck.Shape(Condition.ToCondition()) is null && !await offer.SaveForAsync(scope, Condition.ToCondition(), cancellationToken)) Refusal = offer.Refusal;
        await ChangedAsync(scope, cancellationToken);
    }

    /// <summary>Chooses another offer: a rule, a new one, or none.</summary>
    /// <param name="ruleId">Null for none; the empty id for a new one.</param>
    public async Task ChooseOfferAsync(WorkspaceScope scope, ShopView shop, Guid? ruleId, CancellationToken cancellationToken)
    {
        Refusal = null;
        if (ruleId == Guid.Empty)
        {
            var draft = new RuleDraft(Draft.Name, Condition.ToCondition(), new Offer(OfferKind.Percent, 1_000));
            if (!(await start.RuleAsync(scope, draft, cancellationToken)).TryGet(out var made, out var problem))
            {
                Refusal = problem;
                return;
            }

            ruleId = made;
        }

        RuleId = ruleId;
        if (ruleId is { } chosen) await offer.OpenAsync(scope, shop, chosen, null, null, false, null, cancellationToken);
        await ChangedAsync(scope, cancellationToken);
    }

    /// <summary>Tries another message beside the others; it begins as a copy of A's.</summary>
    public Task TryAnotherAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (_variants.Count >= CampaignVariants.Most) return Task.CompletedTask;
        _variants.Add(VariantDraft.Of(null, _variants[0].Message, 1));
        Chosen = _variants.Count - 1;
        return ChangedAsync(scope, cancellationToken);
    }

    /// <summary>Tries one variant less; A stays.</summary>
    public Task RemoveAsync(WorkspaceScope scope, int variant, CancellationToken cancellationToken)
    {
        _variants.RemoveAt(variant);
        if (_variants.Count == 1) _variants[0].Weight = 1;
        Chosen = Math.Min(Chosen, _variants.Count - 1);
        return ChangedAsync(scope, cancellationToken);
    }

    public async Task ChooseVariantAsync(WorkspaceScope scope, int variant, CancellationToken cancellationToken)
    {
        Chosen = variant;
        await PreviewAsync(scope, PreviewOf ?? "", cancellationToken);
    }

    /// <summary>Another offer for the variant that is written: a rule, a new one, or A's.</summary>
    /// <param name="ruleId">Null for A's; the empty id for a new one.</param>
    public async Task ChooseVariantOfferAsync(WorkspaceScope scope, Guid? ruleId, CancellationToken cancellationToken)
    {
        Refusal = null;
        if (ruleId == Guid.Empty)
        {
            var draft = new RuleDraft($"{Draft.Name} {CampaignVariants.Letter(Chosen)}", Condition.ToCondition(), OfferTerms ?? new Offer(OfferKind.Percent, 1_000));
            if (!(await start.RuleAsync(scope, draft, cancellationToken)).TryGet(out var made, out var problem))
            {
                Refusal = problem;
                return;
            }

            ruleId = made;
            await ReadRulesAsync(scope, cancellationToken);
        }

        Written.RuleId = ruleId;
        await ChangedAsync(scope, cancellationToken);
    }

    /// <summary>Checks anew, as a launch would.</summary>
    public async Task<bool> IsReadyAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (!await SaveAsync(scope, cancellationToken)) return false;
        await LookAsync(scope, cancellationToken);
        return Faults.IsEmpty;
    }

    /// <returns>Null when it was refused.</returns>
    public async Task<Launched?> LaunchAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        Refusal = null;
        if (Campaign is not { } campaign) return null;
        if (!(await launch.LaunchAsync(scope, campaign.Id, campaign.Revision, cancellationToken)).TryGet(out var launched, out var problem)) Refusal = problem;
        await ReloadAsync(scope, cancellationToken);
        await ReadRulesAsync(scope, cancellationToken);
        if (offer.Rule is not null) await offer.ReloadAsync(scope, cancellationToken);
        return Refusal is null ? launched : null;
    }

    public Task<bool> PauseAsync(WorkspaceScope scope, CancellationToken cancellationToken) => MoveAsync(launch.PauseAsync, scope, cancellationToken);

    public Task<bool> ResumeAsync(WorkspaceScope scope, CancellationToken cancellationToken) => MoveAsync(launch.ResumeAsync, scope, cancellationToken);

    public Task<bool> EndAsync(WorkspaceScope scope, CancellationToken cancellationToken) => MoveAsync(launch.EndAsync, scope, cancellationToken);

    public async Task<bool> DeleteAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        Refusal = Campaign is null ? null : (await plans.DeleteAsync(scope, Campaign.Id, cancellationToken)).Problem;
        return Refusal is null;
    }

    /// <returns>The copy; null when it was refused.</returns>
    public async Task<Guid?> CopyAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        Refusal = null;
        if ((await start.CopyAsync(scope, Draft, cancellationToken)).TryGet(out var id, out var problem)) return id;
        Refusal = problem;
        return null;
    }

    /// <summary>The message as a shopper would get it, in each language that is written.</summary>
    public async Task PreviewAsync(WorkspaceScope scope, string shopper, CancellationToken cancellationToken)
    {
        PreviewOf = shopper;
        (PreviewEnglish, PreviewChinese) = (null, null);
        if (Channel is null || Written.Message is not { } message || shopper.Length == 0) return;
        PreviewEnglish = await RenderAsync(message with { Chinese = null }, MessageTemplate.EnglishName);
        PreviewChinese = await RenderAsync(message with { English = null }, MessageTemplate.ChineseName);

        async Task<RenderedMessage?> RenderAsync(MessageTemplate one, string language)
        {
            if (one is { English: null, Chinese: null }) return null;
            var shown = await messenger.PreviewAsync(scope, one, shopper, language, ValuesIn(language), cancellationToken);
            return shown.Succeeded ? shown.Value : null;
        }
    }

    public async Task ReloadAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Campaign is null || !(await plans.FindAsync(scope, Campaign.Id, cancellationToken)).TryGet(out var campaign, out _)) return;
        Campaign = campaign;
    }

    private Offer? TermsOf(Guid? rule) => rule is null ? null : offer.Rule?.Id == rule ? offer.Offer : Rules.FirstOrDefault(one => one.Id == rule)?.Draft?.Offer;

    private async Task ReadRulesAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var known = await rules.ListAsync(scope, cancellationToken);
        Rules = known.Succeeded
            ? [.. known.Value.Where(rule => rule.Draft is not null && (rule.Id == RuleId || _variants.Any(variant => variant.RuleId == rule.Id) || rule.State is not (CouponRuleState.Paused or CouponRuleState.Ended)))] : [];
    }

    private ImmutableDictionary<string, string> ValuesIn(string language)
    {
        if (TermsOf(Written.RuleId ?? RuleId) is not { } terms) return ImmutableDictionary<string, string>.Empty;
        var culture = CultureInfo.GetCultureInfo(language);
        var values = ImmutableDictionary<string, string>.Empty.Add(MessageTokens.Offer, RuleSentence.Offer(terms, new SentenceStyle(culture, Options.Currency, key => key))).Add(MessageTokens.Code, texts["Campaigns.sample-code"]);
        return ((Written.RuleId ?? RuleId) is { } rule && offer.Rule?.Id == rule ? offer.EndsOn : Rules.FirstOrDefault(one => one.Id == (Written.RuleId ?? RuleId))?.Draft?.EndsOn) is { } last ? values.Add(MessageTokens.ValidUntil, ConditionFigures.Day(last, culture)) : values;
    }

    private async Task<bool> MoveAsync(Func<WorkspaceScope, Guid, CancellationToken, Task<Outcome<Done>>> move, WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Campaign is null) return false;
        Refusal = (await move(scope, Campaign.Id, cancellationToken)).Problem;
        await ReloadAsync(scope, cancellationToken);
        return Refusal is null;
    }

    private async Task<bool> SaveAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Campaign is not { IsFrozen: false } campaign) return false;

        // What cannot be kept is said beside its field; the last good state stays.
        var draft = Draft;
        Faults = CampaignCheck.Shape(draft);
        if (!Faults.IsEmpty) return false;
        Refusal = (await plans.SaveAsync(scope, campaign.Id, campaign.Revision, draft, cancellationToken)).Problem;
        if (Refusal is null) await ReloadAsync(scope, cancellationToken);
        return Refusal is null;
    }

    private async Task LookAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var question = ++_question;
        var draft = Draft;
        Counting = true;
        var checkup = await plans.CheckAsync(scope, Campaign?.Id, draft, cancellationToken);

        // A later edit asked again meanwhile; its answer counts.
        if (question != _question) return;
        Counting = false;
        (Faults, Audience) = checkup.TryGet(out var found, out var problem) ? (found.Problems, found.Audience) : ([problem], null);
        Counted = Audience is null ? null : draft.Audience;
        var asked = Audience is null ? default : await forecasts.AskAsync(scope, draft, cancellationToken);
        Forecast = Audience is not null && asked.Succeeded ? asked.Value : null;
        var members = Audience is null ? default : await audiences.MembersAsync(scope, draft.Audience, 8, cancellationToken);
        SomeMembers = Audience is not null && members.Succeeded ? [.. members.Value.Select(member => member.UserId)] : [];
        var shopper = PreviewOf is { Length: > 0 } chosen ? chosen : SomeMembers.Count > 0 ? SomeMembers[0] : null;
        if (shopper is not null) await PreviewAsync(scope, shopper, cancellationToken);
    }

    private void Fill(CampaignDraft draft, string currency)
    {
        (Name, RuleId, Channel, EndpointId) = (draft.Name, draft.RuleId, draft.Channel, draft.EndpointId);
        Condition = ConditionDraft.From(draft.Audience);
        _variants.Clear();
        _variants.Add(VariantDraft.Of(null, draft.Message, draft.Weight));
        _variants.AddRange(draft.Others.Select(other => VariantDraft.Of(other.RuleId, other.Message ?? draft.Message, other.Weight)));
        Chosen = Math.Min(Chosen, _variants.Count - 1);
        var timing = draft.Timing;
        (Rhythm, StartsOn, EndsOn, SendMinute, AtBestHour) = (timing.Rhythm, timing.StartsOn, timing.EndsOn, timing.SendMinute, timing.AtBestHour);
        (HoldoutPercent, Goal, GoalDays) = (draft.HoldoutBasisPoints / 100m, draft.Goal, draft.GoalDays);
        Budget = draft.BudgetMinor is { } minor ? new Money(minor, currency) : null;
        MessageCost = draft.MessageCost;
    }
}
