using System.Runtime.InteropServices;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>A graph of operators under construction. Every value has a name; operators take names and give the name of their result.</summary>
/// <remarks>Field numbers are those of onnx.proto (Open Neural Network Exchange, IR version 8; operator sets ai.onnx 18 and ai.onnx.ml 3).</remarks>
public sealed class OnnxGraph
{
    private const int IrVersion = 8;
    private const int Opset = 18;
    private const int MachineLearningOpset = 3;
    private const string MachineLearning = "ai.onnx.ml";

    private readonly List<Action<ProtoWriter>> _nodes = [];
    private readonly List<Action<ProtoWriter>> _constants = [];
    private readonly List<Action<ProtoWriter>> _inputs = [];
    private readonly List<Action<ProtoWriter>> _outputs = [];
    private readonly List<(string Key, string Value)> _facts = [];
    private int _names;

    /// <summary>Whether weights of networks are written as 8-bit numbers.</summary>
    public bool EightBit { get; init; }

    /// <summary>A matrix of as many rows as the caller has.</summary>
    /// <param name="columns">Null for as many as the caller has.</param>
    public string Input(string name, OnnxType type, int? columns)
    {
        _inputs.Add(Value(name, type, columns));
        return name;
    }

    /// <summary>Names a result for the caller: as many rows as the inputs have.</summary>
    public void Output(string name, OnnxType type, string from, int columns = 1)
    {
        Node("Identity", [from], [name]);
        _outputs.Add(Value(name, type, columns));
    }

    /// <summary>Something that a reader of the file should know.</summary>
    public void Fact(string key, string value) => _facts.Add((key, value));

    /// <param name="operator">A standard operator; its result has the returned name.</param>
    public string Add(string @operator, params string[] inputs) => Node(@operator, inputs, [NewName(@operator)]);

    /// <inheritdoc cref="Add(string, string[])"/>
    public string Add(string @operator, IReadOnlyList<OnnxAttribute> attributes, params string[] inputs) => Node(@operator, inputs, [NewName(@operator)], attributes);

    /// <summary>An operator of ai.onnx.ml.</summary>
    public string AddLearnt(string @operator, IReadOnlyList<OnnxAttribute> attributes, params string[] inputs) => Node(@operator, inputs, [NewName(@operator)], attributes, MachineLearning);

    /// <summary>An operator of two results or more, of which the first is wanted.</summary>
    public string AddFirst(string @operator, int results, IReadOnlyList<OnnxAttribute> attributes, params string[] inputs) =>
        Node(@operator, inputs, [.. Enumerable.Range(0, results).Select(_ => NewName(@operator))], attributes);

    public string Cast(string value, OnnxType to) => Add("Cast", [OnnxAttribute.Int("to", (int)to)], value);

    /// <summary>A row of numbers, which goes with every row of what it is combined with.</summary>
    public string Row(params double[] values) => Constant(OnnxType.Double, [1, values.Length], MemoryMarshal.AsBytes(values.AsSpan()));

    /// <param name="values">Row by row.</param>
    public string Matrix(int columns, ReadOnlySpan<double> values) => Constant(OnnxType.Double, [values.Length / columns, columns], MemoryMarshal.AsBytes(values));

    public string Column(params double[] values) => Constant(OnnxType.Double, [values.Length, 1], MemoryMarshal.AsBytes(values.AsSpan()));

    public string Scalar(double value) => Constant(OnnxType.Double, [], MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in value)));

    public string Vector(params double[] values) => Constant(OnnxType.Double, [values.Length], MemoryMarshal.AsBytes(values.AsSpan()));

    public string Indices(params long[] values) => Constant(OnnxType.Int64, [values.Length], MemoryMarshal.AsBytes(values.AsSpan()));

    public string Index(long value) => Constant(OnnxType.Int64, [], MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value)));

    /// <summary>Numbers of Float in any shape.</summary>
    public string Numbers(long[] shape, ReadOnlySpan<float> values) => Constant(OnnxType.Float, shape, MemoryMarshal.AsBytes(values));

    /// <summary>Whole numbers times the step of their channel, as Float. Not DequantizeLinear: runtimes take that as leave to round what goes through the network as well.</summary>
    /// <param name="axis">The dimension that goes over the channels.</param>
    public string Rounded(long[] shape, ReadOnlySpan<sbyte> codes, float[] steps, int axis)
    {
        long[] along = [.. shape.Select((size, dimension) => dimension == axis ? size : 1)];
        return Add("Mul", Cast(Constant(OnnxType.Int8, shape, MemoryMarshal.AsBytes(codes)), OnnxType.Float), Numbers(along, steps));
    }

    public string Flags(params bool[] values) => Constant(OnnxType.Boolean, [1, values.Length], MemoryMarshal.AsBytes(values.AsSpan()));

    /// <summary>The finished model file.</summary>
    public byte[] ToModel(string name)
    {
        var model = new ProtoWriter();
        model.Int(1, IrVersion);
        model.Text(2, "MerchantStudio");
        model.Message(7, graph =>
        {
            foreach (var node in _nodes) graph.Message(1, node);
            graph.Text(2, name);
            foreach (var constant in _constants) graph.Message(5, constant);
            foreach (var input in _inputs) graph.Message(11, input);
            foreach (var output in _outputs) graph.Message(12, output);
        });
        foreach (var (domain, version) in new[] { ("", Opset), (MachineLearning, MachineLearningOpset) })
        {
            model.Message(8, opset =>
            {
                opset.Text(1, domain);
                opset.Int(2, version);
            });
        }

        foreach (var (key, value) in _facts)
        {
            model.Message(14, fact =>
            {
                fact.Text(1, key);
                fact.Text(2, value);
            });
        }

        return model.ToArray();
    }

    private string Node(string @operator, string[] inputs, string[] outputs, IReadOnlyList<OnnxAttribute>? attributes = null, string domain = "")
    {
        _nodes.Add(node =>
        {
            foreach (var input in inputs) node.Text(1, input);
            foreach (var output in outputs) node.Text(2, output);
            node.Text(4, @operator);
            foreach (var attribute in attributes ?? []) node.Message(5, attribute.Write);
            if (domain.Length > 0) node.Text(7, domain);
        });
        return outputs[0];
    }

    private string Constant(OnnxType type, long[] shape, ReadOnlySpan<byte> littleEndian)
    {
        var (name, raw) = (NewName("constant"), littleEndian.ToArray());
        _constants.Add(tensor =>
        {
            foreach (var size in shape) tensor.Int(1, size);
            tensor.Int(2, (int)type);
            tensor.Text(8, name);
            tensor.Bytes(9, raw);
        });
        return name;
    }

    private static Action<ProtoWriter> Value(string name, OnnxType type, int? columns) => value =>
    {
        value.Text(1, name);
        value.Message(2, kind => kind.Message(1, tensor =>
        {
            tensor.Int(1, (int)type);
            tensor.Message(2, shape =>
            {
                shape.Message(1, rows => rows.Text(2, "rows"));
                shape.Message(1, width =>
                {
                    if (columns is { } known) width.Int(1, known);
                    else width.Text(2, "any");
                });
            });
        }));
    };

    private string NewName(string @operator) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{@operator}_{++_names}");
}

/// <summary>Element types by onnx.proto's numbers.</summary>
public enum OnnxType
{
    Float = 1,
    Int8 = 3,
    Int64 = 7,
    String = 8,
    Boolean = 9,
    Double = 11,
}
