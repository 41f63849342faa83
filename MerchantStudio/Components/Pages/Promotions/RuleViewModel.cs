using System.Collections.Immutable;
using MerchantStudio.Components.Conditions;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>A coupon rule while it is looked at and edited: fields, what they would do, and the steps of its life.</summary>
public sealed class RuleViewModel(
    CouponRules rules, RuleActivation activation, RuleVersions versions, RulePreviews previews, RuleTemplates templates, AudienceReader audiences, PipelineReports reports, Texts texts)
{
    private int _question;
    private int _opening;

    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }

    /// <summary>Why the last step did not go; shown beside the page.</summary>
    public Problem? Refusal { get; private set; }
    public RuleView? Rule { get; private set; }
    public ConditionOptions Options { get; private set; } = default!;
    public GroupDraft Condition { get; private set; } = new();
    public string Currency { get; private set; } = "";
    public bool Dirty { get; private set; }
    public bool Counting { get; private set; }
    public RuleEstimate? Estimate { get; private set; }
    public ImmutableArray<Problem> Faults { get; private set; } = [];
    public ShopperPreview? Preview { get; private set; }
    public IReadOnlyList<string> SomeMembers { get; private set; } = [];

    public string? Name { get; set; }
    public OfferDraft OfferDraft { get; private set; } = new();
    public DateOnly? StartsOn { get; set; }
    public DateOnly? EndsOn { get; set; }
    public decimal? UsesEach { get; set; } = 1;
    public decimal? UsesTotal { get; set; }
    public Money? Budget { get; set; }
    public RuleMethod Method { get; set; }
    public decimal? DayUses { get; set; }
    public Money? DayBudget { get; set; }
    public Money? CustomerBudget { get; set; }
    public List<SegmentLimitDraft> SegmentLimits { get; } = [];
    public string? Prefix { get; set; }
    public decimal? Priority { get; set; }
    public string? Group { get; set; }
    public OfferClasses CombinesWith { get; set; }
    public decimal? MarginFloor { get; set; }

    /// <summary>What was saved of the rule, the newest first.</summary>
    public IReadOnlyList<SavedTerms> Versions { get; private set; } = [];

    /// <summary>The running rule whose place this one takes when it goes live.</summary>
    public Guid? Replaces { get; private set; }

    public PreviewBasket Basket { get; private set; }

    public bool IsAutomatic => Method == RuleMethod.Automatic;

    /// <summary>Codes are given out: the terms stand.</summary>
    public bool Frozen => Rule?.State is CouponRuleState.Live or CouponRuleState.Scheduled or CouponRuleState.Paused or CouponRuleState.Ended;

    public Offer Offer => OfferDraft.ToOffer();

    /// <summary>Without a name of its own a rule is called by its offer.</summary>
    public RuleDraft Draft => new(
        string.IsNullOrWhiteSpace(Name) ? OfferText : Name, Condition.ToCondition(), Offer, StartsOn, EndsOn, (int)(UsesEach ?? 0), (int?)UsesTotal, Budget?.Minor, Prefix?.Trim().ToUpperInvariant() ?? "")
    {
        Priority = (int)(Priority ?? 0),
        ExclusiveGroup = string.IsNullOrWhiteSpace(Group) ? null : Group.Trim(),
        CombinesWith = CombinesWith,
        MarginFloorBasisPoints = (int?)(MarginFloor * 100),
        Method = Method,
        DayUses = (int?)DayUses,
        DayBudgetMinor = DayBudget?.Minor,
        CustomerBudgetMinor = CustomerBudget?.Minor,
        SegmentLimits = [.. SegmentLimits.Select(limit => new SegmentLimit(limit.Segment, (int?)limit.Uses, limit.Budget?.Minor))],
    };

    public IReadOnlyList<SentencePart> Sentence => RuleSentence.Of(Draft, Options.Style);

    public string OfferText => RuleSentence.Offer(Offer, Options.Style);

    /// <summary>The fault that a field shows.</summary>
    public string? FaultOf(params ReadOnlySpan<string> codes)
    {
        foreach (var fault in Faults)
        {
            if (codes.Contains(fault.Code)) return ProblemText.Of(fault);
        }

        return null;
    }

    /// <param name="ruleId">Null for a new rule.</param>
    /// <param name="when">Condition of a new rule as JSON.</param>
    /// <param name="copyOf">Rule whose terms a new one begins with.</param>
    /// <param name="replaces">Whether the new one is to take that rule's place.</param>
    /// <param name="template">Key of a template that a new one begins with.</param>
    public async Task OpenAsync(WorkspaceScope scope, ShopView shop, Guid? ruleId, string? when, Guid? copyOf, bool replaces, string? template, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(shop);
        var opening = ++_opening;
        Currency = shop.Currency;
        var report = await reports.LatestPublishedAsync(scope, cancellationToken);
        var names = await SegmentNamesQuery.ReadAsync(texts, report?.Segments?.Report, audiences, scope, shop, cancellationToken);
        Options = await ConditionOptions.LoadAsync(texts, audiences, scope, Currency, names, basket: true, cancellationToken);
        if ((ruleId ?? copyOf) is { } id)
        {
            var found = await rules.FindAsync(scope, id, cancellationToken);

            // Another address was asked for meanwhile.
            if (opening != _opening) return;
            if (!found.TryGet(out var rule, out var problem))
            {
                (State, Problem) = (PageState.Problem, problem);
                return;
            }

            if (rule.Fault is not null || rule.Draft is null)
            {
                (State, Problem) = (PageState.Problem, rule.Fault);
                return;
            }

            Fill(rule.Draft);
            Rule = ruleId is null ? null : rule;
            Replaces = ruleId is null ? replaces ? rule.Id : null : rule.Replaces;
            if (ruleId is null) Name = null;
        }
        else if (opening != _opening)
        {
            return;
        }
        else
        {
            (Rule, Replaces) = (null, null);
            var figures = template is null ? null : await templates.FiguresAsync(scope, Currency, cancellationToken);
            var begun = figures is null ? null : RuleTemplates.Of(figures, Currency, names.Today).FirstOrDefault(found => found.Key == template)?.Draft;
            Fill(begun ?? new RuleDraft("", ConditionJson.Read(when ?? "") is { Succeeded: true } read ? read.Value : new InSegment(["rfm:at_risk"]), new Offer(OfferKind.Percent, 1000)));
        }

        await ReadVersionsAsync(scope, cancellationToken);
        State = PageState.Ready;
        Dirty = false;
        await CountAsync(scope, cancellationToken);
    }

    /// <summary>After any edit: what is wrong, and what the rule would do now.</summary>
    public Task ChangedAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        Dirty = true;
        Refusal = null;
        return CountAsync(scope, cancellationToken);
    }

    public async Task<bool> SaveAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        Refusal = null;
        var draft = Draft;
        var saved = await rules.SaveAsync(scope, Rule?.Id, Rule?.Revision ?? 0, draft, Replaces, cancellationToken);

        // A name that nobody typed gives way to one that is taken.
        for (var number = 2; saved.Problem is RuleNameTaken && string.IsNullOrWhiteSpace(Name) && number < 100; number++)
            saved = await rules.SaveAsync(scope, Rule?.Id, Rule?.Revision ?? 0, draft with { Name = $"{draft.Name} ({number})" }, Replaces, cancellationToken);
        return saved.TryGet(out var id, out var problem) ? await ReloadAsync(scope, id, cancellationToken) : Refuse(problem);
    }

    /// <summary>Saves the rule for other people than it was for: it is the offer of a campaign.</summary>
    public Task<bool> SaveForAsync(WorkspaceScope scope, Condition audience, CancellationToken cancellationToken)
    {
        Condition = ConditionDraft.From(audience);
        return SaveAsync(scope, cancellationToken);
    }

    /// <summary>Saves what is not saved yet and gives the codes out.</summary>
    /// <returns>Null when it was refused; the reason is then in <see cref="Refusal"/>.</returns>
    public async Task<Activation?> ActivateAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if ((Dirty || Rule is null) && !await SaveAsync(scope, cancellationToken)) return null;
        if (!(await activation.ActivateAsync(scope, Rule!.Id, Rule.Revision, cancellationToken)).TryGet(out var done, out var problem))
        {
            Refuse(problem);
            return null;
        }

        await ReloadAsync(scope, Rule.Id, cancellationToken);
        return done;
    }

    /// <returns>Why it was not sent back; null when it was.</returns>
    public async Task<Problem?> SendBackAsync(WorkspaceScope scope, string reason, CancellationToken cancellationToken)
    {
        if (Rule is null) return null;
        if ((await activation.SendBackAsync(scope, Rule.Id, Rule.Revision, reason, cancellationToken)).Problem is { } problem) return problem;
        await ReloadAsync(scope, Rule.Id, cancellationToken);
        return null;
    }

    public Task<bool> PauseAsync(WorkspaceScope scope, CancellationToken cancellationToken) => MoveAsync(activation.PauseAsync, scope, cancellationToken);

    public Task<bool> ResumeAsync(WorkspaceScope scope, CancellationToken cancellationToken) => MoveAsync(activation.ResumeAsync, scope, cancellationToken);

    public Task<bool> EndAsync(WorkspaceScope scope, CancellationToken cancellationToken) => MoveAsync(activation.EndAsync, scope, cancellationToken);

    public async Task<bool> DeleteAsync(WorkspaceScope scope, CancellationToken cancellationToken) =>
        Rule is not null && ((await rules.DeleteAsync(scope, Rule.Id, cancellationToken)).Problem is not { } problem || Refuse(problem));

    public async Task PreviewAsync(WorkspaceScope scope, string shopper, PreviewBasket basket, CancellationToken cancellationToken)
    {
        Basket = basket;
        var draft = Draft;
        var known = await audiences.ContextAsync(scope, cancellationToken);
        var facts = shopper.Length == 0 ? null : await audiences.FactsAsync(scope, shopper, cancellationToken);
        if (facts is null || !known.Succeeded || ConditionCheck.Against(draft.Condition, known.Value) is not null)
        {
            Preview = null;
            return;
        }

        var cart = await previews.BasketAsync(scope, shopper, basket, cancellationToken);
        var decided = cart is null ? default : await previews.DecideAsync(scope, draft, Rule?.Id, facts, cart, cancellationToken);
        Preview = ShopperPreview.Of(draft, Rule?.Id, known.Value, facts, cart is not null && decided.Succeeded ? decided.Value : null);
    }

    private bool Refuse(Problem problem)
    {
        Refusal = problem;
        return false;
    }

    private async Task<bool> MoveAsync(Func<WorkspaceScope, Guid, CancellationToken, Task<Outcome<Done>>> move, WorkspaceScope scope, CancellationToken cancellationToken)
    {
        Refusal = null;
        if (Rule is null) return false;
        if ((await move(scope, Rule.Id, cancellationToken)).Problem is { } problem) return Refuse(problem);
        return await ReloadAsync(scope, Rule.Id, cancellationToken);
    }

    /// <summary>After something else than this changed the rule. What is being written stays.</summary>
    public async Task ReloadAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Rule is { } rule) await ReloadAsync(scope, rule.Id, cancellationToken);
    }

    private async Task<bool> ReloadAsync(WorkspaceScope scope, Guid id, CancellationToken cancellationToken)
    {
        if (!(await rules.FindAsync(scope, id, cancellationToken)).TryGet(out var rule, out var problem)) return Refuse(problem);
        Rule = rule;
        Name = rule.Name;
        Dirty = false;
        await ReadVersionsAsync(scope, cancellationToken);
        return true;
    }

    private async Task ReadVersionsAsync(WorkspaceScope scope, CancellationToken cancellationToken) =>
        Versions = Rule is { } rule && await versions.ListAsync(scope, rule.Id, cancellationToken) is { Succeeded: true } read ? read.Value : [];

    private void Fill(RuleDraft draft)
    {
        Name = draft.Name;
        Condition = ConditionDraft.From(draft.Condition);
        OfferDraft = Promotions.OfferDraft.Of(draft.Offer, Currency);
        (StartsOn, EndsOn) = (draft.StartsOn, draft.EndsOn);
        (UsesEach, UsesTotal) = (draft.UsesPerCustomer, draft.TotalUses);
        Budget = Of(draft.BudgetMinor);
        Prefix = draft.CodePrefix;
        (Priority, Group, CombinesWith, MarginFloor) = (draft.Priority, draft.ExclusiveGroup, draft.CombinesWith, draft.MarginFloorBasisPoints / 100m);
        (Method, DayUses, DayBudget, CustomerBudget) = (draft.Method, draft.DayUses, Of(draft.DayBudgetMinor), Of(draft.CustomerBudgetMinor));
        SegmentLimits.Clear();
        SegmentLimits.AddRange(draft.SegmentLimits.Select(limit => new SegmentLimitDraft { Segment = limit.Segment, Uses = limit.Uses, Budget = Of(limit.BudgetMinor) }));
    }

    private Money? Of(long? minor) => minor is { } given ? new Money(given, Currency) : null;

    private async Task CountAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var question = ++_question;
        var draft = Draft;
        Faults = Frozen ? [] : RuleCheck.Check(draft, Options.Names.Today);
        if (ConditionCheck.Shape(draft.Condition) is not null || draft.UsesPerCustomer < 1)
        {
            Estimate = null;
            return;
        }

        Counting = true;
        var outcome = await rules.EstimateAsync(scope, draft, cancellationToken);

        // A later edit asked again meanwhile; its answer counts.
        if (question != _question) return;
        Counting = false;
        Estimate = outcome.Succeeded ? outcome.Value : null;
        if (outcome.Problem is { } problem) Faults = Faults.Add(problem);
        var members = await audiences.MembersAsync(scope, draft.Condition, 8, cancellationToken);
        SomeMembers = members.Succeeded ? [.. members.Value.Select(member => member.UserId)] : [];
        var shopper = Preview?.Facts.UserId ?? (SomeMembers is [var first, ..] ? first : null);
        if (shopper is not null) await PreviewAsync(scope, shopper, Basket, cancellationToken);
    }
}
