using MerchantStudio.Core.Access;
using MerchantStudio.Core.Insights.Figures;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace MerchantStudio.Components.Shell;

public sealed partial class StudioLayout : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private ErrorBoundary? _boundary;
    private ShopView? _shop;
    private Problem? _problem;
    private StudioPlace? _place;
    private string? _address;
    private bool _loaded;
    private bool _searching;

    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] public required CurrentScope Scopes { get; init; }
    [Inject] public required WorkspaceDirectory Workspaces { get; init; }
    [Inject] public required FigureReader Figures { get; init; }
    [Inject] public required TimeProvider Clock { get; init; }

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <summary>Runs for each move. The page waits until its own shop and period are open, so that it never starts with those of the page before.</summary>
    protected override async Task OnParametersSetAsync()
    {
        if (Navigation.Uri == _address) return;
        _address = Navigation.Uri;
        _boundary?.Recover();
        var address = new Uri(_address);
        var parts = address.AbsolutePath.Trim('/').Split('/', 3);
        var period = PeriodChoice.Parse(QueryHelpers.ParseQuery(address.Query).TryGetValue("period", out var key) ? key.ToString() : null);
        _place = StudioMap.Find(parts.Length > 2 ? parts[2] : "");
        if (_shop is not null && parts is ["w", var same, ..] && same == _shop.Workspace.Id.Value && period == _shop.Period.Choice) return;

        _loaded = false;
        (_shop, _problem) = (null, null);
        try
        {
            if (parts is ["w", var name, ..] && WorkspaceId.IsValid(name)) _shop = await OpenAsync(new WorkspaceId(name), period);
        }
        catch (Exception fault) when (IExplained.Of(fault) is { } problem)
        {
            _problem = problem;
        }

        _loaded = true;
    }

    private async Task<ShopView?> OpenAsync(WorkspaceId id, PeriodChoice choice)
    {
        if (!(await Scopes.GetAsync(id, _leaving.Token)).TryGet(out var scope, out _)) return null;
        if (await Workspaces.FindAsync(id, _leaving.Token) is not { } workspace) return null;
        var days = await Figures.ResolveAsync(scope, choice, _leaving.Token);
        var period = days.TryGet(out var span, out _) ? new ShopPeriod(choice, span.From, span.To) : new ShopPeriod(choice, null, null);
        return new ShopView(workspace, scope, TimeZoneInfo.FindSystemTimeZoneById(workspace.TimeZone), period, Clock.GetUtcNow());
    }

    private void Reload() => Navigation.NavigateTo(Navigation.Uri, forceLoad: true);
}
