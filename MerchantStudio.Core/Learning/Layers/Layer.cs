using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>A step of a network with the rule that leads its gradient back. A layer holds no numbers: parameters and memory are the pass's, so many workers may use it.</summary>
internal abstract class Layer
{
    /// <returns>A tensor of the pass; the input is left as it is.</returns>
    public abstract Tensor Forward(Pass pass, Tensor x);

    /// <summary>Takes back what <see cref="Forward"/> kept last and adds to the parameters' gradients.</summary>
    /// <param name="dy">The loss's gradient by the output; may be overwritten.</param>
    /// <returns>The loss's gradient by the input.</returns>
    public abstract Tensor Backward(Pass pass, Tensor dy);

    /// <summary>The way forward without chance, as ordinary operators.</summary>
    /// <param name="x">Float by examples, steps and columns.</param>
    /// <returns>The same for the output.</returns>
    public abstract string ToOnnx(LayerGraph graph, string x);
}
