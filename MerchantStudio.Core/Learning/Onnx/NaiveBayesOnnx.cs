using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Bayes;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>Naive Bayes in double precision: each column's evidence, summed up.</summary>
internal static class NaiveBayesOnnx
{
    public static string LogOdds(OnnxGraph graph, OnnxInputs inputs, double priorLogOdds, IReadOnlyList<ColumnEvidence> evidence)
    {
        var x = graph.Cast(inputs.Matrix((_, category) => category, _ => -1), OnnxType.Double);
        var places = inputs.Places();
        var sum = graph.Column(priorLogOdds);
        for (var column = 0; column < evidence.Count; column++)
        {
            var value = graph.Add("Gather", [OnnxAttribute.Int("axis", 1)], x, graph.Indices(places[column]));
            sum = graph.Add("Add", sum, evidence[column] switch
            {
                NormalEvidence normal => WherePresent(graph, value, Normal(graph, value, normal)),
                BinEvidence bins => WherePresent(graph, value, Chosen(graph, Bin(graph, value, bins.Cuts), bins.Ratios)),
                CodeEvidence codes => Chosen(graph, graph.Cast(graph.Add("Add", value, graph.Scalar(1)), OnnxType.Int64), [0, .. codes.Ratios]),
                var other => throw new InvalidOperationException($"No graph for {other}."),
            });
        }

        return sum;
    }

    private static string Normal(OnnxGraph graph, string value, NormalEvidence normal)
    {
        var at = graph.Add("Clip", value, graph.Scalar(normal.Least), graph.Scalar(normal.Most));
        string Squared(double mean, double deviation)
        {
            var off = graph.Add("Mul", graph.Add("Sub", at, graph.Scalar(mean)), graph.Scalar(1 / deviation));
            return graph.Add("Mul", graph.Add("Mul", off, off), graph.Scalar(0.5));
        }

        var apart = graph.Add("Sub", Squared(normal.MeanNo, normal.DeviationNo), Squared(normal.MeanYes, normal.DeviationYes));
        return graph.Add("Add", apart, graph.Scalar(Math.Log(normal.DeviationNo / normal.DeviationYes)));
    }

    /// <summary>How many cuts lie at or below a value.</summary>
    private static string Bin(OnnxGraph graph, string value, ImmutableArray<float> cuts)
    {
        if (cuts.IsEmpty) return graph.Cast(graph.Add("Mul", WherePresent(graph, value, value), graph.Scalar(0)), OnnxType.Int64);
        var below = graph.Cast(graph.Add("GreaterOrEqual", value, graph.Row([.. cuts.Select(cut => (double)cut)])), OnnxType.Int64);
        return graph.Add("ReduceSum", [OnnxAttribute.Int("keepdims", 1)], below, graph.Indices(1));
    }

    private static string Chosen(OnnxGraph graph, string place, ImmutableArray<double> ratios) => graph.Add("Gather", graph.Vector([.. ratios]), place);

    private static string WherePresent(OnnxGraph graph, string value, string evidence) => graph.Add("Where", graph.Add("IsNaN", value), graph.Scalar(0), evidence);
}
