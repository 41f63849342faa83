using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>Each step looks back at itself and the steps before it: softmax(Q K' / sqrt d) V for each head, then a linear layer.</summary>
/// <remarks>Vaswani and others, Attention is all you need, NeurIPS 2017; Kang and McAuley, Self-attentive sequential recommendation, ICDM 2018.</remarks>
internal sealed unsafe class CausalSelfAttention : Layer
{
    private readonly int _columns;
    private readonly int _heads;
    private readonly int _width;
    private readonly float _scale;
    private readonly Linear _inner;
    private readonly Linear _outer;

    /// <param name="columns">A multiple of <paramref name="heads"/>.</param>
    public CausalSelfAttention(Parameters parameters, string name, int columns, int heads)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(columns % heads, 0);
        _columns = columns;
        _heads = heads;
        _width = columns / heads;
        _scale = 1 / MathF.Sqrt(_width);
        _inner = new Linear(parameters, $"{name}.qkv", columns, 3 * columns);
        _outer = new Linear(parameters, $"{name}.out", columns, columns);
    }

    public override Tensor Forward(Pass pass, Tensor x)
    {
        var qkv = _inner.Forward(pass, x);
        var shares = pass.New(x.Batch * _heads, x.Time, x.Time);
        var seen = pass.New(x.Batch, x.Time, _columns);
        for (var example = 0; example < x.Batch; example++)
        {
            for (var head = 0; head < _heads; head++)
            {
                var share = shares.Example((example * _heads) + head);
                pass.Multiply(Part(qkv, example, head, 0), Part(qkv, example, head, 1).Turned, share, add: false);
                pass.Kernels.Scale(_scale, share.Pointer, x.Time * x.Time);
                for (var step = 0; step < x.Time; step++) pass.Kernels.Softmax(share.At(step, 0), x.Time, step + 1);
                pass.Multiply(share, Part(qkv, example, head, 2), Head(seen, example, head), add: false);
            }
        }

        pass.Keep(qkv);
        pass.Keep(shares);
        return _outer.Forward(pass, seen);
    }

    public override Tensor Backward(Pass pass, Tensor dy)
    {
        var dSeen = _outer.Backward(pass, dy);
        var shares = pass.Recall();
        var qkv = pass.Recall();
        var dQkv = pass.New(dy.Batch, dy.Time, 3 * _columns);
        var work = pass.New(1, dy.Time, dy.Time);
        for (var example = 0; example < dy.Batch; example++)
        {
            for (var head = 0; head < _heads; head++)
            {
                var share = shares.Example((example * _heads) + head);
                var d = Head(dSeen, example, head);
                pass.Multiply(share.Turned, d, Part(dQkv, example, head, 2), add: false);
                pass.Multiply(d, Part(qkv, example, head, 2).Turned, work.Matrix, add: false);
                for (var step = 0; step < dy.Time; step++) pass.Kernels.SoftmaxBackward(share.At(step, 0), work.Matrix.At(step, 0), dy.Time);
                pass.Kernels.Scale(_scale, work.Pointer, work.Length);
                pass.Multiply(work.Matrix, Part(qkv, example, head, 1), Part(dQkv, example, head, 0), add: false);
                pass.Multiply(work.Matrix.Turned, Part(qkv, example, head, 0), Part(dQkv, example, head, 1), add: false);
            }
        }

        return _inner.Backward(pass, dQkv);
    }

    public override string ToOnnx(LayerGraph graph, string x)
    {
        var g = graph.Graph;
        var parts = g.Add("Transpose", [OnnxAttribute.Ints("perm", [2, 0, 3, 1, 4])], g.Add("Reshape", _inner.ToOnnx(graph, x), g.Indices(0, 0, 3, _heads, _width)));
        string Part(int part, params long[] order) => g.Add("Transpose", [OnnxAttribute.Ints("perm", order)], g.Add("Gather", [OnnxAttribute.Int("axis", 0)], parts, g.Index(part)));
        var scores = g.Add("Mul", g.Add("MatMul", Part(0, 0, 1, 2, 3), Part(1, 0, 1, 3, 2)), g.Numbers([], [_scale]));
        var ahead = new float[graph.Steps * graph.Steps];
        for (var i = 0; i < ahead.Length; i++) ahead[i] = i % graph.Steps > i / graph.Steps ? float.NegativeInfinity : 0;
        var shares = g.Add("Softmax", [OnnxAttribute.Int("axis", -1)], g.Add("Add", scores, g.Numbers([graph.Steps, graph.Steps], ahead)));
        var seen = g.Add("Transpose", [OnnxAttribute.Ints("perm", [0, 2, 1, 3])], g.Add("MatMul", shares, Part(2, 0, 1, 2, 3)));
        return _outer.ToOnnx(graph, g.Add("Reshape", seen, g.Indices(0, 0, _columns)));
    }

    /// <param name="part">0 queries, 1 keys, 2 values.</param>
    private Matrix Part(Tensor qkv, int example, int head, int part) =>
        new((nint)qkv.Example(example).At(0, (part * _columns) + (head * _width)), qkv.Time, _width, 3 * _columns);

    private Matrix Head(Tensor x, int example, int head) => new((nint)x.Example(example).At(0, head * _width), x.Time, _width, _columns);
}
