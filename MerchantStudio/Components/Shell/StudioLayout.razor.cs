using MerchantStudio.Core.Access;
using MerchantStudio.Core.Shop;
using MerchantStudio.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace MerchantStudio.Components.Shell;

public sealed partial class StudioLayout : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private ErrorBoundary? _boundary;
    private ShopView? _shop;
    private StudioPlace? _place;
    private bool _loaded;
    private bool _searching;

    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] public required CurrentScope Scopes { get; init; }
    [Inject] public required WorkspaceDirectory Workspaces { get; init; }
    [Inject] public required TimeProvider Clock { get; init; }

    public void Dispose()
    {
        Navigation.LocationChanged -= Moved;
        _leaving.Cancel();
        _leaving.Dispose();
    }

    protected override Task OnInitializedAsync()
    {
        Navigation.LocationChanged += Moved;
        return OpenAsync();
    }

    private void Moved(object? sender, LocationChangedEventArgs moved)
    {
        _boundary?.Recover();
        _ = InvokeAsync(async () =>
        {
            await OpenAsync();
            StateHasChanged();
        });
    }

    /// <summary>Reads shop, role and period from the address and app.db; a removed role ends here with the next page.</summary>
    private async Task OpenAsync()
    {
        var address = new Uri(Navigation.Uri);
        var parts = address.AbsolutePath.Trim('/').Split('/', 3);
        if (parts is not ["w", var name, ..] || !WorkspaceId.IsValid(name))
        {
            (_shop, _loaded) = (null, true);
            return;
        }

        var id = new WorkspaceId(name);
        if ((await Scopes.GetAsync(id, _leaving.Token)).TryGet(out var scope, out _) && await Workspaces.FindAsync(id, _leaving.Token) is { } workspace)
        {
            _place = StudioMap.Find(parts.Length > 2 ? parts[2] : "");
            var period = Period.Parse(QueryHelpers.ParseQuery(address.Query).TryGetValue("period", out var key) ? key.ToString() : null);
            _shop = new ShopView(workspace, scope, TimeZoneInfo.FindSystemTimeZoneById(workspace.TimeZone), period, Clock.GetUtcNow());
        }
        else
        {
            _shop = null;
        }

        _loaded = true;
    }

    private void Reload() => Navigation.NavigateTo(Navigation.Uri, forceLoad: true);
}
