using MerchantStudio.Access;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Account;

public sealed partial class ResetPage
{
    private Problem? _problem;
    private LinkOffer? _offer;

    [CascadingParameter] public required HttpContext Request { get; set; }
    [Parameter] public string Token { get; set; } = "";
    [SupplyParameterFromForm] private ResetEntry Entry { get; set; } = default!;
    [Inject] public required Team Team { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] internal SignInDesk Desk { get; init; } = default!;

    private string Title => T[_offer is null ? "Account.link-title" : "Account.reset-title"];

    protected override async Task OnInitializedAsync()
    {
        Entry ??= new ResetEntry();
        (await Team.LookAtAsync(Token, AccessLinkKind.PasswordReset, Request.RequestAborted)).TryGet(out _offer, out _problem);
    }

    private async Task SubmitAsync()
    {
        var reset = await Team.ResetAsync(Token, Entry.Password ?? "", Request.RequestAborted);
        if (!reset.TryGet(out var user, out _problem)) return;
        await Desk.SignInAsync(user);
        Navigation.NavigateTo(await Desk.LandingAsync(Accounts.ActorOf(user), null, Request.RequestAborted));
    }

    private sealed class ResetEntry
    {
        public string? Password { get; set; }
    }
}
