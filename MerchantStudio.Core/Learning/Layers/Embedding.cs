using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>A learned row for each id: x holds ids from 1, y their rows. 0 stands for nothing and gives zeros that are not learned.</summary>
/// <param name="ids">The highest id.</param>
/// <param name="lazy">Whether only the rows that a batch touches are stepped; for large tables.</param>
internal sealed unsafe class Embedding(Parameters parameters, string name, int ids, int columns, bool lazy = false) : Layer
{
    /// <summary>A row an id from 0, whose row is never used.</summary>
    public Parameter Table { get; } = parameters.Table($"{name}.table", ids + 1, columns, MathF.Sqrt(1f / columns), lazy);

    public override Tensor Forward(Pass pass, Tensor x)
    {
        var y = pass.New(x.Batch, x.Time, x.Columns * columns);
        for (var i = 0; i < x.Length; i++)
        {
            var target = new Span<float>(y.Pointer + ((long)i * columns), columns);
            if (x.Pointer[i] is > 0 and var id) new ReadOnlySpan<float>(pass.ValueRow(Table, (int)id), columns).CopyTo(target);
            else target.Clear();
        }

        pass.Keep(x);
        return y;
    }

    public override Tensor Backward(Pass pass, Tensor dy)
    {
        var x = pass.Recall();
        for (var i = 0; i < x.Length; i++)
        {
            if (x.Pointer[i] is > 0 and var id) pass.Kernels.AddScaled(1, dy.Pointer + ((long)i * columns), pass.GradientRow(Table, (int)id), columns);
        }

        var dx = pass.New(x.Batch, x.Time, x.Columns);
        dx.Span.Clear();   // an id has no gradient
        return dx;
    }

    public override string ToOnnx(LayerGraph graph, string x)
    {
        var rows = graph.Graph.Add("Gather", graph.Table(Table), graph.Graph.Cast(x, OnnxType.Int64));
        return graph.Graph.Add("Reshape", rows, graph.Graph.Indices(0, 0, -1));
    }
}
