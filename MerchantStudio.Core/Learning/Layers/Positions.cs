using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>Adds a learned row for each step, so that order can be told.</summary>
internal sealed unsafe class Positions(Parameters parameters, string name, int steps, int columns) : Layer
{
    private readonly Parameter _table = parameters.Spread($"{name}.table", steps, columns, MathF.Sqrt(1f / columns));

    public override Tensor Forward(Pass pass, Tensor x)
    {
        var y = pass.Copy(x);
        for (var example = 0; example < x.Batch; example++)
            pass.Kernels.AddScaled(1, pass.Value(_table), y.Example(example).Pointer, x.Time * columns);
        return y;
    }

    public override Tensor Backward(Pass pass, Tensor dy)
    {
        for (var example = 0; example < dy.Batch; example++)
            pass.Kernels.AddScaled(1, dy.Example(example).Pointer, pass.Gradient(_table), dy.Time * columns);
        return dy;
    }

    public override string ToOnnx(LayerGraph graph, string x) => graph.Graph.Add("Add", x, graph.Graph.Numbers([graph.Steps, columns], graph.Read(_table).AsSpan(0, graph.Steps * columns)));
}
