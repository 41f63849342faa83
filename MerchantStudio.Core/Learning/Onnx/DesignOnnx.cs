using MerchantStudio.Core.Learning.Linear;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>The preparation of models that weigh numbers, in double precision.</summary>
internal static class DesignOnnx
{
    /// <returns>The encoder's terms, kind by kind: where each stands among all, and a matrix with a column for each.</returns>
    public static IEnumerable<(int[] Terms, string Encoded)> Encode(OnnxGraph graph, OnnxInputs inputs, DesignEncoder encoder)
    {
        if (encoder.Terms.IsEmpty) yield break;
        var x = graph.Cast(inputs.Matrix((_, category) => category, _ => -1), OnnxType.Double);
        var places = inputs.Places();
        foreach (var kind in encoder.Terms.Select((term, index) => (Term: term, Index: index)).GroupBy(term => term.Term.Kind))
        {
            DesignTerm[] terms = [.. kind.Select(term => term.Term)];
            var values = graph.Add("Gather", [OnnxAttribute.Int("axis", 1)], x, graph.Indices([.. terms.Select(term => (long)places[term.Column])]));
            yield return ([.. kind.Select(term => term.Index)], kind.Key switch
            {
                DesignTermKind.Number => Numbers(graph, terms, values),
                DesignTermKind.Missing => Centred(graph, terms, graph.Add("IsNaN", values)),
                _ => Centred(graph, terms, graph.Add("Equal", values, graph.Row([.. terms.Select(term => (double)term.Code)]))),
            });
        }
    }

    private static string Numbers(OnnxGraph graph, DesignTerm[] terms, string values)
    {
        var logarithm = graph.Add("Mul", graph.Add("Sign", values), graph.Add("Log", graph.Add("Add", graph.Add("Abs", values), graph.Scalar(1))));
        var shaped = graph.Add("Where", graph.Flags([.. terms.Select(term => term.Squash)]), logarithm, values);
        var scaled = graph.Add("Mul", graph.Add("Sub", shaped, Centres(graph, terms)), graph.Row([.. terms.Select(term => term.Scale)]));
        return graph.Add("Where", graph.Add("IsNaN", values), graph.Row([.. terms.Select(term => term.Fill)]), scaled);
    }

    private static string Centred(OnnxGraph graph, DesignTerm[] terms, string flags) => graph.Add("Sub", graph.Cast(flags, OnnxType.Double), Centres(graph, terms));

    private static string Centres(OnnxGraph graph, DesignTerm[] terms) => graph.Row([.. terms.Select(term => term.Centre)]);
}
