using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Promotions;

public sealed partial class RedemptionsPage
{
    private string? _opened;
    private RedemptionRow? _going;

    [Inject] public required RedemptionsViewModel Model { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    /// <summary>"holding" or "taken-back"; all without.</summary>
    [SupplyParameterFromQuery] public string? Is { get; set; }

    [SupplyParameterFromQuery] public string? Search { get; set; }

    private IReadOnlyList<Choice<string>> States => [new("all", T["Promotions.filter-all"]), new("holding", T["Redemptions.holding"]), new("taken-back", T["Redemptions.taken-back"])];

    protected override async Task OnParametersSetAsync()
    {
        var address = $"{Workspace}?{Is}&{Search}";
        if (_opened == address) return;
        _opened = address;
        if ((await ScopeAsync()).TryGet(out var scope, out _)) await Model.ShowAsync(scope, new RedemptionQuestion(null, Is switch { "holding" => true, "taken-back" => false, _ => null }, Search), Leaving);
    }

    private string State(RedemptionRow row) => row.RolledBackAt is { } at ? T["Redemptions.taken-back-at", Shop.Time(at), row.RolledBackBy ?? ""] : T["Redemptions.holding"];

    private string Amount(long minor) => Show.ExactMoney(new Money(minor, Shop.Currency));

    // What is looked at is in the address, so that it can be shared.
    private void Ask(string? state, string? search) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(Link("redemptions"), new Dictionary<string, object?>
    {
        ["is"] = state == "all" ? null : state,
        ["search"] = string.IsNullOrWhiteSpace(search) ? null : search.Trim(),
    }));

    private async Task TakeBackAsync(RedemptionRow row)
    {
        _going = null;
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        if (await Model.TakeBackAsync(scope, row.Id, Leaving)) Toasts.Say(T["Redemptions.taken-back-done", row.OrderId]);
    }
}
