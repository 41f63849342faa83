using System.Globalization;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Tables;

/// <summary>Deals a table's rows out to training, validation and test.</summary>
internal static class TableSplitter
{
    private const double TestShare = 0.2;
    private const double ValidationShare = 0.15;

    /// <param name="idColumns">Columns that name a row: they do not tell it from a repeated one.</param>
    public static Outcome<RecordSplit> Split(Table table, TableSplit split, IReadOnlyList<string> idColumns)
    {
        if (split.Kind == TableSplitKind.Hash)
        {
            var ids = idColumns.Select(id => table.Header.IndexOf(id)).ToHashSet();
            return HashSplit.Of([.. table.Rows.Select(row => string.Join('\u001f', row.Where((_, index) => !ids.Contains(index))))], split.Seed);
        }

        if (split.Kind == TableSplitKind.Random) return Last(new SeededRandom((ulong)split.Seed).Shuffle(Enumerable.Range(0, table.Rows.Count).ToArray()));
        return Moments(table, split.Column!).TryGet(out var keys, out var problem) ? Last([.. Enumerable.Range(0, keys.Length).OrderBy(row => keys[row]).ThenBy(row => row)]) : problem;
    }

    /// <summary>A column's numbers, or its dates in days.</summary>
    public static Outcome<double[]> Moments(Table table, string name)
    {
        var column = table.Header.IndexOf(name);
        if (column < 0) return new Problem("evaluate.no-time-column", "There is no column '{0}' to order the rows by.", name);
        var keys = table.Rows.Select((_, row) => Moment(TableEncoder.Cell(table, row, column))).ToArray();
        var bad = Array.FindIndex(keys, key => key is null);
        if (bad >= 0) return new Problem("evaluate.bad-time", "Row {0}, column {1}: '{2}' is neither a number nor a date.", bad + 2, name, Shorten(TableEncoder.Cell(table, bad, column)));
        return Array.ConvertAll(keys, key => key!.Value);
    }

    /// <summary>The last fifth of the order tests; the last part of the rest validates.</summary>
    private static RecordSplit Last(int[] order)
    {
        var split = new RecordSplit(new bool[order.Length], new bool[order.Length]);
        var test = order.Length - (int)(order.Length * TestShare);
        var validation = test - (int)(test * ValidationShare);
        for (var i = validation; i < order.Length; i++) (i < test ? split.Validation : split.Test)[order[i]] = true;
        return split;
    }

    private static double? Moment(string cell) => TableEncoder.Number(cell)
        ?? (DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? (double)at.UtcTicks / TimeSpan.TicksPerDay : null);

    private static string Shorten(string cell) => cell.Length <= 40 ? cell : cell[..40] + "…";
}
