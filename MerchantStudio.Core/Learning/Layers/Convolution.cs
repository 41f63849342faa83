using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>A filter over <paramref name="width"/> neighbouring steps, as many steps out as in: beyond the ends lie zeros.</summary>
/// <param name="width">Odd unless causal.</param>
/// <param name="causal">Whether a step sees itself and those before it alone, instead of as many on either side.</param>
/// <remarks>Kim, Convolutional neural networks for sentence classification, EMNLP 2014.</remarks>
internal sealed unsafe class Convolution(Parameters parameters, string name, int inputs, int outputs, int width, bool causal = false) : Layer
{
    private readonly Linear _filter = new(parameters, name, width * inputs, outputs);

    public override Tensor Forward(Pass pass, Tensor x)
    {
        var windows = pass.New(x.Batch, x.Time, width * inputs);
        windows.Span.Clear();
        Visit(x, (example, step, place, source) => new ReadOnlySpan<float>(x.Example(example).At(source, 0), inputs).CopyTo(new Span<float>(windows.Example(example).At(step, place * inputs), inputs)));
        return _filter.Forward(pass, windows);
    }

    public override Tensor Backward(Pass pass, Tensor dy)
    {
        var dWindows = _filter.Backward(pass, dy);
        var dx = pass.New(dy.Batch, dy.Time, inputs);
        dx.Span.Clear();
        Visit(dx, (example, step, place, source) => pass.Kernels.AddScaled(1, dWindows.Example(example).At(step, place * inputs), dx.Example(example).At(source, 0), inputs));
        return dx;
    }

    public override string ToOnnx(LayerGraph graph, string x)
    {
        var (weight, bias) = _filter.Read(graph);
        var filters = new float[weight.Length];   // ours lie by place, input and output, the operator's by output, input and place
        for (var i = 0; i < filters.Length; i++) filters[i] = weight[(((i % width) * inputs) + (i / width % inputs)) * outputs + (i / width / inputs)];
        var before = causal ? width - 1 : width / 2;
        var g = graph.Graph;
        var y = g.Add("Conv", [OnnxAttribute.Ints("pads", [before, width - 1 - before])],
            g.Add("Transpose", [LayerGraph.StepsLast], x), graph.Weight([outputs, inputs, width], 0, filters), g.Numbers([outputs], bias));
        return g.Add("Transpose", [LayerGraph.StepsLast], y);
    }

    private void Visit(Tensor x, Action<int, int, int, int> visit)
    {
        for (var example = 0; example < x.Batch; example++)
        {
            for (var step = 0; step < x.Time; step++)
            {
                for (var place = 0; place < width; place++)
                {
                    var source = step + place - (causal ? width - 1 : width / 2);
                    if (source >= 0 && source < x.Time) visit(example, step, place, source);
                }
            }
        }
    }
}
