using System.Collections.Immutable;
using System.Globalization;

namespace MerchantStudio.Core.Learning.Evaluation.Tables;

/// <summary>Decides from the training rows what each column is and turns cells into features.</summary>
internal sealed class TableEncoder
{
    private const int MostCategories = 1000;
    private readonly List<(int Index, Dictionary<string, int>? Codes)> _sources = [];

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
        for (var index = 0; index < table.Header.Length; index++)
        {
            if (exclude.Contains(index)) continue;
            var name = table.Header[index];
            if (trainingRows.All(row => IsBlank(Cell(table, row, index)) || Number(Cell(table, row, index)) is not null))
            {
                columns.Add(new FeatureColumn(name));
                encoder._sources.Add((index, null));
                continue;
            }

            var values = trainingRows.Select(row => Cell(table, row, index)).Where(value => !IsBlank(value)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
            if (values.Length > MostCategories || values.Length > trainingRows.Length / 2)
            {
                leftOut.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {values.Length} different texts"));
                continue;
            }

            columns.Add(new FeatureColumn(name, [.. values]));
            encoder._sources.Add((index, values.Select((value, code) => (value, code)).ToDictionary(pair => pair.value, pair => pair.code, StringComparer.Ordinal)));
        }

        encoder.Columns = columns.ToImmutable();
        encoder.LeftOut = leftOut.ToImmutable();
        return encoder;
    }

    /// <summary>Blank cells, cells that are no number in a number column and texts never seen in training are missing.</summary>
    public FeatureMatrix Encode(Table table, int[] rows)
    {
        var values = new float[_sources.Count * rows.Length];
        for (var column = 0; column < _sources.Count; column++)
        {
            var (index, codes) = _sources[column];
            for (var i = 0; i < rows.Length; i++)
            {
                var cell = Cell(table, rows[i], index);
                values[(column * rows.Length) + i] = codes is null ? (float)(Number(cell) ?? double.NaN) : codes.TryGetValue(cell, out var code) ? code : float.NaN;
            }
        }

        return new FeatureMatrix(Columns, rows.Length, values);
    }

    public static string Cell(Table table, int row, int index) => index < table.Rows[row].Length ? table.Rows[row][index].Trim() : "";

    public static double? Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static bool IsBlank(string cell) => cell.Length == 0;
}
