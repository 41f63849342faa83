namespace MerchantStudio.Core.Warehouse;

/// <summary>Shares one memory budget out among open engines: each takes half of what is left, so that a second workspace finds some, and never less than the least.</summary>
/// <remarks>An engine's limit is fixed when it opens, because its settings are locked then.</remarks>
internal sealed class MemoryShares(long budgetBytes)
{
    private readonly Lock _lock = new();
    private long _given;

    public bool IsSpent
    {
        get
        {
            lock (_lock) return _given + WarehouseOptions.LeastBytes > budgetBytes;
        }
    }

    public long Take()
    {
        lock (_lock)
        {
            var share = Math.Max(WarehouseOptions.LeastBytes, (budgetBytes - _given) / 2);
            _given += share;
            return share;
        }
    }

    public void Return(long share)
    {
        lock (_lock) _given -= share;
    }
}
