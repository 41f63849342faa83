using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Tests.Learning.Onnx.Brought;

/// <summary>ONNX files written field by field, so that they can be as wrong as a test wants.</summary>
internal static class HandmadeModel
{
    public const int Float = 1;

    /// <summary>A model with an input "x" of two columns and an output "p" of one.</summary>
    /// <param name="nodes">Writes the graph's operators and what else it has.</param>
    /// <param name="more">Further fields of the model.</param>
    public static byte[] Of(Action<ProtoWriter> nodes, Action<ProtoWriter>? more = null, long columns = 2)
    {
        var model = new ProtoWriter();
        model.Int(1, 8);
        model.Message(7, graph =>
        {
            nodes(graph);
            graph.Text(2, "handmade");
            graph.Message(11, Value("x", Float, null, columns));
            graph.Message(12, Value("p", Float, null, 1));
        });
        foreach (var domain in (string[])["", "ai.onnx.ml", "own"])
        {
            model.Message(8, opset =>
            {
                opset.Text(1, domain);
                opset.Int(2, domain.Length == 0 ? 18 : domain == "own" ? 1 : 3);
            });
        }

        more?.Invoke(model);
        return model.ToArray();
    }

    /// <summary>One operator after the other.</summary>
    public static byte[] Of(params (string Operator, string[] Inputs, string Output)[] nodes) => Of(graph =>
    {
        foreach (var (@operator, inputs, output) in nodes) graph.Message(1, Node(@operator, inputs, [output]));
    });

    /// <summary>The mean of x's columns, and what it is given beside.</summary>
    public static Action<ProtoWriter> Mean(Action<ProtoWriter> more) => graph =>
    {
        graph.Message(1, Node("ReduceMean", ["x", "axis"], ["p"]));
        graph.Message(5, Tensor("axis", 7, [1], BitConverter.GetBytes(1L)));
        more(graph);
    };

    public static Action<ProtoWriter> Node(string @operator, string[] inputs, string[] outputs, string domain = "", Action<ProtoWriter>? attribute = null) => node =>
    {
        foreach (var input in inputs) node.Text(1, input);
        foreach (var output in outputs) node.Text(2, output);
        node.Text(4, @operator);
        if (attribute is not null) node.Message(5, attribute);
        if (domain.Length > 0) node.Text(7, domain);
    };

    public static Action<ProtoWriter> Tensor(string name, int type, long[] shape, byte[] raw) => tensor =>
    {
        foreach (var size in shape) tensor.Int(1, size);
        tensor.Int(2, type);
        tensor.Text(8, name);
        tensor.Bytes(9, raw);
    };

    public static Action<ProtoWriter> TensorElsewhere(string name, string location) => tensor =>
    {
        tensor.Int(1, 1);
        tensor.Int(2, Float);
        tensor.Text(8, name);
        tensor.Message(13, entry =>
        {
            entry.Text(1, "location");
            entry.Text(2, location);
        });
        tensor.Int(14, 1);
    };

    public static Action<ProtoWriter> TensorAttribute(string name, Action<ProtoWriter> tensor) => attribute =>
    {
        attribute.Text(1, name);
        attribute.Message(5, tensor);
        attribute.Int(20, 4);
    };

    public static Action<ProtoWriter> GraphAttribute(string name, Action<ProtoWriter> graph) => attribute =>
    {
        attribute.Text(1, name);
        attribute.Message(6, graph);
        attribute.Int(20, 5);
    };

    /// <param name="nodes">Writes its operators.</param>
    public static Action<ProtoWriter> Function(string name, Action<ProtoWriter> nodes, string domain = "own") => function =>
    {
        function.Text(1, name);
        function.Text(4, "a");
        function.Text(5, "b");
        nodes(function);
        function.Text(10, domain);
    };

    /// <param name="rows">Null for as many as there are.</param>
    public static Action<ProtoWriter> Value(string name, int type, long? rows, long columns) => value =>
    {
        value.Text(1, name);
        value.Message(2, kind => kind.Message(1, tensor =>
        {
            tensor.Int(1, type);
            tensor.Message(2, shape =>
            {
                shape.Message(1, size =>
                {
                    if (rows is { } known) size.Int(1, known);
                    else size.Text(2, "rows");
                });
                shape.Message(1, size => size.Int(1, columns));
            });
        }));
    };
}
