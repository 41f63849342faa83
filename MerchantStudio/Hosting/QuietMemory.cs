namespace MerchantStudio.Hosting;

/// <summary>In a quiet moment, gives back to the system what work and pages have left behind: the runtime by itself keeps it until memory is short.</summary>
internal sealed class QuietMemory(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(20);

    /// <summary>Who allocates less between two looks does nothing that a pause would disturb.</summary>
    private const long LittleBytes = 8L << 20;

    /// <summary>A heap of this size is no burden.</summary>
    private const long LightHeap = 128L << 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between, time);
        var (seen, cleared) = (0L, 0L);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            if (IsDue(allocated - seen, allocated - cleared, GC.GetGCMemoryInfo().TotalCommittedBytes))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                cleared = allocated;
            }

            seen = allocated;
        }
    }

    /// <param name="sinceLook">Bytes allocated since the last look.</param>
    /// <param name="sinceClearing">Bytes allocated since memory was last given back.</param>
    /// <param name="committed">Bytes that the heap holds of the system.</param>
    internal static bool IsDue(long sinceLook, long sinceClearing, long committed) => sinceLook < LittleBytes && sinceClearing >= LittleBytes && committed > LightHeap;
}
