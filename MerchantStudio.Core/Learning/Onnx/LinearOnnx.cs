using MerchantStudio.Core.Learning.Linear;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>Weighted sums of inputs with their preparation, in double precision.</summary>
internal static class LinearOnnx
{
    /// <param name="biases">One a sum.</param>
    /// <param name="weights">The sums' weights of the first of the encoder's terms, then of the second and so on.</param>
    /// <returns>A column of Double for each sum.</returns>
    public static string Sums(OnnxGraph graph, OnnxInputs inputs, DesignEncoder encoder, double[] biases, double[] weights)
    {
        var sums = graph.Row(biases);
        foreach (var (terms, encoded) in DesignOnnx.Encode(graph, inputs, encoder))
            sums = graph.Add("Add", sums, graph.Add("MatMul", encoded, graph.Matrix(biases.Length, [.. terms.SelectMany(term => weights[(term * biases.Length)..((term + 1) * biases.Length)])])));
        return sums;
    }
}
