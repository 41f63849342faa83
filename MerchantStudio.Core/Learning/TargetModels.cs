using System.Text.Json;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Learning.Trees;

namespace MerchantStudio.Core.Learning;

/// <summary>Reads models of a class, a number, a count or an order back from their files.</summary>
public static class TargetModels
{
    /// <summary>What an exported model calls its result.</summary>
    internal const string OnnxOutput = "answer";

    /// <exception cref="InvalidDataException">The stream does not hold a model that this version knows.</exception>
    public static ITargetModel Load(Stream stream) => ModelFile.Read<ITargetModel>(stream, (tag, reader) => tag switch
    {
        LinearModel.FileTag => LinearModel.Read(reader),
        TreeEnsemble.FileTag => TreeEnsemble.Read(reader),
        TablePerceptron.FileTag => TablePerceptron.Read(reader),
        _ => throw new InvalidDataException($"Unknown kind of model '{tag}'."),
    });

    /// <param name="answers">Adds the operators that lead from the inputs to a column of Float for each answer.</param>
    internal static byte[] ToOnnx(ITargetModel model, IReadOnlyList<string> classes, Func<OnnxGraph, OnnxInputs, string> answers)
    {
        var graph = new OnnxGraph();
        graph.Output(OnnxOutput, OnnxType.Float, answers(graph, new OnnxInputs(graph, model.Columns)), model.Outputs);
        graph.Fact("family", model.Family);
        graph.Fact("target", model.Target.ToString());
        if (classes.Count > 0) graph.Fact("classes", JsonSerializer.Serialize(classes));
        return graph.ToModel(model.Family);
    }
}
