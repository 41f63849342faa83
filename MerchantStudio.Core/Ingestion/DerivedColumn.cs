using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Recognition;

namespace MerchantStudio.Core.Ingestion;

/// <summary>How a value is made that no column of the file holds by itself.</summary>
public enum DerivedHow
{
    /// <summary>The same text on every row.</summary>
    Constant,

    /// <summary>Several columns put together: a date and a time.</summary>
    Join,

    /// <summary>One part of a column that holds several: the second of "Home &gt; Tea &gt; Green".</summary>
    Part,

    /// <summary>One property of a column that holds JSON: "device.type".</summary>
    Field,

    /// <summary>An id made of several columns, the same for the same values; empty ones count as such.</summary>
    Fingerprint,
}

/// <summary>A column that the file does not have, made of those it has.</summary>
/// <param name="From">Names of the file's columns; none for a constant, several for a join and a fingerprint, else one.</param>
/// <param name="Text">The constant; what stands between joined values; what parts the parts; the property's path with points.</param>
/// <param name="Part">Which part, from 1; from the end when negative.</param>
public sealed record DerivedColumn(ColumnRole Role, DerivedHow How, ImmutableArray<string> From, string Text = "", int Part = 1)
{
    /// <summary>Whether all that its kind needs is there.</summary>
    public bool IsComplete => How switch
    {
        DerivedHow.Constant => From.IsEmpty && !string.IsNullOrWhiteSpace(Text),
        DerivedHow.Join or DerivedHow.Fingerprint => From.Length > 1,
        DerivedHow.Part => From.Length == 1 && Text.Length > 0 && Part != 0,
        _ => From.Length == 1 && Text.Length > 0,
    };
}
