using System.Collections.Immutable;

namespace MerchantStudio.Core.Warehouse;

/// <summary>A connection with an open transaction; disposed without a commit, it rolls back. One call at a time.</summary>
public sealed class WarehouseSession : IAsyncDisposable
{
    public double? Progress => throw new NotImplementedException();

    public Task<long> ExecuteAsync(string sql, IReadOnlyList<object?> parameters, CancellationToken cancellationToken) => throw new NotImplementedException();

    public Task<ImmutableArray<T>> QueryAsync<T>(string sql, Func<WarehouseRow, T> map, IReadOnlyList<object?> parameters, CancellationToken cancellationToken) => throw new NotImplementedException();

    public Task<T?> ScalarAsync<T>(string sql, IReadOnlyList<object?> parameters, CancellationToken cancellationToken) => throw new NotImplementedException();

    public IAsyncEnumerable<ColumnBatch> StreamAsync(string sql, IReadOnlyList<object?> parameters, CancellationToken cancellationToken) => throw new NotImplementedException();

    public WarehouseAppender Append(string table, params string[] columns) => throw new NotImplementedException();

    public Task CommitAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
