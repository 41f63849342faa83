using System.Text.Json;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>
/// What a caller gives an exported model: "numbers", a matrix of the columns that are numbers (NaN where missing), and for each column of words an input of its own
/// name with one text a row (an unknown or empty one counts as missing). The file's metadata name the columns of "numbers" in their order.
/// </summary>
internal class OnnxInputs
{
    public const string Numbers = "numbers";

    private readonly OnnxGraph _graph;
    private readonly IReadOnlyList<FeatureColumn> _columns;
    private readonly string _numbers;

    public OnnxInputs(OnnxGraph graph, IReadOnlyList<FeatureColumn> columns)
        : this(graph, columns, Numbers)
    {
        string[] numbers = [.. columns.Where(column => !column.IsCategorical).Select(column => column.Name)];
        if (numbers.Length > 0) graph.Input(Numbers, OnnxType.Float, numbers.Length);
        foreach (var column in columns.Where(column => column.IsCategorical)) graph.Input(column.Name, OnnxType.String, 1);
        graph.Fact(Numbers, JsonSerializer.Serialize(numbers));
    }

    /// <summary>For columns that the graph makes itself of what its caller gives.</summary>
    /// <param name="numbers">The columns that are numbers, side by side as Float.</param>
    protected OnnxInputs(OnnxGraph graph, IReadOnlyList<FeatureColumn> columns, string numbers) => (_graph, _columns, _numbers) = (graph, columns, numbers);

    /// <summary>The columns that are numbers, as the input <see cref="Numbers"/> takes them: one row after the other.</summary>
    public static float[] RowByRow(FeatureMatrix x)
    {
        int[] numbers = [.. Enumerable.Range(0, x.Columns.Length).Where(column => !x.Columns[column].IsCategorical)];
        var matrix = new float[x.Rows * numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            var column = x.Column(numbers[i]);
            for (var row = 0; row < x.Rows; row++) matrix[(row * numbers.Length) + i] = column[row];
        }

        return matrix;
    }

    /// <summary>Where each column stands in <see cref="Matrix"/>: numbers first, then words.</summary>
    public int[] Places()
    {
        var (number, word) = (0, _columns.Count(column => !column.IsCategorical));
        return [.. _columns.Select(column => column.IsCategorical ? word++ : number++)];
    }

    /// <summary>All columns side by side as Float.</summary>
    /// <param name="code">The number that stands for a category of a column.</param>
    /// <param name="unknown">The number that stands for a word that is not among the categories of a column.</param>
    public string Matrix(Func<int, int, float> code, Func<int, float> unknown)
    {
        List<string> parts = _columns.Any(column => !column.IsCategorical) ? [_numbers] : [];
        for (var column = 0; column < _columns.Count; column++)
        {
            var at = column;
            if (_columns[column].IsCategorical) parts.Add(Codes(_columns[column], [.. Enumerable.Range(0, _columns[column].Categories.Length).Select(category => code(at, category))], unknown(at)));
        }

        return parts.Count == 1 ? parts[0] : _graph.Add("Concat", [OnnxAttribute.Int("axis", 1)], [.. parts]);
    }

    /// <param name="codes">One for each of the column's categories.</param>
    /// <returns>The code of each row's category as one column of Float.</returns>
    protected virtual string Codes(FeatureColumn column, float[] codes, float unknown) => _graph.AddLearnt("LabelEncoder",
    [
        OnnxAttribute.Texts("keys_strings", column.Categories),
        OnnxAttribute.Floats("values_floats", codes),
        OnnxAttribute.Float("default_float", unknown),
    ], column.Name);
}

/// <summary>A model that can be written as a graph of standard operators.</summary>
internal interface IOnnxModel
{
    IReadOnlyList<FeatureColumn> Columns { get; }

    /// <returns>The log-odds as one column of Double.</returns>
    string LogOdds(OnnxGraph graph, OnnxInputs inputs);
}
