using System.Collections.Immutable;
using System.Globalization;

namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>How a column's cells are written.</summary>
internal enum CellForm
{
    Whole,

    /// <summary>Nine digits.</summary>
    NineDigits,

    /// <summary>2014-04-07T10:51:09.277Z.</summary>
    IsoInstant,
    UnixSeconds,

    /// <summary>One of the column's words, or a whole number where "0" is among them.</summary>
    Word,
}

/// <summary>A column of a form without a header.</summary>
/// <param name="Words">Separated by '|'; only for <see cref="CellForm.Word"/>.</param>
internal sealed record ShapeColumn(ColumnRole Role, CellForm Form, string Words = "")
{
    private const int Looked = 200;

    /// <summary>Whether nine rows in ten look like this, column by column.</summary>
    public static bool Fit(ImmutableArray<ShapeColumn> columns, IReadOnlyList<ImmutableArray<string>> rows)
    {
        if (columns.IsEmpty || rows.Count == 0) return false;
        var looked = rows.Take(Looked).ToList();
        return looked.Count(row => row.Length == columns.Length && columns.Zip(row).All(pair => pair.First.Fits(pair.Second))) >= looked.Count * 0.9;
    }

    private bool Fits(string cell) => Form switch
    {
        CellForm.Whole => IsWhole(cell),
        CellForm.NineDigits => cell.Length == 9 && IsWhole(cell),
        CellForm.UnixSeconds => cell.Length is 9 or 10 && IsWhole(cell),
        CellForm.IsoInstant => cell.Length >= 20 && cell[10] == 'T' && cell[^1] == 'Z' && DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, out _),
        _ => Words.Split('|') is var words && (words.Contains(cell, StringComparer.Ordinal) || (words.Contains("0", StringComparer.Ordinal) && IsWhole(cell))),
    };

    private static bool IsWhole(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
