using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>A long short-term memory over the steps, beginning with zeros; y holds its state after each step.</summary>
/// <remarks>
/// i, f, o = σ(x W + h U + b), g = tanh(x W + h U + b), c' = f ⊙ c + i ⊙ g, h' = o ⊙ tanh c'. Hochreiter and Schmidhuber, Long short-term memory,
/// Neural Computation 9(8), 1997; the forget gate after Gers and others, 2000.
/// </remarks>
internal sealed unsafe class Lstm(Parameters parameters, string name, int inputs, int units) : Layer
{
    private readonly Linear _input = new(parameters, $"{name}.input", inputs, 4 * units);
    private readonly Parameter _recurrent = parameters.Weight($"{name}.recurrent", units, 4 * units);

    public override Tensor Forward(Pass pass, Tensor x)
    {
        var gates = _input.Forward(pass, x);
        var cells = pass.New(x.Batch, x.Time, units);
        var y = pass.New(x.Batch, x.Time, units);
        for (var step = 0; step < x.Time; step++)
        {
            if (step > 0) pass.Multiply(y.Step(step - 1), pass.Weight(_recurrent), gates.Step(step), add: true);
            for (var example = 0; example < x.Batch; example++)
                Forward(Row(gates, example, step), step > 0 ? Row(cells, example, step - 1) : default, Row(cells, example, step), Row(y, example, step));
        }

        pass.Keep(gates);
        pass.Keep(cells);
        pass.Keep(y);
        return y;
    }

    public override Tensor Backward(Pass pass, Tensor dy)
    {
        var y = pass.Recall();
        var cells = pass.Recall();
        var gates = pass.Recall();
        var dGates = pass.New(dy.Batch, dy.Time, 4 * units);
        var dCells = pass.New(dy.Batch, 1, units);
        dCells.Span.Clear();
        for (var step = dy.Time - 1; step >= 0; step--)
        {
            for (var example = 0; example < dy.Batch; example++)
                Backward(Row(gates, example, step), step > 0 ? Row(cells, example, step - 1) : default, Row(cells, example, step), Row(dy, example, step), Row(dGates, example, step), Row(dCells, example, 0));
            if (step == 0) continue;
            pass.Multiply(dGates.Step(step), pass.Weight(_recurrent).Turned, dy.Step(step - 1), add: true);
            pass.Multiply(y.Step(step - 1).Turned, dGates.Step(step), pass.WeightGradient(_recurrent), add: true);
        }

        return _input.Backward(pass, dGates);
    }

    public override string ToOnnx(LayerGraph graph, string x)
    {
        var (weight, bias) = _input.Read(graph);
        int[] order = [0, 3, 1, 2];   // the operator's gates: i, o, f, g
        return graph.Recur("LSTM", [OnnxAttribute.Int("hidden_size", units)], x, inputs, units, order, weight, graph.Read(_recurrent), bias, new float[4 * units]);
    }

    /// <summary>Leaves i, f, g and o in the place of the gates' inputs.</summary>
    private void Forward(Span<float> gates, ReadOnlySpan<float> before, Span<float> cell, Span<float> y)
    {
        for (var j = 0; j < units; j++)
        {
            var i = gates[j] = Sigmoid(gates[j]);
            var f = gates[units + j] = Sigmoid(gates[units + j]);
            var g = gates[(2 * units) + j] = MathF.Tanh(gates[(2 * units) + j]);
            var o = gates[(3 * units) + j] = Sigmoid(gates[(3 * units) + j]);
            cell[j] = (i * g) + (before.IsEmpty ? 0 : f * before[j]);
            y[j] = o * MathF.Tanh(cell[j]);
        }
    }

    private void Backward(ReadOnlySpan<float> gates, ReadOnlySpan<float> before, ReadOnlySpan<float> cell, ReadOnlySpan<float> dy, Span<float> dGates, Span<float> dCell)
    {
        for (var j = 0; j < units; j++)
        {
            float i = gates[j], f = gates[units + j], g = gates[(2 * units) + j], o = gates[(3 * units) + j];
            var t = MathF.Tanh(cell[j]);
            var dc = dCell[j] + (dy[j] * o * (1 - (t * t)));
            dGates[j] = dc * g * i * (1 - i);
            dGates[units + j] = before.IsEmpty ? 0 : dc * before[j] * f * (1 - f);
            dGates[(2 * units) + j] = dc * i * (1 - (g * g));
            dGates[(3 * units) + j] = dy[j] * t * o * (1 - o);
            dCell[j] = dc * f;
        }
    }

    private static Span<float> Row(Tensor x, int example, int step) => new(x.Example(example).At(step, 0), x.Columns);

    private static float Sigmoid(float z) => 1 / (1 + MathF.Exp(-z));
}
