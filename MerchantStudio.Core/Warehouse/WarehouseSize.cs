namespace MerchantStudio.Core.Warehouse;

/// <summary>How much of a workspace's file holds data.</summary>
/// <param name="FileBytes">The file itself, without its log.</param>
/// <param name="DeadBytes">What tables that are gone or rewritten have left behind: new rows go there, but the file does not shrink by itself.</param>
public sealed record WarehouseSize(long FileBytes, long DeadBytes)
{
    private const long LeastDeadBytes = 64L << 20;

    /// <summary>More than half of the file is dead, and so much of it that the copying is worth it while the shop is in use.</summary>
    /// <param name="leastDeadBytes">Less than this can wait until nobody uses the shop.</param>
    public bool IsPressing(long leastDeadBytes) => DeadBytes > leastDeadBytes && DeadBytes * 2 > FileBytes;

    /// <summary>Half of the file or more is dead, and that is worth the copying.</summary>
    public bool IsWasteful => DeadBytes >= LeastDeadBytes && DeadBytes * 2 >= FileBytes;
}
