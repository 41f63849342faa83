using System.Collections.Concurrent;
using MerchantStudio.Core.Shop;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Warehouse;

/// <summary>The one place where warehouses come from: a singleton, because a file must never be opened twice in a process.</summary>
public sealed class WarehouseRegistry : IAsyncDisposable
{
    private static readonly TimeSpan IdleCheck = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShutLimit = TimeSpan.FromSeconds(10);

    private readonly StudioPaths _paths;
    private readonly WarehouseOptions _options;
    private readonly TimeProvider _time;
    private readonly MemoryShares _memory;
    private readonly ConcurrentDictionary<WorkspaceId, WorkspaceWarehouse> _warehouses = new();
    private readonly ITimer _idleTimer;

    public WarehouseRegistry(StudioPaths paths, IOptions<WarehouseOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _paths = paths;
        _options = options.Value;
        _time = time;
        _memory = new MemoryShares(_options.MemoryBytes);
        _idleTimer = time.CreateTimer(_ => _ = CloseIdleAsync(), null, IdleCheck, IdleCheck);
    }

    /// <summary>The workspace's warehouse; its file and tables are made when absent.</summary>
    /// <exception cref="WarehouseException">Kind Locked when another process holds the file, Io when it cannot be read.</exception>
    public async Task<WorkspaceWarehouse> OpenAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var warehouse = _warehouses.GetOrAdd(workspace, id => new WorkspaceWarehouse(id, _paths.Warehouse(id), _options.ThreadCount, _memory, _time));
        if (!warehouse.IsOpen && _memory.IsSpent) await CloseLongestIdleAsync(cancellationToken).ConfigureAwait(false);
        using var lease = await warehouse.RentAsync(cancellationToken).ConfigureAwait(false);
        return warehouse;
    }

    /// <summary>Gives the disk back what the workspace's file no longer needs, where that is much and no pause in which it could be done has come for long. For a job's beginning: then nothing else works there.</summary>
    internal async Task CompactIfOverdueAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        if (_warehouses.TryGetValue(workspace, out var warehouse)) await warehouse.CompactIfOverdueAsync(_options.CompactFromBytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the file after running calls have ended, for a copy or a move; the next call opens it again.</summary>
    public Task CloseAsync(WorkspaceId workspace, CancellationToken cancellationToken) =>
        _warehouses.TryGetValue(workspace, out var warehouse) ? warehouse.CloseAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Stops what runs there and removes the workspace's data. Calls on a kept instance throw kind Deleted from here on.</summary>
    public async Task DeleteAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        if (_warehouses.TryGetValue(workspace, out var warehouse)) await warehouse.ShutAsync(cancellationToken).ConfigureAwait(false);
        var file = _paths.Warehouse(workspace);

        // A workspace into which nothing ever came has no folder.
        if (Directory.Exists(Path.GetDirectoryName(file)))
        {
            File.Delete(file);
            File.Delete(file + ".wal");
        }

        _warehouses.TryRemove(workspace, out _);
    }

    public async ValueTask DisposeAsync()
    {
        await _idleTimer.DisposeAsync().ConfigureAwait(false);
        var shutting = Task.WhenAll(_warehouses.Values.Select(warehouse => warehouse.ShutAsync(CancellationToken.None)));
        await Task.WhenAny(shutting, Task.Delay(ShutLimit)).ConfigureAwait(false);   // a session that nobody disposed must not hold up the exit
    }

    internal async Task CloseIdleAsync()
    {
        foreach (var warehouse in _warehouses.Values) await warehouse.CompactIfDueAsync(_options.CompactFromBytes, CancellationToken.None).ConfigureAwait(false);
        var limit = _time.GetUtcNow() - TimeSpan.FromMinutes(_options.IdleMinutes);
        foreach (var warehouse in _warehouses.Values.Where(warehouse => warehouse.IsIdle && warehouse.LastUsed <= limit))
        {
            await warehouse.CompactAtLeisureAsync(CancellationToken.None).ConfigureAwait(false);
            await warehouse.TryCloseAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task CloseLongestIdleAsync(CancellationToken cancellationToken)
    {
        var idle = _warehouses.Values.Where(warehouse => warehouse.IsIdle).MinBy(warehouse => warehouse.LastUsed);
        if (idle is not null) await idle.TryCloseAsync(cancellationToken).ConfigureAwait(false);
    }
}
