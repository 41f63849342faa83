using MerchantStudio.Core.Learning.Trees;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>From a model's raw scores to its answers.</summary>
internal static class AnswerOnnx
{
    /// <param name="raw">A column of Double for each output.</param>
    /// <param name="mostLogRate">The logarithm of a count goes no higher.</param>
    /// <returns>As many columns of Double: probabilities, the count, or the scores themselves.</returns>
    public static string Of(OnnxGraph graph, string raw, TreesObjective target, double mostLogRate) => target switch
    {
        TreesObjective.Binary => graph.Add("Sigmoid", raw),
        TreesObjective.Softmax => graph.Add("Softmax", [OnnxAttribute.Int("axis", 1)], raw),
        TreesObjective.Poisson => graph.Add("Exp", graph.Add("Min", raw, graph.Scalar(mostLogRate))),
        _ => raw,
    };
}
