using MerchantStudio.Access;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Account;

public sealed partial class InvitePage
{
    private Problem? _problem;
    private LinkOffer? _offer;

    [CascadingParameter] public required HttpContext Request { get; set; }
    [Parameter] public string Token { get; set; } = "";
    [SupplyParameterFromForm] private JoinEntry Entry { get; set; } = default!;
    [Inject] public required Team Team { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] internal SignInDesk Desk { get; init; } = default!;

    private string Title => _offer is null ? T["Account.link-title"] : T["Account.invite-title", _offer.Shop];

    protected override async Task OnInitializedAsync()
    {
        Entry ??= new JoinEntry();
        (await Team.LookAtAsync(Token, AccessLinkKind.Invitation, Request.RequestAborted)).TryGet(out _offer, out _problem);
    }

    private async Task SubmitAsync()
    {
        var joined = await Team.JoinAsync(Token, new PersonDraft(Entry.Name ?? "", Entry.Email ?? "", Entry.Password ?? ""), Request.RequestAborted);
        if (!joined.TryGet(out var user, out _problem)) return;
        await Desk.SignInAsync(user);
        Navigation.NavigateTo(await Desk.LandingAsync(Accounts.ActorOf(user), null, Request.RequestAborted));
    }

    private sealed class JoinEntry
    {
        public string? Name { get; set; }
        public string? Email { get; set; }
        public string? Password { get; set; }
    }
}
