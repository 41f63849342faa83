using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Promotions;

public sealed partial class RulePage
{
    private string? _opened;
    private string? _saved;
    private bool _busy;
    private bool _activating;
    private bool _ending;
    private bool _deleting;
    private bool _comparing;
    private bool _sendingBack;

    [Inject] public required RuleViewModel Model { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    /// <summary>A rule's id, or "new".</summary>
    [Parameter] public string RuleId { get; set; } = "new";

    /// <summary>Condition that a new rule begins with, as JSON.</summary>
    [SupplyParameterFromQuery] public string? When { get; set; }

    /// <summary>Rule that a new one is copied from.</summary>
    [SupplyParameterFromQuery] public string? Copy { get; set; }

    /// <summary>Whether it is to take the place of the rule it is copied from.</summary>
    [SupplyParameterFromQuery] public bool Replaces { get; set; }

    /// <summary>Template that a new rule begins with.</summary>
    [SupplyParameterFromQuery] public string? Template { get; set; }

    private bool SendsOnly => Model.Estimate?.NeedsApproval == true && !Shop.May(Right.ApproveBudget);

    private string PrimaryText => SendsOnly
        ? T["Promotions.send-approval"]
        : Model.Estimate is null || Model.IsAutomatic ? T["Promotions.activate-plain"]
        : T[Model.Rule?.State == CouponRuleState.AwaitingApproval ? "Promotions.approve" : "Promotions.activate", Show.Count(Model.Estimate.Given)];

    /// <summary>Why the primary action is not to be had now.</summary>
    private string? WhyNot => Model.Faults.FirstOrDefault() is { } fault
        ? ProblemText.Of(fault)
        : Model.Rule?.State == CouponRuleState.AwaitingApproval && SendsOnly ? T["Promotions.state-AwaitingApproval"]
        : Model.Estimate is null ? T["Segments.counting"]
        : Model.IsAutomatic ? null
        : Model.Estimate.Audience == 0 ? ProblemText.Of(new RuleAudienceEmpty())
        : Model.Estimate.Given == 0 ? ProblemText.Of(new RuleLimitTooSmall()) : null;

    private string? SecondThought
    {
        get
        {
            if (Model.Frozen && Model.IsAutomatic) return T["Promotions.rule-second-automatic"];
            if (Model.Frozen && Model.Rule!.Used == 0) return T["Promotions.rule-second-unused"];
            if (Model.Frozen) return T["Promotions.rule-second-used", Show.Count(Model.Rule!.Used), Show.Count(Model.Rule.Uses)];
            if (Model.Estimate is not { } estimate) return null;
            var most = estimate.MostMinor is { } bound ? Amount(bound) : null;
            if (estimate.Cost is { } cost)
            {
                return most is null ? T["Promotions.rule-second-cost-open", About(cost.LowMinor), About(cost.HighMinor)]
                    : T["Promotions.rule-second-cost", About(cost.LowMinor), About(cost.HighMinor), most];
            }

            return most is null ? T["Promotions.rule-second-unknown"] : T["Promotions.rule-second-bound", most];
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_saved is { } saved)
        {
            // The address follows the first save; query and route arrive one after the other, and what is shown stays.
            if (RuleId == saved) _saved = null;
            return;
        }

        var address = $"{Workspace}/{RuleId}?{When}{Copy}{Replaces}{Template}";
        if (_opened == address) return;
        _opened = address;
        await ActAsync(scope => Model.OpenAsync(scope, Shop, RuleOf(RuleId), When, Guid.TryParse(Copy, out var copy) ? copy : null, Replaces, Template, Leaving));
    }

    /// <summary>No rule has the empty id: an address that names none is told of like one of a rule that is gone.</summary>
    private static Guid? RuleOf(string address) => address == "new" ? null : Guid.TryParse(address, out var id) ? id : Guid.Empty;

    private string About(long minor) => Show.About(new Money(minor, Shop.Currency));

    private string Amount(long minor) => Show.Money(new Money(minor, Shop.Currency));

    private async Task ActAsync(Func<WorkspaceScope, Task> act)
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        _busy = true;
        try
        {
            await act(scope);
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task ChangedAsync()
    {
        if ((await ScopeAsync()).TryGet(out var scope, out _)) await Model.ChangedAsync(scope, Leaving);
    }

    private Task PreviewAsync((string Shopper, PreviewBasket Basket) asked) => ActAsync(scope => Model.PreviewAsync(scope, asked.Shopper, asked.Basket, Leaving));

    private Task SaveAsync() => ActAsync(async scope =>
    {
        if (!await Model.SaveAsync(scope, Leaving)) return;
        Toasts.Say(T["Promotions.saved"]);
        ShowSaved();
    });

    private Task ActivateAsync() => ActAsync(async scope =>
    {
        if (await Model.ActivateAsync(scope, Leaving) is not { } done) return;
        Toasts.Say(done.AwaitsApproval ? T["Promotions.sent"] : Model.IsAutomatic ? T["Promotions.activated-automatic"] : T["Promotions.activated", Show.Count(done.Given)]);
        ShowSaved();
    });

    private async Task<Problem?> SendBackAsync(string reason)
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out var problem)) return problem;
        problem = await Model.SendBackAsync(scope, reason, Leaving);
        if (problem is null) Toasts.Say(T["Promotions.sent-back"]);
        return problem;
    }

    private Task PauseAsync() => ActAsync(async scope => Say(await Model.PauseAsync(scope, Leaving), "Promotions.paused"));

    private Task ResumeAsync() => ActAsync(async scope => Say(await Model.ResumeAsync(scope, Leaving), "Promotions.resumed"));

    private Task EndAsync() => ActAsync(async scope => Say(await Model.EndAsync(scope, Leaving), "Promotions.ended"));

    private Task DeleteAsync() => ActAsync(async scope =>
    {
        if (!await Model.DeleteAsync(scope, Leaving)) return;
        Toasts.Say(T["Promotions.deleted"]);
        Navigation.NavigateTo(Link("rules"));
    });

    private void Say(bool done, string text)
    {
        if (done) Toasts.Say(T[text]);
    }

    // A new rule gets its own address once it is saved.
    private void ShowSaved()
    {
        if (Model.Rule is not { } rule || RuleId == rule.Id.ToString("D")) return;
        _saved = rule.Id.ToString("D");
        _opened = $"{Workspace}/{_saved}?{false}";
        Navigation.NavigateTo(Link($"rules/{rule.Id:D}"), replace: true);
    }
}
