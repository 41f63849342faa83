using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Layers;

internal enum ActivationKind
{
    /// <summary>max(x, 0)</summary>
    Relu,

    /// <summary>1 / (1 + e^-x)</summary>
    Sigmoid,

    /// <summary>tanh x</summary>
    Tanh,
}

/// <summary>A function of each number alone.</summary>
internal sealed unsafe class Activation(ActivationKind kind) : Layer
{
    public override Tensor Forward(Pass pass, Tensor x)
    {
        var y = pass.Copy(x);
        switch (kind)
        {
            case ActivationKind.Relu: pass.Kernels.Rectify(y.Pointer, y.Length); break;
            case ActivationKind.Sigmoid: pass.Kernels.Sigmoid(y.Pointer, y.Length); break;
            case ActivationKind.Tanh: pass.Kernels.Tanh(y.Pointer, y.Length); break;
        }

        pass.Keep(y);
        return y;
    }

    public override Tensor Backward(Pass pass, Tensor dy)
    {
        var y = pass.Recall().Span;
        var d = dy.Span;
        switch (kind)
        {
            case ActivationKind.Relu:
                fixed (float* output = y) pass.Kernels.RectifyBackward(output, dy.Pointer, dy.Length);
                break;
            case ActivationKind.Sigmoid:
                for (var i = 0; i < d.Length; i++) d[i] *= y[i] * (1 - y[i]);
                break;
            case ActivationKind.Tanh:
                for (var i = 0; i < d.Length; i++) d[i] *= 1 - (y[i] * y[i]);
                break;
        }

        return dy;
    }

    public override string ToOnnx(LayerGraph graph, string x) => graph.Graph.Add(kind.ToString(), x);   // the kinds bear the operators' names
}
