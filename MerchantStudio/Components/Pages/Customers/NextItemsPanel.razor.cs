using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.NextItem;
using MerchantStudio.Hosting;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Customers;

/// <summary>Products that a shopper is likely to turn to next, with reasons; nothing where no version is in use.</summary>
public sealed partial class NextItemsPanel : IDisposable
{
    private const int Most = 5;

    private readonly CancellationTokenSource _leaving = new();
    private LikelyItems? _likely;
    private Problem? _problem;
    private string? _opened;

    [CascadingParameter] public ShopView Shop { get; set; } = default!;

    [Inject] public required NextItems Items { get; init; }

    [Inject] public required CurrentScope Scopes { get; init; }

    [Parameter, EditorRequired] public required string ShopperId { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_opened == ShopperId) return;
        _opened = ShopperId;
        var scope = await Scopes.GetAsync(Shop.Workspace.Id, _leaving.Token);
        var found = scope.TryGet(out var allowed, out var refused) ? await Items.OfAsync(allowed, new Core.Shop.ShopperId(ShopperId), Most, _leaving.Token) : refused;
        _likely = found.TryGet(out var likely, out _problem) ? likely : null;
    }

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }
}
