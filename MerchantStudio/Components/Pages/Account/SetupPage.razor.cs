using System.Globalization;
using MerchantStudio.Access;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Hosting;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Account;

/// <summary>The first owner with her shop; for somebody signed in, one more shop.</summary>
public sealed partial class SetupPage
{
    private Problem? _problem;
    private Actor? _actor;
    private bool _isMore;

    [CascadingParameter] public required HttpContext Request { get; set; }
    [SupplyParameterFromForm] private SetupEntry Entry { get; set; } = default!;
    [Inject] public required Accounts Accounts { get; init; }
    [Inject] public required WorkspaceDirectory Workspaces { get; init; }
    [Inject] public required CurrentScope Scopes { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] internal SignInDesk Desk { get; init; } = default!;

    private string Title => T[_isMore ? "Account.shop-title" : "Account.setup-title"];

    private WorkspaceDraft Shop => new(Entry.Shop ?? "", Entry.Currency ?? "", Entry.TimeZone ?? "");

    protected override async Task OnInitializedAsync()
    {
        var isChinese = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh";
        Entry ??= new SetupEntry { Currency = isChinese ? "CNY" : "EUR", TimeZone = isChinese ? "Asia/Shanghai" : ShopDetails.LocalTimeZone };
        _actor = await Scopes.ActorAsync();
        _isMore = _actor?.UserId is not null;
        if (!_isMore && await Accounts.HasOwnerAsync(Request.RequestAborted)) Navigation.NavigateTo("/sign-in");
    }

    private async Task SubmitAsync()
    {
        if (_isMore)
        {
            var added = await Workspaces.CreateAsync(Shop, _actor!, Request.RequestAborted);
            if (added.TryGet(out var workspace, out _problem)) Navigation.NavigateTo($"/w/{workspace.Id}");
            return;
        }

        var person = new PersonDraft(Entry.Name ?? "", Entry.Email ?? "", Entry.Password ?? "");
        var made = await Accounts.SetUpAsync(Entry.Code ?? "", person, Shop, Request.RequestAborted);
        if (!made.TryGet(out var owner, out _problem)) return;
        await Desk.SignInAsync(owner);
        Navigation.NavigateTo(await Desk.LandingAsync(Accounts.ActorOf(owner), null, Request.RequestAborted));
    }

    private sealed class SetupEntry
    {
        public string? Code { get; set; }
        public string? Name { get; set; }
        public string? Email { get; set; }
        public string? Password { get; set; }
        public string? Shop { get; set; }
        public string? Currency { get; set; }
        public string? TimeZone { get; set; }
    }
}
