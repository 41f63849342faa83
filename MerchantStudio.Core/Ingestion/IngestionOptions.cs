namespace MerchantStudio.Core.Ingestion;

/// <summary>Bound from "Studio".</summary>
public sealed class IngestionOptions
{
    /// <summary>Largest upload in the browser; the command line has no limit.</summary>
    public long UploadLimitBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Uploads of all workspaces that the studio takes at the same time.</summary>
    public int MostUploadsInAll { get; set; } = 20;

    /// <summary>Uploads of one workspace at the same time, unless its owner sets another number; so with the next three.</summary>
    public int MostUploads { get; set; } = 5;

    /// <summary>Files of one workspace that may wait for their import.</summary>
    public int MostWaitingFiles { get; set; } = 1_000;

    /// <summary>Bytes of one workspace on the disk: its data and the files that wait for their import.</summary>
    public long MostWorkspaceBytes { get; set; } = 20L * 1024 * 1024 * 1024;

    /// <summary>Rows of one workspace in all of its data sets together; null for no limit.</summary>
    public long? MostWorkspaceRows { get; set; }

    /// <summary>An upload that brings nothing for so long, or after that less than <see cref="SlowestUpload"/>, is cut.</summary>
    public TimeSpan UploadPatience { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes a second, on average.</summary>
    public int SlowestUpload { get; set; } = 1_024;

    /// <summary>A compressed file may unpack to this many bytes.</summary>
    public long UnpackLimitBytes { get; set; } = 20L * 1024 * 1024 * 1024;

    /// <summary>A compressed file may unpack to this many times its size, once it is larger than 64 MB.</summary>
    public int UnpackRatio { get; set; } = 100;
}
