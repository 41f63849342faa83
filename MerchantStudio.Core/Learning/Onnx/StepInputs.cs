using MerchantStudio.Core.Learning.Evaluation.Sequences;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>The columns of <see cref="StepTable.CountsAndLast"/> out of what <see cref="SequenceOnnx"/> takes: how often each id came, and which came last.</summary>
/// <param name="columns">One for each id, and the last.</param>
internal sealed class StepInputs(OnnxGraph graph, string steps, IReadOnlyList<FeatureColumn> columns) : OnnxInputs(graph, columns, Counts(graph, steps, columns.Count - 1))
{
    private readonly OnnxGraph _graph = graph;
    private string? _last;

    protected override string Codes(FeatureColumn column, float[] codes, float unknown) =>
        _graph.Add("Gather", _graph.Numbers([1 + codes.Length], [unknown, .. codes]), _last ??= Last(_graph, steps, codes.Length));

    private static string Counts(OnnxGraph graph, string steps, int ids)
    {
        var alike = graph.Add("Equal", graph.Add("Unsqueeze", steps, graph.Indices(2)), graph.Indices([.. Enumerable.Range(1, ids).Select(id => (long)id)]));
        return graph.Add("ReduceSum", [OnnxAttribute.Int("keepdims", 0)], graph.Cast(alike, OnnxType.Float), graph.Indices(1));
    }

    /// <summary>One column of Int64: a row's last known id, 0 where it has none.</summary>
    private static string Last(OnnxGraph graph, string steps, int ids)
    {
        var (wide, known) = SequenceOnnx.Known(graph, steps, ids, 1);
        var place = graph.Add("ReduceMax", SequenceOnnx.Places(graph, wide, known, 0), graph.Indices(1));
        return graph.Add("GatherElements", [OnnxAttribute.Int("axis", 1)], wide, place);
    }
}
