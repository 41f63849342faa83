using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Tables;

/// <summary>A table whose label has been found.</summary>
/// <param name="Yes">The label's value that counts as yes.</param>
/// <param name="Y">1 or 0 for each row.</param>
/// <param name="Exclude">Columns that must not be learnt from.</param>
/// <param name="Ages">How long before the last row each row was, in days or in the time column's own unit; null for a table that is not parted by time.</param>
internal sealed record LabelledTable(Table Table, string Yes, float[] Y, IReadOnlySet<int> Exclude, float[]? Ages = null)
{
    private static readonly string[] YesWords = ["true", "1", "yes", "y", "是"];

    /// <param name="timeColumn">By which the table is parted; null when it is not parted by time.</param>
    public static Outcome<LabelledTable> Read(Table table, TableQuestion question, string? timeColumn)
    {
        if (Check(table, question) is { } problem) return problem;
        var label = table.Header.IndexOf(question.Label);
        if (!PositiveValue(table, label, question.Positive).TryGet(out var yes, out var unclear)) return unclear;
        var y = Enumerable.Range(0, table.Rows.Count).Select(row => TableEncoder.Cell(table, row, label) == yes ? 1f : 0f).ToArray();
        var labelled = new LabelledTable(table, yes, y, question.Ids.Select(id => table.Header.IndexOf(id)).Append(label).ToHashSet());
        if (timeColumn is null) return labelled;
        if (!TableSplitter.Moments(table, timeColumn).TryGet(out var moments, out var undated)) return undated;
        var last = moments.Max();
        return labelled with { Ages = Array.ConvertAll(moments, moment => (float)(last - moment)) };
    }

    /// <param name="encoder">Fitted on the training rows.</param>
    public SplitRows Encode(TableEncoder encoder, int[] training, int[] validation, int[] test) => new(
        Ages is null ? encoder.Encode(Table, training) : encoder.Encode(Table, training).WithAges(SplitRows.Pick(Ages, training)), SplitRows.Pick(Y, training), encoder.Encode(Table, validation), SplitRows.Pick(Y, validation), encoder.Encode(Table, test), SplitRows.Pick(Y, test));

    private static Problem? Check(Table table, TableQuestion question)
    {
        if (!table.Header.Contains(question.Label)) return new Problem("evaluate.no-label", "There is no column '{0}'. The file has: {1}.", question.Label, string.Join(", ", table.Header));
        var unknown = question.Ids.FirstOrDefault(id => !table.Header.Contains(id));
        if (unknown is not null) return new Problem("evaluate.no-id-column", "There is no column '{0}' to leave out.", unknown);
        return TableTrainers.Check(question.Models);
    }

    private static Outcome<string> PositiveValue(Table table, int label, string? wanted)
    {
        var values = Enumerable.Range(0, table.Rows.Count).GroupBy(row => TableEncoder.Cell(table, row, label), StringComparer.Ordinal).Select(group => (Value: group.Key, Rows: group.Count())).ToArray();
        if (wanted is not null)
        {
            return values.Any(value => value.Value == wanted) ? wanted : new Problem("evaluate.no-positive", "No row has the value '{0}' in the label column.", wanted);
        }

        if (values.Length != 2) return new Problem("evaluate.not-two-values", "The label column has {0} different values; say which one counts as yes with --positive.", values.Length);
        var yes = values.Where(value => YesWords.Contains(value.Value, StringComparer.OrdinalIgnoreCase)).ToArray();
        return yes.Length == 1 ? yes[0].Value : values.OrderBy(value => value.Rows).ThenBy(value => value.Value, StringComparer.Ordinal).First().Value;
    }
}
