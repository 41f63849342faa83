using MerchantStudio.Core.Ingestion.Formats;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>One file to read and what to do with its rows.</summary>
/// <param name="Number">Carried by every row as import_id.</param>
/// <param name="Zone">The store's time zone.</param>
/// <param name="DryRun">Do everything and roll it back.</param>
/// <param name="MostRows">Stop after so many records; only in a dry run.</param>
internal sealed record ImportTask(
    WorkspaceId Workspace, int Number, ReadableFile File, TimeZoneInfo Zone, ImportMapping Mapping, ImportChoices Choices, bool DryRun = false, long? MostRows = null)
{
    /// <summary>Rows that the workspace may hold in all; null for no limit.</summary>
    public long? RowLimit { get; init; }
}
