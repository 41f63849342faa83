using MerchantStudio.Access;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Hosting;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Account;

public sealed partial class SignInPage
{
    private Problem? _problem;
    private bool _offersDemo;

    [CascadingParameter] public required HttpContext Request { get; set; }
    [SupplyParameterFromQuery] public string? To { get; set; }
    [SupplyParameterFromForm] private SignInEntry Entry { get; set; } = default!;
    [Inject] public required Accounts Accounts { get; init; }
    [Inject] public required CurrentScope Scopes { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] internal SignInDesk Desk { get; init; } = default!;

    protected override async Task OnInitializedAsync()
    {
        Entry ??= new SignInEntry();
        _offersDemo = await Desk.OffersDemoAsync(Request);
        if (HttpMethods.IsGet(Request.Request.Method) && await Scopes.ActorAsync() is { UserId: not null } actor)
            Navigation.NavigateTo(await Desk.LandingAsync(actor, To, Request.RequestAborted));
    }

    private async Task SubmitAsync()
    {
        var signedIn = await Accounts.SignInAsync(Entry.Email ?? "", Entry.Password ?? "", Request.RequestAborted);
        if (!signedIn.TryGet(out var user, out _problem)) return;
        await Desk.SignInAsync(user);
        Navigation.NavigateTo(await Desk.LandingAsync(Accounts.ActorOf(user), To, Request.RequestAborted));
    }

    private sealed class SignInEntry
    {
        public string? Email { get; set; }
        public string? Password { get; set; }
    }
}
