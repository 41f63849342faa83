using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Layers;

internal enum PoolingKind
{
    /// <summary>Each column's largest number over the steps.</summary>
    Largest,

    /// <summary>Each column's mean over the steps.</summary>
    Mean,

    /// <summary>The last step.</summary>
    Last,
}

/// <summary>One row an example out of its steps.</summary>
internal sealed unsafe class Pooling(PoolingKind kind) : Layer
{
    public override Tensor Forward(Pass pass, Tensor x)
    {
        var y = pass.New(x.Batch, 1, x.Columns);
        for (var example = 0; example < x.Batch; example++)
        {
            for (var column = 0; column < x.Columns; column++) *y.Example(example).At(0, column) = Pool(x, example, column);
        }

        pass.Keep(x);
        return y;
    }

    public override Tensor Backward(Pass pass, Tensor dy)
    {
        var x = pass.Recall();
        var dx = pass.New(x.Batch, x.Time, x.Columns);
        dx.Span.Clear();
        for (var example = 0; example < x.Batch; example++)
        {
            for (var column = 0; column < x.Columns; column++)
            {
                var d = *dy.Example(example).At(0, column);
                if (kind != PoolingKind.Mean)
                {
                    *dx.Example(example).At(Chosen(x, example, column), column) = d;
                    continue;
                }

                for (var step = 0; step < x.Time; step++) *dx.Example(example).At(step, column) = d / x.Time;
            }
        }

        return dx;
    }

    public override string ToOnnx(LayerGraph graph, string x) => kind switch
    {
        PoolingKind.Largest => graph.Graph.Add("ReduceMax", x, graph.Graph.Indices(1)),
        PoolingKind.Mean => graph.Graph.Add("ReduceMean", x, graph.Graph.Indices(1)),
        _ => graph.Graph.Add("Gather", [OnnxAttribute.Int("axis", 1)], x, graph.Graph.Indices(-1)),
    };

    private float Pool(Tensor x, int example, int column)
    {
        if (kind != PoolingKind.Mean) return *x.Example(example).At(Chosen(x, example, column), column);
        var sum = 0f;
        for (var step = 0; step < x.Time; step++) sum += *x.Example(example).At(step, column);
        return sum / x.Time;
    }

    private int Chosen(Tensor x, int example, int column)
    {
        if (kind == PoolingKind.Last) return x.Time - 1;
        var chosen = 0;
        for (var step = 1; step < x.Time; step++)
        {
            if (*x.Example(example).At(step, column) > *x.Example(example).At(chosen, column)) chosen = step;
        }

        return chosen;
    }
}
