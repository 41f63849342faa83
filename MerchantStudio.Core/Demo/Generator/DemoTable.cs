using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MerchantStudio.Core.Demo.Generator;

/// <summary>One plain table. Cells are null, text, or a whole number; amounts are decimal text, so that they stay exact.</summary>
/// <param name="TimeColumns">Columns that hold unix seconds; the CSV writes them as ISO 8601 in UTC.</param>
internal sealed record DemoTable(string Name, ImmutableArray<string> Columns, ImmutableArray<string> TimeColumns, IReadOnlyList<object?[]> Rows)
{
    /// <summary>The table as CSV text, line by line; the hash of these lines is the table's content.</summary>
    public IEnumerable<string> CsvLines()
    {
        yield return string.Join(',', Columns);
        var isTime = Columns.Select(column => TimeColumns.Contains(column)).ToArray();
        var line = new StringBuilder();
        foreach (var row in Rows)
        {
            line.Clear();
            for (var i = 0; i < row.Length; i++)
            {
                if (i > 0) line.Append(',');
                line.Append(Cell(row[i], isTime[i]));
            }
            yield return line.ToString();
        }
    }

    /// <summary>SHA-256 over the CSV text with a line feed after each line.</summary>
    public string ContentHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in CsvLines())
        {
            hash.AppendData(Encoding.UTF8.GetBytes(line));
            hash.AppendData("\n"u8);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Cell(object? value, bool isTime) => value switch
    {
        null => "",
        long second when isTime => DateTimeOffset.FromUnixTimeSeconds(second).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        long number => number.ToString(CultureInfo.InvariantCulture),
        string text when text.AsSpan().IndexOfAny(",\"\n\r") >= 0 => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        string text => text,
        _ => throw new ArgumentException($"A demo table holds text and whole numbers, not {value.GetType().Name}.", nameof(value)),
    };
}
