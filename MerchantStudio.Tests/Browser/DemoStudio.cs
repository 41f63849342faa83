namespace MerchantStudio.Tests.Browser;

/// <summary>A server whose demo shop is loaded and published, started once for a class of tests.</summary>
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

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _gate.Dispose();
    }
}
