using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Networks.Tables;

/// <summary>Rows of numbers followed by ids: y holds the numbers as they are and, for each id, its learned row.</summary>
/// <param name="numbers">Columns before the ids.</param>
/// <param name="categories">Highest id of each column of ids, from 1; 0 stands for nothing.</param>
/// <remarks>Guo and Berkhahn, Entity embeddings of categorical variables, 2016.</remarks>
internal sealed class TableInput(Parameters parameters, string name, int numbers, ImmutableArray<int> categories) : Layer
{
    private readonly ImmutableArray<Embedding> _embeddings = [.. categories.Select((ids, index) => new Embedding(parameters, $"{name}.{index}", ids, Width(ids)))];

    /// <summary>Columns of the output.</summary>
    public int Outputs { get; } = numbers + categories.Sum(Width);

    /// <summary>Columns of a category's row: more for more categories, at most 16.</summary>
    public static int Width(int ids) => Math.Clamp((int)Math.Ceiling(1.6 * Math.Pow(ids, 0.56)), 2, 16);

    public override Tensor Forward(Pass pass, Tensor x)
    {
        var y = pass.New(x.Batch, x.Time, Outputs);
        Copy(x, 0, y, 0, numbers);
        var at = numbers;
        for (var index = 0; index < _embeddings.Length; index++)
        {
            var ids = pass.New(x.Batch, x.Time, 1);
            Copy(x, numbers + index, ids, 0, 1);
            var rows = _embeddings[index].Forward(pass, ids);
            Copy(rows, 0, y, at, rows.Columns);
            at += rows.Columns;
        }

        return y;
    }

    public override Tensor Backward(Pass pass, Tensor dy)
    {
        var dx = pass.New(dy.Batch, dy.Time, numbers + categories.Length);
        dx.Span.Clear();   // an id has no gradient
        Copy(dy, 0, dx, 0, numbers);
        var at = Outputs;
        for (var index = _embeddings.Length - 1; index >= 0; index--)
        {
            var rows = pass.New(dy.Batch, dy.Time, Width(categories[index]));
            at -= rows.Columns;
            Copy(dy, at, rows, 0, rows.Columns);
            _embeddings[index].Backward(pass, rows);
        }

        return dx;
    }

    public override string ToOnnx(LayerGraph graph, string x)
    {
        string Columns(params long[] columns) => graph.Graph.Add("Gather", [OnnxAttribute.Int("axis", 2)], x, graph.Graph.Indices(columns));
        List<string> parts = numbers > 0 ? [Columns([.. Enumerable.Range(0, numbers).Select(column => (long)column)])] : [];
        for (var index = 0; index < _embeddings.Length; index++) parts.Add(_embeddings[index].ToOnnx(graph, Columns(numbers + index)));
        return parts.Count == 1 ? parts[0] : graph.Graph.Add("Concat", [OnnxAttribute.Int("axis", 2)], [.. parts]);
    }

    private static void Copy(Tensor from, int fromColumn, Tensor to, int toColumn, int columns)
    {
        for (var row = 0; row < from.Rows; row++)
            from.Span.Slice((row * from.Columns) + fromColumn, columns).CopyTo(to.Span.Slice((row * to.Columns) + toColumn, columns));
    }
}
