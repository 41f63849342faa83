using MerchantStudio.Core.Learning.Networks.Tables;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>A perceptron over a table's rows with its encoding, in single precision as the studio computes it.</summary>
internal static class TableNetworkOnnx
{
    /// <returns>A column of Double for each of the network's answers.</returns>
    public static string Answers(OnnxGraph graph, OnnxInputs inputs, TableNetwork network)
    {
        var encoding = network.Encoding;
        var x = inputs.Matrix((_, category) => 1 + category, column => 1 + encoding.Columns[column].Categories.Length);
        var places = inputs.Places();
        List<string> parts = encoding.Numbers.IsEmpty ? [] : [Numbers(graph, encoding, x, places)];
        if (!encoding.Categories.IsEmpty) parts.Add(Columns(graph, x, encoding.Categories.Select(column => places[column])));
        var row = parts.Count == 1 ? parts[0] : graph.Add("Concat", [OnnxAttribute.Int("axis", 1)], [.. parts]);
        var answers = network.ToOnnx(graph, graph.Add("Unsqueeze", row, graph.Indices(1)));
        return graph.Cast(graph.Add("Squeeze", answers, graph.Indices(1)), OnnxType.Double);
    }

    /// <summary>As <see cref="NumberEncoding.Encode"/>, for all numbers at once: their own values, their bins and whether they are missing, then in the order of the network's inputs.</summary>
    private static string Numbers(OnnxGraph graph, TableEncoding encoding, string x, int[] places)
    {
        var numbers = encoding.Numbers;
        var values = Columns(graph, x, numbers.Select(number => places[number.Column]));
        var parts = new List<string> { Standardised(graph, numbers, values) };
        (NumberEncoding Number, int Bin)[] bins = [.. numbers.SelectMany(number => Enumerable.Range(0, Math.Max(0, number.Edges.Length - 1)).Select(bin => (number, bin)))];
        if (bins.Length > 0)
        {
            var binned = Columns(graph, x, bins.Select(bin => places[bin.Number.Column]));
            var way = graph.Add("Sub", binned, Row(graph, bins.Select(bin => bin.Number.Edges[bin.Bin])));
            var share = graph.Add("Div", way, Row(graph, bins.Select(bin => bin.Number.Edges[bin.Bin + 1] - bin.Number.Edges[bin.Bin])));
            parts.Add(Present(graph, binned, graph.Add("Clip", share, graph.Numbers([], [0]), graph.Numbers([], [1]))));
        }

        NumberEncoding[] missing = [.. numbers.Where(number => number.Missing)];
        if (missing.Length > 0) parts.Add(graph.Cast(graph.Add("IsNaN", Columns(graph, x, missing.Select(number => places[number.Column]))), OnnxType.Float));
        var all = parts.Count == 1 ? parts[0] : graph.Add("Concat", [OnnxAttribute.Int("axis", 1)], [.. parts]);
        return Columns(graph, all, InOrder(encoding, bins.Length));
    }

    private static string Standardised(OnnxGraph graph, IReadOnlyList<NumberEncoding> numbers, string values)
    {
        var logarithm = graph.Add("Mul", graph.Add("Sign", values), graph.Add("Log", graph.Add("Add", graph.Add("Abs", values), graph.Numbers([], [1]))));
        var shaped = graph.Add("Where", graph.Flags([.. numbers.Select(number => number.Squash)]), logarithm, values);
        var scaled = graph.Add("Div", graph.Add("Sub", shaped, Row(graph, numbers.Select(number => number.Mean))), Row(graph, numbers.Select(number => number.Deviation)));
        return Present(graph, values, graph.Add("Clip", scaled, graph.Numbers([], [-NumberEncoding.Farthest]), graph.Numbers([], [NumberEncoding.Farthest])));
    }

    /// <summary>Where each of the network's inputs stands among values, then bins, then missing marks.</summary>
    private static List<int> InOrder(TableEncoding encoding, int bins)
    {
        var order = new List<int>(encoding.NumberInputs);
        var (bin, mark) = (encoding.Numbers.Length, encoding.Numbers.Length + bins);
        for (var i = 0; i < encoding.Numbers.Length; i++)
        {
            order.Add(i);
            for (var own = 0; own < encoding.Numbers[i].Edges.Length - 1; own++) order.Add(bin++);
            if (encoding.Numbers[i].Missing) order.Add(mark++);
        }

        return order;
    }

    private static string Present(OnnxGraph graph, string values, string encoded) => graph.Add("Where", graph.Add("IsNaN", values), graph.Numbers([], [0]), encoded);

    private static string Columns(OnnxGraph graph, string x, IEnumerable<int> columns) => graph.Add("Gather", [OnnxAttribute.Int("axis", 1)], x, graph.Indices([.. columns.Select(column => (long)column)]));

    private static string Row(OnnxGraph graph, IEnumerable<float> values)
    {
        float[] row = [.. values];
        return graph.Numbers([1, row.Length], row);
    }
}
