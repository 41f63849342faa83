using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MerchantStudio.Core.Ingestion.Formats.Workbooks;

/// <summary>Cells drawn as one. Only the first holds a value; the others are given the same.</summary>
internal readonly record struct MergedCells(int FirstRow, int LastRow, int FirstColumn, int LastColumn);

/// <summary>Finds the merged cells, which a sheet lists after its rows, without reading the rows' XML.</summary>
internal static partial class MergedCellList
{
    private const int MostKept = 100_000;
    private const int LongestList = 16 << 20;

    public static List<MergedCells> Read(Stream sheet, CancellationToken cancellationToken)
    {
        var buffer = new byte[256 * 1024];
        var kept = 0;
        var list = new MemoryStream();
        var found = false;
        int read;
        while ((read = sheet.Read(buffer.AsSpan(kept))) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var bytes = buffer.AsSpan(0, kept + read);
            if (found)
            {
                if (list.Length < LongestList) list.Write(bytes);
                kept = 0;
                continue;
            }

            var at = bytes.IndexOf("<mergeCell "u8);
            if (at >= 0)
            {
                found = true;
                list.Write(bytes[at..]);
                kept = 0;
                continue;
            }

            kept = Math.Min(16, bytes.Length);
            bytes[^kept..].CopyTo(buffer);
        }

        var text = Encoding.UTF8.GetString(list.GetBuffer(), 0, (int)list.Length);
        return [.. Range().Matches(text).Take(MostKept).Select(match => new MergedCells(
            Row(match.Groups[2]), Row(match.Groups[4]), CellPlace.Column(match.Groups[1].ValueSpan), CellPlace.Column(match.Groups[3].ValueSpan)))];
    }

    private static int Row(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("<mergeCell\\s+ref=\"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})\"", RegexOptions.NonBacktracking)]
    private static partial Regex Range();
}
