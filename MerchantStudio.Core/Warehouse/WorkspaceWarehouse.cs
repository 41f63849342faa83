using System.Collections.Immutable;

namespace MerchantStudio.Core.Warehouse;

/// <summary>One workspace's event store. Thread-safe; each call takes a connection of its own.</summary>
/// <remarks>Not called plainly "Warehouse", because inside MerchantStudio.Core that name is this namespace.</remarks>
public sealed class WorkspaceWarehouse
{
    public Task<ImmutableArray<T>> QueryAsync<T>(string sql, Func<WarehouseRow, T> map, IReadOnlyList<object?> parameters, CancellationToken cancellationToken) => throw new NotImplementedException();

    public Task<T?> ScalarAsync<T>(string sql, IReadOnlyList<object?> parameters, CancellationToken cancellationToken) => throw new NotImplementedException();

    public Task<WarehouseSession> BeginAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    public IAsyncEnumerable<ColumnBatch> StreamAsync(string sql, IReadOnlyList<object?> parameters, CancellationToken cancellationToken) => throw new NotImplementedException();

    public Task PublishAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken) => throw new NotImplementedException();

    public Task<bool> HasTableAsync(string table, CancellationToken cancellationToken) => throw new NotImplementedException();
}
