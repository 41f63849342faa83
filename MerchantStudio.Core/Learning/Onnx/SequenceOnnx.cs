using MerchantStudio.Core.Learning.Networks.Sequences;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>
/// What a caller gives an exported model of sequences: "steps", a matrix of ids in order of time, the last step last. A row that has fewer steps is filled up with 0 at
/// either end; ids that the model does not know are passed over. As many columns as the caller likes.
/// </summary>
internal static class SequenceOnnx
{
    public const string Steps = "steps";

    /// <returns>The state after each row's last step, by rows and columns; how many steps of each row are read, one column of Int64; and the layers' graph.</returns>
    public static (string State, string Count, LayerGraph Layers) Read(OnnxGraph graph, SequenceNetwork network)
    {
        var length = network.Options.Length;
        var wide = graph.Add("Pad", graph.Input(Steps, OnnxType.Int64, null), graph.Indices(0, length, 0, 0));   // so that there are length columns at least
        var known = graph.Add("And", graph.Add("Greater", wide, graph.Index(0)), graph.Add("LessOrEqual", wide, graph.Index(network.Ids)));
        var width = graph.Add("Gather", graph.Add("Shape", wide), graph.Index(1));
        var places = graph.Add("Where", known, graph.Add("Range", graph.Index(0), width, graph.Index(1)), graph.Index(-1));

        // The last places that hold a known id, and how many of them there are.
        var last = graph.AddFirst("TopK", 2, [], places, graph.Indices(length));
        var count = graph.Add("ReduceSum", graph.Cast(graph.Add("GreaterOrEqual", last, graph.Index(0)), OnnxType.Int64), graph.Indices(1));

        // They begin at the first step; behind the last lies nothing.
        var step = graph.Indices([.. Enumerable.Range(0, length).Select(place => (long)place)]);
        var back = graph.Add("Max", graph.Add("Sub", graph.Add("Sub", count, graph.Index(1)), step), graph.Index(0));
        OnnxAttribute[] alongSteps = [OnnxAttribute.Int("axis", 1)];
        var chosen = graph.Add("GatherElements", alongSteps, wide, graph.Add("Max", graph.Add("GatherElements", alongSteps, last, back), graph.Index(0)));
        var ids = graph.Add("Mul", chosen, graph.Cast(graph.Add("Less", step, count), OnnxType.Int64));

        var layers = new LayerGraph(graph, network.Parameters, length);
        var states = network.ToOnnx(layers, graph.Add("Unsqueeze", ids, graph.Indices(2)));
        var end = graph.Add("Max", graph.Add("Sub", count, graph.Index(1)), graph.Index(0));
        return (graph.Add("GatherND", [OnnxAttribute.Int("batch_dims", 1)], states, end), count, layers);
    }
}
