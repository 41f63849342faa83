using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Hosting;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Shell;

/// <summary>What every page of a shop has: the workspace of its address, the shop's view from the shell, a scope read anew for each action, and a token that ends when the page is left.</summary>
public abstract class StudioPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _leaving = new();

    [Inject] public required CurrentScope Scopes { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }

    /// <summary>The short name in the address.</summary>
    [Parameter] public string Workspace { get; set; } = "";

    [SupplyParameterFromQuery] public string? Period { get; set; }

    /// <summary>Never null inside the shell: the page renders only once the shop is open.</summary>
    [CascadingParameter] public ShopView Shop { get; set; } = default!;

    /// <summary>Ends when the page is left.</summary>
    protected CancellationToken Leaving => _leaving.Token;

    protected WorkspaceId WorkspaceId => Shop.Workspace.Id;

    /// <summary>The person's scope as it stands now; call it for each action.</summary>
    protected Task<Outcome<WorkspaceScope>> ScopeAsync() => Scopes.GetAsync(WorkspaceId, Leaving);

    /// <summary>Address of a page of this shop.</summary>
    protected string Link(string path) => Shop.Link(path);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _leaving.Cancel();
        _leaving.Dispose();
    }
}
