using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Text;

/// <summary>Tells names of columns from a first row of data.</summary>
internal static class HeaderDetector
{
    private static readonly NumberParser Numbers = new(decimalComma: false);
    private static readonly TimestampParser Times = new(TimeZoneInfo.Utc, DateOrder.DayFirst);

    /// <param name="rows">The first records, at least one.</param>
    public static bool HasHeader(IReadOnlyList<string[]> rows)
    {
        var first = rows[0];
        if (first.All(string.IsNullOrWhiteSpace)) return false;
        for (var column = 0; column < first.Length; column++)
        {
            if (first[column].Length > 0 && !IsValue(first[column]) && ShareOfValues(rows, column) >= 0.8) return true;
        }

        return !first.Any(IsValue) && !Repeats(rows);
    }

    private static double ShareOfValues(IReadOnlyList<string[]> rows, int column)
    {
        int filled = 0, values = 0;
        foreach (var row in rows.Skip(1))
        {
            if (column >= row.Length || row[column].Length == 0) continue;
            filled++;
            if (IsValue(row[column])) values++;
        }

        return filled == 0 ? 0 : (double)values / filled;
    }

    /// <summary>Whether a cell of the first row comes again below it: names do not.</summary>
    private static bool Repeats(IReadOnlyList<string[]> rows)
    {
        for (var column = 0; column < rows[0].Length; column++)
        {
            var name = rows[0][column];
            if (name.Length > 0 && rows.Skip(1).Any(row => column < row.Length && row[column] == name)) return true;
        }

        return false;
    }

    private static bool IsValue(string cell)
    {
        if (cell.Length is 0 or > 64) return false;
        Span<byte> bytes = stackalloc byte[256];
        var text = bytes[..System.Text.Encoding.UTF8.GetBytes(cell, bytes)];
        return Numbers.TryAmount(text, out _) || Times.TryParse(text, out _);
    }
}
