using Microsoft.JSInterop;

namespace MerchantStudio.Components.Kit;

/// <summary>Hands a file to the browser, streamed over the circuit.</summary>
public sealed class Downloads(IJSRuntime browser) : IAsyncDisposable
{
    private IJSObjectReference? _module;

    /// <param name="content">Read from its present position and closed.</param>
    public async Task SaveAsync(string fileName, Stream content, CancellationToken cancellationToken)
    {
        _module ??= await browser.InvokeAsync<IJSObjectReference>("import", cancellationToken, "./js/download.js");
        using var stream = new DotNetStreamReference(content);
        await _module.InvokeVoidAsync("save", cancellationToken, fileName, stream);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_module is not null) await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and the module with it.
        }
    }
}
