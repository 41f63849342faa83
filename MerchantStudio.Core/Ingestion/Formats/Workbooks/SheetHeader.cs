namespace MerchantStudio.Core.Ingestion.Formats.Workbooks;

/// <summary>Finds where a sheet's table begins: below its titles, and under names that stand in two rows.</summary>
internal static class SheetHeader
{
    /// <summary>Rows looked at before the first is written.</summary>
    public const int RowsLookedAt = 20;

    /// <param name="rows">The sheet's first rows that are not empty.</param>
    /// <param name="merged">Cells drawn as one.</param>
    /// <returns>The rows to begin with; the first of them has the names of both where they stand in two.</returns>
    public static List<(int Number, string[] Cells)> Begin(List<(int Number, string[] Cells)> rows, IReadOnlyList<MergedCells> merged)
    {
        var first = 0;
        while (first + 1 < rows.Count && Filled(rows[first].Cells) == 1 && rows.Skip(first + 1).Any(row => Filled(row.Cells) > 1)) first++;
        rows = rows[first..];
        if (rows.Count < 2 || rows[1].Number != rows[0].Number + 1) return rows;
        var (upper, lower) = (rows[0], rows[1]);
        var groups = merged.Where(cells => cells.FirstRow == upper.Number && cells.LastRow == upper.Number && cells.LastColumn > cells.FirstColumn).ToList();
        if (!groups.Exists(group => Filled(lower.Cells.Skip(group.FirstColumn).Take(group.LastColumn - group.FirstColumn + 1)) > 1)) return rows;
        var names = new string[Math.Max(upper.Cells.Length, lower.Cells.Length)];
        for (var column = 0; column < names.Length; column++)
        {
            var group = groups.Find(cells => cells.FirstColumn <= column && column <= cells.LastColumn);
            var above = At(upper.Cells, group.LastRow > 0 ? group.FirstColumn : column);
            var below = At(lower.Cells, column);
            names[column] = above.Length == 0 || above == below ? below : below.Length == 0 ? above : $"{above} {below}";
        }

        return [(lower.Number, names), .. rows.Skip(2)];
    }

    private static int Filled(IEnumerable<string> cells) => cells.Count(cell => !string.IsNullOrWhiteSpace(cell));

    private static string At(string[] cells, int column) => column < cells.Length ? cells[column] : "";
}
