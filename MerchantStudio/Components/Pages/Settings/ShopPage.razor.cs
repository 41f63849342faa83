using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Settings;

public sealed partial class ShopPage
{
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private Problem? _refused;
    private WorkspaceContents? _contents;
    private bool _asking;
    private bool _saving;
    private RefreshNote? _refresh;

    [Inject] public required ShopSettings Settings { get; init; }
    [Inject] public required WorkspaceRemoval Removal { get; init; }
    [Inject] public required DemoAccess Demo { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    private ShopViewModel Model { get; } = new();

    protected override async Task OnInitializedAsync()
    {
        var scope = await ScopeAsync();
        _problem = scope.Problem ?? scope.Value.Refusal(Right.ManageShop);
        Model.Fill(Shop.Workspace, await Demo.IsLeftOpenAsync(Leaving));
        _state = _problem is null ? PageState.Ready : PageState.Problem;
    }

    private async Task SaveAsync()
    {
        _saving = true;
        try
        {
            var scope = await ScopeAsync();
            _refused = scope.Problem ?? await Model.SaveAsync(scope.Value, Settings, Demo, Leaving);
        }
        finally
        {
            _saving = false;
        }

        if (_refused is not null) return;
        // The frame round the page shows the name, the currency and the zone as well.
        if (Model.ChangesFrame(Shop.Workspace)) Navigation.Refresh(forceReload: true);
        else
        {
            Toasts.Say(T["Settings.saved"]);
            if (_refresh is not null) await _refresh.LookAsync();
        }
    }

    private async Task AskToDeleteAsync()
    {
        var scope = await ScopeAsync();
        if (!scope.TryGet(out var actor, out _refused)) return;
        _asking = (await Removal.LookAtAsync(actor, Leaving)).TryGet(out _contents, out _refused);
    }

    private async Task DeleteAsync()
    {
        var scope = await ScopeAsync();
        if (!scope.TryGet(out var actor, out _refused)) return;
        if ((await Removal.RemoveAsync(actor, _contents!.Name, Leaving)).TryGet(out _, out _refused)) Navigation.NavigateTo("/", forceLoad: true);
    }
}
