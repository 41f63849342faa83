using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>Each row with mean 0 and deviation 1, then scaled and shifted by what is learned.</summary>
/// <remarks>Ba, Kiros and Hinton, Layer normalization, 2016.</remarks>
internal sealed unsafe class LayerNorm(Parameters parameters, string name, int columns) : Layer
{
    private const float Epsilon = 1e-5f;

    private readonly Parameter _gain = parameters.Row($"{name}.gain", columns, 1);
    private readonly Parameter _shift = parameters.Row($"{name}.shift", columns, 0);

    public override Tensor Forward(Pass pass, Tensor x)
    {
        var y = pass.New(x.Batch, x.Time, columns);
        var normal = pass.New(x.Batch, x.Time, columns);
        var inverse = pass.New(x.Batch, x.Time, 1);
        for (var row = 0; row < x.Rows; row++)
        {
            var at = (long)row * columns;
            inverse.Pointer[row] = pass.Kernels.Normalize(x.Pointer + at, pass.Value(_gain), pass.Value(_shift), normal.Pointer + at, y.Pointer + at, columns, Epsilon);
        }

        pass.Keep(normal);
        pass.Keep(inverse);
        return y;
    }

    public override Tensor Backward(Pass pass, Tensor dy)
    {
        var inverse = pass.Recall();
        var normal = pass.Recall();
        for (var row = 0; row < dy.Rows; row++)
        {
            var at = (long)row * columns;
            pass.Kernels.NormalizeBackward(normal.Pointer + at, inverse.Pointer[row], pass.Value(_gain), dy.Pointer + at, pass.Gradient(_gain), pass.Gradient(_shift), dy.Pointer + at, columns);
        }

        return dy;
    }

    public override string ToOnnx(LayerGraph graph, string x) =>
        graph.Graph.Add("LayerNormalization", [OnnxAttribute.Int("axis", -1), OnnxAttribute.Float("epsilon", Epsilon)], x, graph.Row(_gain), graph.Row(_shift));
}
