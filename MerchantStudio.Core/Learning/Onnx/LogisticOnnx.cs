using MerchantStudio.Core.Learning.Linear;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>Logistic regression with its preparation, in double precision.</summary>
internal static class LogisticOnnx
{
    public static string LogOdds(OnnxGraph graph, OnnxInputs inputs, DesignEncoder encoder, double intercept, double[] weights)
    {
        var sum = graph.Column(intercept);
        foreach (var (terms, encoded) in DesignOnnx.Encode(graph, inputs, encoder))
            sum = graph.Add("Add", sum, graph.Add("MatMul", encoded, graph.Column([.. terms.Select(term => weights[term])])));
        return sum;
    }
}
