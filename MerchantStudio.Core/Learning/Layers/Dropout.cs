using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>In training each number is 0 with probability <paramref name="rate"/>, the others grow so that the sum is expected to stay.</summary>
/// <remarks>Srivastava and others, Dropout, JMLR 15, 2014. Which numbers fall out is a function of the seed of the batch and of their place, whichever worker takes it.</remarks>
internal sealed unsafe class Dropout(float rate) : Layer
{
    public override Tensor Forward(Pass pass, Tensor x)
    {
        if (!pass.Training || rate <= 0) return x;
        var mask = pass.New(x.Batch, x.Time, x.Columns);
        var random = new SeededRandom(pass.Draw());
        var kept = 1 / (1 - rate);
        var limit = (uint)(rate * uint.MaxValue);
        for (var i = 0; i < mask.Length; i += 2)
        {
            var bits = random.Next();
            mask.Pointer[i] = (uint)bits < limit ? 0 : kept;
            if (i + 1 < mask.Length) mask.Pointer[i + 1] = (uint)(bits >> 32) < limit ? 0 : kept;
        }

        var y = pass.Copy(x);
        pass.Kernels.MultiplyBy(mask.Pointer, y.Pointer, y.Length);
        pass.Keep(mask);
        return y;
    }

    public override Tensor Backward(Pass pass, Tensor dy)
    {
        if (!pass.Training || rate <= 0) return dy;
        pass.Kernels.MultiplyBy(pass.Recall().Pointer, dy.Pointer, dy.Length);
        return dy;
    }

    public override string ToOnnx(LayerGraph graph, string x) => x;
}
