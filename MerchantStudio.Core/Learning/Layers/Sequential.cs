using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>One layer after the other.</summary>
internal sealed class Sequential(params ImmutableArray<Layer> layers) : Layer
{
    public override Tensor Forward(Pass pass, Tensor x)
    {
        foreach (var layer in layers) x = layer.Forward(pass, x);
        return x;
    }

    public override Tensor Backward(Pass pass, Tensor dy)
    {
        for (var i = layers.Length - 1; i >= 0; i--) dy = layers[i].Backward(pass, dy);
        return dy;
    }

    public override string ToOnnx(LayerGraph graph, string x)
    {
        foreach (var layer in layers) x = layer.ToOnnx(graph, x);
        return x;
    }
}

/// <summary>y = x + inner(x).</summary>
/// <remarks>He and others, Deep residual learning for image recognition, CVPR 2016.</remarks>
internal sealed unsafe class Residual(Layer inner) : Layer
{
    public override Tensor Forward(Pass pass, Tensor x)
    {
        var inside = inner.Forward(pass, x);
        var y = pass.Copy(inside);
        pass.Kernels.AddScaled(1, x.Pointer, y.Pointer, y.Length);
        return y;
    }

    public override Tensor Backward(Pass pass, Tensor dy)
    {
        var around = pass.Copy(dy);
        var dx = inner.Backward(pass, dy);
        pass.Kernels.AddScaled(1, dx.Pointer, around.Pointer, around.Length);
        return around;
    }

    public override string ToOnnx(LayerGraph graph, string x) => graph.Graph.Add("Add", x, inner.ToOnnx(graph, x));
}
