using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>
/// A model of how sequences of events end, with its calibration. It takes what <see cref="SequenceOnnx"/> says, by the ids whose names the metadata "kinds" lists from 1 on,
/// and gives "probability", one a row: NaN where the model knows none of a row's ids.
/// </summary>
internal static class OutcomeOnnx
{
    /// <param name="kinds">Names of ids 1, 2, 3...</param>
    /// <param name="logOdds">Adds the model to a graph with the input of steps: one column of Double.</param>
    public static byte[] Write(string family, ImmutableArray<string> kinds, Calibrator? calibrator, bool eightBit, Func<OnnxGraph, string, string> logOdds)
    {
        var graph = new OnnxGraph { EightBit = eightBit };
        var steps = SequenceOnnx.Input(graph);
        graph.Fact("kinds", JsonSerializer.Serialize(kinds));
        var count = SequenceOnnx.Count(graph, SequenceOnnx.Known(graph, steps, kinds.Length, 1).Known);
        return CalibrationOnnx.ToModel(graph, logOdds(graph, steps), calibrator, family, graph.Add("Greater", count, graph.Index(0)));
    }
}
