using MerchantStudio.Core.Learning.Linear;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>Logistic regression with its preparation, in double precision.</summary>
internal static class LogisticOnnx
{
    public static string LogOdds(OnnxGraph graph, OnnxInputs inputs, DesignEncoder encoder, double intercept, double[] weights)
    {
        var x = graph.Cast(inputs.Matrix((_, category) => category, _ => -1), OnnxType.Double);
        var places = inputs.Places();
        var sum = graph.Column(intercept);
        foreach (var kind in encoder.Terms.Select((term, index) => (Term: term, Weight: weights[index])).GroupBy(term => term.Term.Kind))
        {
            DesignTerm[] terms = [.. kind.Select(term => term.Term)];
            var values = graph.Add("Gather", [OnnxAttribute.Int("axis", 1)], x, graph.Indices([.. terms.Select(term => (long)places[term.Column])]));
            var encoded = kind.Key switch
            {
                DesignTermKind.Number => Numbers(graph, terms, values),
                DesignTermKind.Missing => Centred(graph, terms, graph.Add("IsNaN", values)),
                _ => Centred(graph, terms, graph.Add("Equal", values, graph.Row([.. terms.Select(term => (double)term.Code)]))),
            };
            sum = graph.Add("Add", sum, graph.Add("MatMul", encoded, graph.Column([.. kind.Select(term => term.Weight)])));
        }

        return sum;
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
