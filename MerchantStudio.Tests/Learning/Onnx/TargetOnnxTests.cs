using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Native.OnnxRuntime;
using Xunit;

namespace MerchantStudio.Tests.Learning.Onnx;

/// <summary>Models of classes, numbers, counts and orders answer in ONNX Runtime what they answer here: also for values that equal a threshold, missing ones and words never met.</summary>
public sealed class TargetOnnxTests
{
    private const int Rows = 10_000;

    /// <summary>Of the answer, or of 1 where it is smaller.</summary>
    private const double Tolerance = 1e-5;

    public static TheoryData<string, TreesObjective> Kinds => TargetKinds.All;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_runtime_gives_the_same_answers(string family, TreesObjective target)
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        var model = TargetKinds.Train(family, target, 2_000);
        var rows = UnusualRows.Of(Rows, Thresholds(model));
        var ours = model.Predict(rows).Value;
        var theirs = UnusualRows.Run(model.ToOnnx([]), rows, TargetModels.OnnxOutput);
        Assert.Equal(Rows * model.Outputs, theirs.Length);
        Assert.Equal(target == TreesObjective.Softmax ? 3 : 1, model.Outputs);
        Assert.True(ours.Distinct().Count() > 100);
        for (var at = 0; at < ours.Length; at++) Assert.True(Math.Abs(ours[at] - theirs[at]) <= Tolerance * Math.Max(1, Math.Abs(ours[at])), $"answer {at}: {ours[at]} here, {theirs[at]} in the runtime");
    }

    private static ILookup<int, float> Thresholds(ITargetModel model) => model switch
    {
        TreeEnsemble trees => trees.Forest.Trees.SelectMany(tree => tree.Nodes).Where(node => !node.IsLeaf && node.Categories is null).ToLookup(node => node.Column, node => node.Threshold),
        TablePerceptron network => network.Encoding.Numbers.SelectMany(number => number.Edges.Select(edge => (number.Column, edge))).ToLookup(edge => edge.Column, edge => edge.edge),
        _ => Array.Empty<float>().ToLookup(_ => 0),
    };
}
