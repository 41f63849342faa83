using MerchantStudio.Core.Native.DuckDb;

namespace MerchantStudio.Core.Warehouse;

/// <summary>A connection for one caller; given back when disposed.</summary>
internal sealed class Lease(WorkspaceWarehouse owner, WarehouseEngine engine, DuckDbConnection connection) : IDisposable
{
    private bool _returned;

    public DuckDbConnection Connection { get; } = connection;

    public void Dispose() => End(engine.Return);

    /// <summary>For a connection that the next caller must not get: what it has set up goes with it.</summary>
    public void CloseConnection() => End(connection => connection.Dispose());

    private void End(Action<DuckDbConnection> parting)
    {
        if (_returned) return;
        _returned = true;
        parting(Connection);
        owner.Release(this);
    }
}
