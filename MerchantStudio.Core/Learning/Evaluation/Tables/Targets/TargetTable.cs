using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Tables.Targets;

/// <summary>A table whose labels have been read.</summary>
/// <param name="Query">Index of the column of queries; below 0 for none.</param>
internal sealed record TargetTable(Table Table, TargetQuestion Question, float[] Y, ImmutableArray<string> Classes, int Query)
{
    private const int MostClasses = 200;

    public static Outcome<TargetTable> Read(Table table, TargetQuestion question)
    {
        foreach (var column in question.Ids.Append(question.Label).Concat(question.Query is { } query ? [query] : []))
        {
            if (!table.Header.Contains(column)) return new Problem("evaluate.no-label", "There is no column '{0}'. The file has: {1}.", column, string.Join(", ", table.Header));
        }

        var label = table.Header.IndexOf(question.Label);
        string[] cells = [.. Enumerable.Range(0, table.Rows.Count).Select(row => TableEncoder.Cell(table, row, label))];
        if (question.Target == TreesObjective.Softmax)
        {
            string[] classes = [.. cells.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            if (classes.Length is < 2 or > MostClasses) return new Problem("evaluate.class-count", "The label column has {0} different values; classes are 2 to {1}.", classes.Length, MostClasses);
            var codes = classes.Select((name, code) => (name, code)).ToDictionary(pair => pair.name, pair => pair.code, StringComparer.Ordinal);
            return new TargetTable(table, question, [.. cells.Select(cell => (float)codes[cell])], [.. classes], -1);
        }

        var bad = Array.FindIndex(cells, cell => TableEncoder.Number(cell) is null);
        if (bad >= 0) return new Problem("evaluate.label-not-number", "Row {0} has the label '{1}', which is no number. Correct it, or ask for classes.", bad + 2, Shortened(cells[bad]));
        return new TargetTable(table, question, [.. cells.Select(cell => (float)TableEncoder.Number(cell)!.Value)], [], question.Query is null ? -1 : table.Header.IndexOf(question.Query));
    }

    /// <summary>Rows of one query stay on one side.</summary>
    public Outcome<RecordSplit> Split() => Question.Target == TreesObjective.Ranking
        ? HashSplit.Of([.. Enumerable.Range(0, Table.Rows.Count).Select(row => TableEncoder.Cell(Table, row, Query))], Question.Split.Seed)
        : TableSplitter.Split(Table, Question.Split, Question.Ids);

    public TableEncoder Fit(int[] training) => TableEncoder.Fit(Table, training, Question.Ids.Append(Question.Label).Select(name => Table.Header.IndexOf(name)).Append(Query).ToHashSet());

    /// <summary>Some rows, those of a query one after the other.</summary>
    public TreesTable Encode(TableEncoder encoder, int[] rows)
    {
        if (Question.Target != TreesObjective.Ranking) return new TreesTable(encoder.Encode(Table, rows), SplitRows.Pick(Y, rows));
        var queries = rows.GroupBy(row => TableEncoder.Cell(Table, row, Query), StringComparer.Ordinal).Select(query => query.ToArray()).ToArray();
        int[] ordered = [.. queries.SelectMany(query => query)];
        return new TreesTable(encoder.Encode(Table, ordered), SplitRows.Pick(Y, ordered), QuerySizes: [.. queries.Select(query => query.Length)]);
    }

    /// <summary>The rows with a weight for each that lets the classes count alike.</summary>
    public static TreesTable Balanced(TreesTable rows)
    {
        var counts = rows.Y.CountBy(y => y).ToDictionary(pair => pair.Key, pair => pair.Value);
        return rows with { Weights = Array.ConvertAll(rows.Y, y => (float)rows.Y.Length / (counts.Count * counts[y])) };
    }

    private static string Shortened(string cell) => string.Create(CultureInfo.InvariantCulture, $"{(cell.Length <= 40 ? cell : cell[..40] + "…")}");
}
