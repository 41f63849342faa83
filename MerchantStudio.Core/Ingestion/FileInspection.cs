using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;

namespace MerchantStudio.Core.Ingestion;

/// <summary>What a look at a file's beginning tells before anything is imported.</summary>
/// <param name="Preset">Key of the recognised form; null when the columns were judged one by one.</param>
/// <param name="Confidence">0 to 1, of the whole recognition.</param>
/// <param name="Mapping">The suggestion to start from: the saved one for this header, the preset's, or the columns' best roles.</param>
/// <param name="Remembered">Whether the mapping was saved from an earlier file with this header.</param>
/// <param name="Preview">The first rows, at most 100, as they stand in the file.</param>
/// <param name="EstimatedRows">From the file's size; exact when the file is small.</param>
public sealed record FileInspection(
    Guid ImportId,
    string FileName,
    long FileBytes,
    FileShape Shape,
    DatasetKind Kind,
    string? Preset,
    double Confidence,
    ImmutableArray<ColumnSuggestion> Suggestions,
    ImportMapping Mapping,
    bool Remembered,
    ImmutableArray<ImmutableArray<string>> Preview,
    long EstimatedRows)
{
    /// <summary>The complete import of this very file, if there is one.</summary>
    public ImportRecord? SameFile { get; init; }

    /// <summary>Dates like 3/4/2026 occur and none tells which number is the day: the merchant has to say.</summary>
    public bool AsksDateOrder { get; init; }
}
