using System.Collections.Immutable;

namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>What a column seems to mean.</summary>
/// <param name="Column">Position in the file, from 0.</param>
/// <param name="Confidence">0 to 1; below 0.6 the merchant is asked.</param>
/// <param name="Samples">Up to three different values, as they stand in the file.</param>
public sealed record ColumnSuggestion(int Column, string Name, ColumnRole Role, double Confidence, ImmutableArray<string> Samples, SuggestionReason Why);

/// <summary>Why a role is suggested.</summary>
public enum SuggestionReason
{
    /// <summary>Part of a recognised form.</summary>
    Preset,
    Name,

    /// <summary>The name fits, many values do not.</summary>
    NameOnly,

    /// <summary>The values look like it; the name says nothing.</summary>
    Values,
    Nothing,
}
