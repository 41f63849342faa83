using MerchantStudio.Core.Native.DuckDb;

namespace MerchantStudio.Core.Warehouse;

/// <summary>A connection for one caller; given back when disposed.</summary>
internal sealed class Lease(WorkspaceWarehouse owner, WarehouseEngine engine, DuckDbConnection connection) : IDisposable
{
    private bool _returned;

    public DuckDbConnection Connection { get; } = connection;

    public void Dispose()
    {
        if (_returned) return;
        _returned = true;
        engine.Return(Connection);
        owner.Release(this);
    }
}
