using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Warehouse;

public sealed class WarehouseRegistry : IAsyncDisposable
{
    public Task<WorkspaceWarehouse> OpenAsync(WorkspaceId workspace, CancellationToken cancellationToken) => throw new NotImplementedException();

    public Task CloseAsync(WorkspaceId workspace, CancellationToken cancellationToken) => throw new NotImplementedException();

    public Task DeleteAsync(WorkspaceId workspace, CancellationToken cancellationToken) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
