using System.Text.Json;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning;

/// <summary>Models of a class, a number, a count or an order as ONNX files.</summary>
internal static class TargetModels
{
    /// <summary>What an exported model calls its result.</summary>
    public const string OnnxOutput = "answer";

    /// <param name="answers">Adds the operators that lead from the inputs to a column of Float for each answer.</param>
    public static byte[] ToOnnx(ITargetModel model, IReadOnlyList<string> classes, Func<OnnxGraph, OnnxInputs, string> answers)
    {
        var graph = new OnnxGraph();
        graph.Output(OnnxOutput, OnnxType.Float, answers(graph, new OnnxInputs(graph, model.Columns)), model.Outputs);
        graph.Fact("family", model.Family);
        graph.Fact("target", model.Target.ToString());
        if (classes.Count > 0) graph.Fact("classes", JsonSerializer.Serialize(classes));
        return graph.ToModel(model.Family);
    }
}
