using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Learning.Evaluation.Tables;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Sequences;

/// <summary>A log of events cut into sessions, ordered by when each began.</summary>
/// <param name="Kinds">Names of ids 1, 2, 3...</param>
/// <param name="Sessions">Ids of kinds in order of time.</param>
internal sealed record SessionLog(ImmutableArray<string> Kinds, ImmutableArray<int[]> Sessions)
{
    private const double SecondsOfDay = 86_400;

    public static Outcome<SessionLog> Of(Table table, SequenceQuestion question)
    {
        foreach (var name in (string[])[question.Shopper, question.Time, question.Event])
        {
            if (!table.Header.Contains(name)) return new Problem("evaluate.no-column", "There is no column '{0}'. The file has: {1}.", name, string.Join(", ", table.Header));
        }

        if (!TableSplitter.Moments(table, question.Time).TryGet(out var moments, out var problem)) return problem;
        var unit = double.TryParse(table.Rows[0][table.Header.IndexOf(question.Time)], NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? 1 : SecondsOfDay;   // dates come in days, numbers as they are
        var (shopper, kind) = (table.Header.IndexOf(question.Shopper), table.Header.IndexOf(question.Event));
        var kinds = Enumerable.Range(0, table.Rows.Count).Select(row => TableEncoder.Cell(table, row, kind)).Distinct().Order(StringComparer.Ordinal).ToImmutableArray();
        var ids = kinds.Select((name, at) => (name, Id: at + 1)).ToDictionary(one => one.name, one => one.Id, StringComparer.Ordinal);
        var sessions = new List<(double Begin, int[] Events)>();
        foreach (var own in Enumerable.Range(0, table.Rows.Count).GroupBy(row => TableEncoder.Cell(table, row, shopper), StringComparer.Ordinal))
        {
            var rows = own.OrderBy(row => moments[row]).ThenBy(row => row).ToArray();
            var from = 0;
            for (var at = 1; at <= rows.Length; at++)
            {
                if (at < rows.Length && (moments[rows[at]] - moments[rows[at - 1]]) * unit < question.Gap.TotalSeconds) continue;
                sessions.Add((moments[rows[from]], [.. rows[from..at].Select(row => ids[TableEncoder.Cell(table, row, kind)])]));
                from = at;
            }
        }

        return new SessionLog(kinds, [.. sessions.OrderBy(session => session.Begin).Select(session => session.Events)]);
    }
}
