using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Hosting;

/// <summary>Shares a container's memory out: the runtime by itself takes three quarters of it for its heap and knows nothing of the engines beside it, so that together they would be ended by the system.</summary>
internal static class StudioMemory
{
    /// <summary>What the runtime takes of a container for its heap.</summary>
    private const double RuntimesShare = 0.75;

    /// <summary>Code, threads, and what an engine takes above its limit.</summary>
    private const long Beside = 320L << 20;
    private const long LeastHeap = 192L << 20;

    /// <summary>Lowers the heap's limit where a container's limit holds and nobody set another one. To be called before anything large is made.</summary>
    public static void Share(IConfiguration configuration)
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("DOTNET_GCHeapHardLimit") is not null) return;
        var options = configuration.GetSection("Studio").Get<WarehouseOptions>() ?? new WarehouseOptions();
        if (HeapLimit(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, MachineBytes(), options.MemoryBytes) is not { } limit) return;
        AppContext.SetData("GCHeapHardLimit", (ulong)limit);
        GC.RefreshMemoryLimit();
    }

    /// <param name="available">What the runtime believes that it may use.</param>
    /// <param name="machine">All of the machine's memory.</param>
    /// <param name="engines">What all shops' engines may use together.</param>
    /// <returns>Bytes; null where no container's limit holds, or where the runtime's own share leaves enough.</returns>
    internal static long? HeapLimit(long available, long machine, long engines)
    {
        if (available >= RuntimesShare * machine) return null;
        var container = (long)(available / RuntimesShare);
        var left = Math.Max(LeastHeap, container - engines - Beside);
        return left < available ? left : null;
    }

    private static long MachineBytes()
    {
        const string Name = "MemTotal:";
        var line = File.ReadLines("/proc/meminfo").First(line => line.StartsWith(Name, StringComparison.Ordinal));
        return long.Parse(line[Name.Length..^"kB".Length].Trim(), System.Globalization.CultureInfo.InvariantCulture) << 10;
    }
}
