using System.Collections.Immutable;
using System.Globalization;

namespace MerchantStudio.Core.Learning.Evaluation.Tables;

/// <summary>Decides from the training rows what each column is and turns cells into features.</summary>
internal sealed class TableEncoder
{
    private const int MostCategories = 1000;
    private const int LeastDateMarks = 2;   // "2/24/15", "2015-02-24"; a time of day alone is a category
    private readonly List<Func<Table, int, double>> _sources = [];

    private TableEncoder()
    {
    }

    public ImmutableArray<FeatureColumn> Columns { get; private set; } = [];

    public ImmutableArray<string> LeftOut { get; private set; } = [];

    public static TableEncoder Fit(Table table, int[] trainingRows, IReadOnlySet<int> exclude)
    {
        var encoder = new TableEncoder();
        var columns = ImmutableArray.CreateBuilder<FeatureColumn>();
        var leftOut = ImmutableArray.CreateBuilder<string>();
        var dates = new List<int>();
        for (var index = 0; index < table.Header.Length; index++)
        {
            if (exclude.Contains(index)) continue;
            var at = index;
            var name = table.Header[index];
            if (trainingRows.All(row => IsBlank(Cell(table, row, at)) || Number(Cell(table, row, at)) is not null))
            {
                Add(new FeatureColumn(name), (from, row) => Number(Cell(from, row, at)) ?? double.NaN);
                continue;
            }

            if (trainingRows.All(row => IsBlank(Cell(table, row, at)) || Day(Cell(table, row, at)) is not null))
            {
                Add(new FeatureColumn(name), (from, row) => Day(Cell(from, row, at)) ?? double.NaN);
                dates.Add(index);
                continue;
            }

            var values = trainingRows.Select(row => Cell(table, row, at)).Where(value => !IsBlank(value)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
            if (values.Length > MostCategories || values.Length > trainingRows.Length / 2)
            {
                leftOut.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {values.Length} different texts, of which only how often they come is learnt from"));
                Add(new FeatureColumn($"{name} (count)"), Counts(table, trainingRows, at));
                continue;
            }

            var codes = values.Select((value, code) => (value, code)).ToDictionary(pair => pair.value, pair => pair.code, StringComparer.Ordinal);
            Add(new FeatureColumn(name, [.. values]), (from, row) => codes.TryGetValue(Cell(from, row, at), out var code) ? code : double.NaN);
        }

        foreach (var (earlier, later) in dates.SelectMany((earlier, i) => dates.Skip(i + 1).Select(later => (earlier, later))))
            Add(new FeatureColumn($"{table.Header[later]} - {table.Header[earlier]}"), (from, row) => (Day(Cell(from, row, later)) - Day(Cell(from, row, earlier))) ?? double.NaN);

        encoder.Columns = columns.ToImmutable();
        encoder.LeftOut = leftOut.ToImmutable();
        return encoder;

        void Add(FeatureColumn column, Func<Table, int, double> source)
        {
            columns.Add(column);
            encoder._sources.Add(source);
        }
    }

    /// <summary>Blank cells, cells that are no number in a number column and texts never seen in training are missing.</summary>
    public FeatureMatrix Encode(Table table, int[] rows)
    {
        var values = new float[_sources.Count * rows.Length];
        for (var column = 0; column < _sources.Count; column++)
        {
            for (var i = 0; i < rows.Length; i++) values[(column * rows.Length) + i] = (float)_sources[column](table, rows[i]);
        }

        return new FeatureMatrix(Columns, rows.Length, values);
    }

    public static string Cell(Table table, int row, int index) => index < table.Rows[row].Length ? table.Rows[row][index].Trim() : "";

    public static double? Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>Days since the beginning of 2000 at a date, with or without a time.</summary>
    private static double? Day(string cell) =>
        cell.Count(c => c is '/' or '-') >= LeastDateMarks && DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? (at - new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalDays
            : null;

    /// <summary>In how many other training rows a row's text comes: a training row does not count itself, so that it looks as a new row would.</summary>
    private static Func<Table, int, double> Counts(Table table, int[] trainingRows, int index)
    {
        var counts = trainingRows.Select(row => Cell(table, row, index)).Where(value => !IsBlank(value)).CountBy(value => value, StringComparer.Ordinal).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        var training = trainingRows.ToHashSet();
        return (from, row) => Cell(from, row, index) is var cell && IsBlank(cell) ? double.NaN : counts.GetValueOrDefault(cell) - (training.Contains(row) ? 1 : 0);
    }

    private static bool IsBlank(string cell) => cell.Length == 0;
}
