using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>A gated recurrent unit over the steps, beginning with zeros; y holds its state after each step.</summary>
/// <remarks>
/// r = σ(x Wr + h Ur + b), z = σ(x Wz + h Uz + b), n = tanh(x Wn + b + r ⊙ (h Un + c)), h' = (1 - z) ⊙ n + z ⊙ h: the form with the reset gate behind the product,
/// which ONNX calls linear_before_reset. Cho and others, Learning phrase representations using RNN encoder-decoder, EMNLP 2014.
/// </remarks>
internal sealed unsafe class Gru(Parameters parameters, string name, int inputs, int units) : Layer
{
    private readonly Linear _input = new(parameters, $"{name}.input", inputs, 3 * units);
    private readonly Parameter _recurrent = parameters.Weight($"{name}.recurrent", units, 3 * units);
    private readonly Parameter _recurrentBias = parameters.Row($"{name}.recurrent_bias", 3 * units, 0);

    public override Tensor Forward(Pass pass, Tensor x)
    {
        var gates = _input.Forward(pass, x);
        var products = pass.New(x.Batch, x.Time, 3 * units);
        var before = pass.New(x.Batch, x.Time, units);
        var y = pass.New(x.Batch, x.Time, units);
        for (var step = 0; step < x.Time; step++)
        {
            for (var example = 0; example < x.Batch; example++)
            {
                if (step > 0) Row(y, example, step - 1).CopyTo(Row(before, example, step));
                else Row(before, example, step).Clear();
            }

            pass.Multiply(before.Step(step), pass.Weight(_recurrent), products.Step(step), add: false);
            for (var example = 0; example < x.Batch; example++) Forward(pass, Row(gates, example, step), Row(products, example, step), Row(before, example, step), Row(y, example, step));
        }

        pass.Keep(gates);
        pass.Keep(products);
        pass.Keep(before);
        return y;
    }

    public override Tensor Backward(Pass pass, Tensor dy)
    {
        var before = pass.Recall();
        var products = pass.Recall();
        var gates = pass.Recall();
        var dGates = pass.New(dy.Batch, dy.Time, 3 * units);
        var dProducts = pass.New(dy.Batch, dy.Time, 3 * units);
        for (var step = dy.Time - 1; step >= 0; step--)
        {
            for (var example = 0; example < dy.Batch; example++)
            {
                Backward(Row(gates, example, step), Row(products, example, step), Row(before, example, step), Row(dy, example, step), Row(dGates, example, step), Row(dProducts, example, step),
                    step > 0 ? Row(dy, example, step - 1) : default);
            }

            if (step > 0) pass.Multiply(dProducts.Step(step), pass.Weight(_recurrent).Turned, dy.Step(step - 1), add: true);
        }

        pass.Multiply(before.Matrix.Turned, dProducts.Matrix, pass.WeightGradient(_recurrent), add: true);
        pass.Kernels.AddRowSums(dProducts.Pointer, pass.Gradient(_recurrentBias), dProducts.Rows, 3 * units);
        return _input.Backward(pass, dGates);
    }

    public override string ToOnnx(LayerGraph graph, string x)
    {
        var (weight, bias) = _input.Read(graph);
        int[] order = [1, 0, 2];   // the operator's gates: z, r, n
        return graph.Recur("GRU", [OnnxAttribute.Int("hidden_size", units), OnnxAttribute.Int("linear_before_reset", 1)], x, inputs, units, order, weight, graph.Read(_recurrent), bias, graph.Read(_recurrentBias));
    }

    /// <summary>Leaves r, z and n in the place of the gates' inputs, and h U + c in the products.</summary>
    private void Forward(Pass pass, Span<float> gates, Span<float> products, ReadOnlySpan<float> h, Span<float> y)
    {
        var bias = new ReadOnlySpan<float>(pass.Value(_recurrentBias), 3 * units);
        for (var i = 0; i < products.Length; i++) products[i] += bias[i];
        for (var i = 0; i < 2 * units; i++) gates[i] = Sigmoid(gates[i] + products[i]);
        for (var i = 0; i < units; i++)
        {
            var n = MathF.Tanh(gates[(2 * units) + i] + (gates[i] * products[(2 * units) + i]));
            gates[(2 * units) + i] = n;
            y[i] = ((1 - gates[units + i]) * n) + (gates[units + i] * h[i]);
        }
    }

    private void Backward(ReadOnlySpan<float> gates, ReadOnlySpan<float> products, ReadOnlySpan<float> h, ReadOnlySpan<float> dy, Span<float> dGates, Span<float> dProducts, Span<float> dBefore)
    {
        for (var i = 0; i < units; i++)
        {
            float r = gates[i], z = gates[units + i], n = gates[(2 * units) + i];
            var dn = dy[i] * (1 - z) * (1 - (n * n));
            var dz = dy[i] * (h[i] - n) * z * (1 - z);
            var dr = dn * products[(2 * units) + i] * r * (1 - r);
            dGates[i] = dProducts[i] = dr;
            dGates[units + i] = dProducts[units + i] = dz;
            dGates[(2 * units) + i] = dn;
            dProducts[(2 * units) + i] = dn * r;
            if (!dBefore.IsEmpty) dBefore[i] += dy[i] * z;
        }
    }

    private static Span<float> Row(Tensor x, int example, int step) => new(x.Example(example).At(step, 0), x.Columns);

    private static float Sigmoid(float z) => 1 / (1 + MathF.Exp(-z));
}
