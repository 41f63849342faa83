using System.Globalization;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Tables;

/// <summary>Deals a table's rows out to training, validation and test.</summary>
internal static class TableSplitter
{
    private const double TestShare = 0.2;
    private const double ValidationShare = 0.15;

    public static Outcome<RecordSplit> Split(Table table, TableQuestion question)
    {
        var split = question.Split;
        if (split.Kind == TableSplitKind.Hash)
        {
            var ids = question.Ids.Select(id => table.Header.IndexOf(id)).ToHashSet();
            return HashSplit.Of([.. table.Rows.Select(row => string.Join('\u001f', row.Where((_, index) => !ids.Contains(index))))], split.Seed);
        }

        if (split.Kind == TableSplitKind.Random) return Last(Shuffled(table.Rows.Count, split.Seed));
        var column = table.Header.IndexOf(split.Column!);
        if (column < 0) return new Problem("evaluate.no-time-column", "There is no column '{0}' to order the rows by.", split.Column!);
        var keys = table.Rows.Select((_, row) => Moment(TableEncoder.Cell(table, row, column))).ToArray();
        var bad = Array.FindIndex(keys, key => key is null);
        if (bad >= 0) return new Problem("evaluate.bad-time", "Row {0}, column {1}: '{2}' is neither a number nor a date.", bad + 2, split.Column!, Shorten(TableEncoder.Cell(table, bad, column)));
        return Last([.. Enumerable.Range(0, keys.Length).OrderBy(row => keys[row]).ThenBy(row => row)]);
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

    private static int[] Shuffled(int count, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var other = random.NextInt(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }

    private static double? Moment(string cell) => TableEncoder.Number(cell)
        ?? (DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.UtcTicks : null);

    private static string Shorten(string cell) => cell.Length <= 40 ? cell : cell[..40] + "…";
}
