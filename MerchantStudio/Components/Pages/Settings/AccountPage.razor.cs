using MerchantStudio.Components.Kit;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Settings;

/// <summary>The password goes as a plain form, because only a request can renew the sign-in cookie; its answer comes back in the address.</summary>
public sealed partial class AccountPage
{
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private Role _role;

    [SupplyParameterFromQuery] public string? Done { get; set; }
    [SupplyParameterFromQuery] public string? Problem { get; set; }

    private bool HasAccount => Shop.Scope.Actor.UserId is not null;

    /// <summary>Only sentences of ours: the address may have been made up.</summary>
    private string? ShownProblem => Problem switch
    {
        "account.password-too-short" => T["Problems.account.password-too-short", Core.Access.StudioIdentity.ShortestPassword],
        "account.password-too-long" => T["Problems.account.password-too-long", Core.Access.StudioIdentity.LongestPassword],
        "account.password-guessable" or "account.current-password-wrong" => Texts.Find("Problems." + Problem),
        _ => null,
    };

    protected override async Task OnInitializedAsync()
    {
        if ((await ScopeAsync()).TryGet(out var scope, out _problem)) _role = scope.Actor.Role;
        _state = _problem is null ? PageState.Ready : PageState.Problem;
    }
}
