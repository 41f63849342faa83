using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Shop;

/// <summary>Bound from "Studio".</summary>
public sealed class DiskOptions
{
    /// <summary>New work is refused when it would leave less than this free.</summary>
    public long LeastFreeBytes { get; set; } = 500L << 20;

    /// <summary>New work is refused when it would leave less than this percentage of the disk free.</summary>
    public int LeastFreePercent { get; set; } = 5;
}

/// <summary>How much room the disk of the data folder has.</summary>
public sealed class DiskRoom(StudioPaths paths, IOptions<DiskOptions> options)
{
    private const int NoSpaceLeft = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public long FreeBytes => Drive().AvailableFreeSpace;

    /// <summary>What must stay free: pages, sign-in and the data that are there need some room to go on.</summary>
    public long ReservedBytes => Math.Max(options.Value.LeastFreeBytes, Drive().TotalSize / 100 * options.Value.LeastFreePercent);

    /// <summary>Whether work that needs so many bytes leaves enough free.</summary>
    public bool Has(long bytes) => FreeBytes - ReservedBytes >= bytes;

    /// <summary>Whether running work has used half of what must stay free: it ends then, so that pages, sign-in and its own record keep the other half.</summary>
    public bool IsLow => FreeBytes < ReservedBytes / 2;

    /// <summary>Whether a write failed for want of room.</summary>
    public static bool IsFull(IOException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.HResult is NoSpaceLeft or WindowsDiskFull;
    }

    private DriveInfo Drive()
    {
        Directory.CreateDirectory(paths.Root);
        return new DriveInfo(paths.Root);
    }
}
