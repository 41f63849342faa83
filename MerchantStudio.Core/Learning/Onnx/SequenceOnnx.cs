using MerchantStudio.Core.Learning.Networks.Sequences;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>
/// What a caller gives an exported model of sequences: "steps", a matrix of ids in order of time, the last step last. A row that has fewer steps is filled up with 0 at
/// either end; ids that the model does not know are passed over. As many columns as the caller likes.
/// </summary>
internal static class SequenceOnnx
{
    public const string Steps = "steps";

    /// <summary>What a model of the next step gives: a column for each id, that of id 1 first.</summary>
    public const string Score = "score";

    public static string Input(OnnxGraph graph) => graph.Input(Steps, OnnxType.Int64, null);

    /// <param name="ids">The highest that the model knows.</param>
    /// <param name="more">Columns of 0 that are put before the caller's own.</param>
    /// <returns>The steps, and which of them the model knows, both by rows and columns.</returns>
    public static (string Steps, string Known) Known(OnnxGraph graph, string steps, int ids, int more)
    {
        var wide = graph.Add("Pad", steps, graph.Indices(0, more, 0, 0));
        return (wide, graph.Add("And", graph.Add("Greater", wide, graph.Index(0)), graph.Add("LessOrEqual", wide, graph.Index(ids))));
    }

    /// <returns>Where each known step stands in its row, as Int64; another number for those that are not known.</returns>
    public static string Places(OnnxGraph graph, string wide, string known, long otherwise)
    {
        var width = graph.Add("Gather", graph.Add("Shape", wide), graph.Index(1));
        return graph.Add("Where", known, graph.Add("Range", graph.Index(0), width, graph.Index(1)), graph.Index(otherwise));
    }

    /// <summary>How many steps are known in each row, as one column of Int64.</summary>
    public static string Count(OnnxGraph graph, string known) => graph.Add("ReduceSum", graph.Cast(known, OnnxType.Int64), graph.Indices(1));

    /// <summary>The same numbers in as many rows as the caller has.</summary>
    /// <param name="row">One number, or one for each column.</param>
    public static string InEachRow(OnnxGraph graph, string steps, string row, int columns)
    {
        var rows = graph.Add("Gather", graph.Add("Shape", steps), graph.Indices(0));
        return graph.Add("Expand", row, graph.Add("Concat", [OnnxAttribute.Int("axis", 0)], rows, graph.Indices(columns)));
    }

    /// <param name="layers">Of the network in this graph.</param>
    /// <returns>The state after each row's last step, by rows and columns; and how many steps of each row are read, one column of Int64.</returns>
    public static (string State, string Count) Read(LayerGraph layers, SequenceNetwork network, string steps)
    {
        var (graph, length) = (layers.Graph, layers.Steps);
        var (wide, known) = Known(graph, steps, network.Ids, length);   // so that there are length columns at least

        // The last places that hold a known id, and how many of them there are.
        var last = graph.AddFirst("TopK", 2, [], Places(graph, wide, known, -1), graph.Indices(length));
        var count = Count(graph, graph.Add("GreaterOrEqual", last, graph.Index(0)));

        // They begin at the first step; behind the last lies nothing.
        var step = graph.Indices([.. Enumerable.Range(0, length).Select(place => (long)place)]);
        var back = graph.Add("Max", graph.Add("Sub", graph.Add("Sub", count, graph.Index(1)), step), graph.Index(0));
        OnnxAttribute[] alongSteps = [OnnxAttribute.Int("axis", 1)];
        var chosen = graph.Add("GatherElements", alongSteps, wide, graph.Add("Max", graph.Add("GatherElements", alongSteps, last, back), graph.Index(0)));
        var ids = graph.Add("Mul", chosen, graph.Cast(graph.Add("Less", step, count), OnnxType.Int64));

        var states = network.ToOnnx(layers, graph.Add("Unsqueeze", ids, graph.Indices(2)));
        var end = graph.Add("Max", graph.Add("Sub", count, graph.Index(1)), graph.Index(0));
        return (graph.Add("GatherND", [OnnxAttribute.Int("batch_dims", 1)], states, end), count);
    }
}

/// <summary>A model of the next step that can be written as a graph of standard operators.</summary>
internal interface IOnnxSequenceModel
{
    /// <param name="steps">As <see cref="SequenceOnnx"/> says.</param>
    /// <returns>A column of Float for each id.</returns>
    string Scores(OnnxGraph graph, string steps);
}
