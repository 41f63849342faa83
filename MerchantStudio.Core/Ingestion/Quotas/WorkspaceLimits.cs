using System.Globalization;
using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Ingestion.Quotas;

/// <summary>How much one workspace may take in.</summary>
/// <param name="MostBytes">On the disk: its data and the files that wait for their import.</param>
/// <param name="MostRows">In all of its data sets together; null for no limit.</param>
/// <param name="MostUploads">Uploads at the same time.</param>
/// <param name="MostFiles">Uploaded files that wait for their import.</param>
public sealed record WorkspaceLimits(long MostBytes, long? MostRows, int MostUploads, int MostFiles)
{
    /// <summary>What an owner has set, and the installation's own limits for the rest.</summary>
    internal static WorkspaceLimits Of(Workspace workspace, IngestionOptions options) => new(
        workspace.MostBytes ?? options.MostWorkspaceBytes, workspace.MostRows ?? options.MostWorkspaceRows, workspace.MostUploads ?? options.MostUploads, workspace.MostFiles ?? options.MostWaitingFiles);

    /// <summary>Each limit as one short text for the audit trail.</summary>
    internal string Facts() => string.Create(
        CultureInfo.InvariantCulture, $"{MostBytes >> 20} MB; {(MostRows is { } rows ? rows.ToString(CultureInfo.InvariantCulture) : "any number of")} rows; {MostUploads} uploads; {MostFiles} files");
}

/// <summary>What of its limits a workspace uses now.</summary>
/// <param name="FreeBytes">Free on the disk of the data folder.</param>
/// <param name="ReservedBytes">What no new work may take of them.</param>
public sealed record WorkspaceUse(long Bytes, long Rows, int Uploads, int Files, long FreeBytes, long ReservedBytes);

/// <summary>Limits and use side by side.</summary>
public sealed record WorkspaceRoom(WorkspaceLimits Limits, WorkspaceUse Use);
