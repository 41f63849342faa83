namespace MerchantStudio.Core.Ingestion;

/// <summary>Bound from "Studio".</summary>
public sealed class IngestionOptions
{
    /// <summary>Largest upload in the browser; the command line has no limit.</summary>
    public long UploadLimitBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>A compressed file may unpack to this many bytes.</summary>
    public long UnpackLimitBytes { get; set; } = 20L * 1024 * 1024 * 1024;

    /// <summary>A compressed file may unpack to this many times its size, once it is larger than 64 MB.</summary>
    public int UnpackRatio { get; set; } = 100;

    /// <summary>Disk space that an import leaves free.</summary>
    public long SpareBytes { get; set; } = 200L * 1024 * 1024;
}
