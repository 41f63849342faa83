using MerchantStudio.Access;
using MerchantStudio.Core.Access;
using MerchantStudio.Hosting;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Account;

/// <summary>The first page ever: look at the demo, or set a shop up.</summary>
public sealed partial class StartPage
{
    private bool _hasOwner;
    private bool _offersDemo;

    [CascadingParameter] public required HttpContext Request { get; set; }
    [SupplyParameterFromQuery] public string? To { get; set; }
    [Inject] public required Accounts Accounts { get; init; }
    [Inject] public required CurrentScope Scopes { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] internal SignInDesk Desk { get; init; } = default!;

    private string SignInAddress => SignInDesk.IsLocal(To) ? "/sign-in?to=" + Uri.EscapeDataString(To!) : "/sign-in";

    protected override async Task OnInitializedAsync()
    {
        if (await Scopes.ActorAsync() is { } actor)
        {
            Navigation.NavigateTo(await Desk.LandingAsync(actor, To, Request.RequestAborted));
            return;
        }

        _hasOwner = await Accounts.HasOwnerAsync(Request.RequestAborted);
        _offersDemo = await Desk.OffersDemoAsync(Request);
        if (_hasOwner && !_offersDemo) Navigation.NavigateTo(SignInAddress);
    }
}
