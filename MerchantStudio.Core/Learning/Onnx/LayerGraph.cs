using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Networks;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>A network's way into a graph of ordinary operators. What goes from layer to layer is Float by examples, steps and columns.</summary>
/// <param name="steps">How many each example has; 1 for tables.</param>
internal sealed class LayerGraph(OnnxGraph graph, Parameters parameters, int steps)
{
    private readonly Dictionary<Parameter, string> _tables = [];

    /// <summary>Makes columns the second dimension and steps the last, or the other way around.</summary>
    public static OnnxAttribute StepsLast { get; } = OnnxAttribute.Ints("perm", [0, 2, 1]);

    public OnnxGraph Graph => graph;

    public int Steps => steps;

    public float[] Read(Parameter parameter) => parameters.Span.Slice(parameter.Offset, parameter.Length).ToArray();

    /// <summary>A weight that rows are multiplied by, inputs by outputs.</summary>
    public string Weight(Parameter parameter) => Weight([parameter.Rows, parameter.Columns], 1, Read(parameter));

    /// <param name="outputs">The dimension that goes over the outputs.</param>
    public string Weight(long[] shape, int outputs, float[] values)
    {
        if (!graph.EightBit) return graph.Numbers(shape, values);
        var stride = 1L;
        for (var dimension = outputs + 1; dimension < shape.Length; dimension++) stride *= shape[dimension];
        var (codes, steps) = EightBit.Of(values, (int)shape[outputs], (int)stride);
        return graph.Rounded(shape, codes, steps, outputs);
    }

    public string Row(Parameter parameter) => graph.Numbers([parameter.Columns], Read(parameter));

    /// <summary>A table of embeddings, written once however often it is used; id 0 has zeros.</summary>
    public string Table(Parameter parameter)
    {
        if (_tables.TryGetValue(parameter, out var written)) return written;
        var values = Read(parameter);
        values.AsSpan(0, parameter.Columns).Clear();
        return _tables[parameter] = Weight([parameter.Rows, parameter.Columns], 0, values);
    }

    /// <summary>A recurrent operator over the steps, beginning with zeros.</summary>
    /// <param name="order">Ours of each of the operator's gates.</param>
    /// <param name="weight">Inputs by gates and units.</param>
    /// <param name="recurrent">Units by gates and units.</param>
    public string Recur(string @operator, IReadOnlyList<OnnxAttribute> attributes, string x, int inputs, int units, int[] order, float[] weight, float[] recurrent, float[] bias, float[] recurrentBias)
    {
        var stepsFirst = OnnxAttribute.Ints("perm", [1, 0, 2]);
        var gates = (long)order.Length * units;
        var results = @operator == "LSTM" ? 3 : 2;
        var y = graph.AddFirst(@operator, results, attributes, graph.Add("Transpose", [stepsFirst], x),
            Weight([1, gates, inputs], 1, Turned(weight, inputs, units, order)), Weight([1, gates, units], 1, Turned(recurrent, units, units, order)),
            graph.Numbers([1, 2 * gates], [.. Turned(bias, 1, units, order), .. Turned(recurrentBias, 1, units, order)]));
        return graph.Add("Transpose", [stepsFirst], graph.Add("Squeeze", y, graph.Indices(1)));
    }

    /// <summary>From inputs by gates and units to gates and units by inputs, the gates in another order.</summary>
    private static float[] Turned(float[] values, int inputs, int units, int[] order)
    {
        var turned = new float[values.Length];
        var columns = order.Length * units;
        for (var i = 0; i < turned.Length; i++)
        {
            var (row, input) = (i / inputs, i % inputs);
            turned[i] = values[(input * columns) + (order[row / units] * units) + (row % units)];
        }

        return turned;
    }
}
