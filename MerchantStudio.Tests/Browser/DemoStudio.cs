namespace MerchantStudio.Tests.Browser;

/// <summary>A server whose demo shop is loaded and published, started once for all browser tests that look at it.</summary>
public sealed class DemoStudio : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private StudioServer? _server;

    /// <summary>Starts the server for the first test that asks.</summary>
    internal async Task<StudioServer> ServerAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_server is null)
            {
                var server = await StudioServer.StartAsync(cancellationToken);
                _server = server;
                await server.UntilPublishedAsync("demo", 1, cancellationToken);
            }
            return _server;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The address of a running studio when MERCHANTSTUDIO_URL names one, else of the server made here.</summary>
    internal async Task<Uri> AddressAsync(CancellationToken cancellationToken) =>
        Environment.GetEnvironmentVariable("MERCHANTSTUDIO_URL") is { Length: > 0 } running ? new Uri(running) : (await ServerAsync(cancellationToken)).Address;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _gate.Dispose();
    }
}
