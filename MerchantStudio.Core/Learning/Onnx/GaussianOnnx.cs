using MerchantStudio.Core.Learning.Gaussian;
using MerchantStudio.Core.Learning.Linear;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>Two bell curves with their preparation, in double precision.</summary>
internal static class GaussianOnnx
{
    public static string LogOdds(OnnxGraph graph, OnnxInputs inputs, DesignEncoder encoder, Discriminant discriminant)
    {
        var encoded = DesignOnnx.Encode(graph, inputs, encoder).ToArray();
        if (encoded.Length == 0) return graph.Column(discriminant.Constant);
        int[] terms = [.. encoded.SelectMany(part => part.Terms)];
        var joined = encoded.Length == 1 ? encoded[0].Encoded : graph.Add("Concat", [OnnxAttribute.Int("axis", 1)], [.. encoded.Select(part => part.Encoded)]);
        var z = graph.Add("Clip", joined, graph.Scalar(-GaussianModel.Farthest), graph.Scalar(GaussianModel.Farthest));
        var slopes = graph.Row([.. terms.Select(term => discriminant.Linear[term])]);
        var quadratic = discriminant.Quadratic;
        if (quadratic.GetLength(0) == 1) slopes = graph.Add("Add", slopes, graph.Add("Mul", z, graph.Row([.. terms.Select(term => quadratic[0, term])])));
        if (quadratic.GetLength(0) > 1) slopes = graph.Add("Add", slopes, graph.Add("MatMul", z, graph.Matrix(terms.Length, [.. terms.SelectMany(one => terms.Select(other => quadratic[one, other]))])));
        return graph.Add("Add", graph.Column(discriminant.Constant), graph.Add("ReduceSum", [OnnxAttribute.Int("keepdims", 1)], graph.Add("Mul", z, slopes), graph.Indices(1)));
    }
}
