using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Native.OnnxRuntime;
using MerchantStudio.Tests.Learning.Layers;
using Xunit;

namespace MerchantStudio.Tests.Learning.Onnx;

/// <summary>Every layer of the table, written as ordinary operators, gives what it gives here.</summary>
public sealed class LayerOnnxTests
{
    public static TheoryData<string> Layers => [.. LayerTable.Cases.Keys];

    [Theory]
    [MemberData(nameof(Layers))]
    public unsafe void The_runtime_goes_the_same_way_through_a_layer(string name)
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        var entry = LayerTable.Cases[name];
        var parameters = new Parameters();
        var layer = entry.Make(parameters);
        parameters.Begin(11);
        var random = new SeededRandom(7);
        for (var i = 0; i < parameters.Length; i++) parameters.Values[i] += 0.3f * (float)((2 * random.NextDouble()) - 1);
        var input = new float[entry.Batch * entry.Time * entry.Columns];
        for (var i = 0; i < input.Length; i++) input[i] = entry.Ids > 0 ? random.NextInt(entry.Ids + 1) : (float)((4 * random.NextDouble()) - 2);

        var pass = new Pass(parameters, KernelSet.Best);
        pass.Begin(training: false, 0);
        var x = pass.New(entry.Batch, entry.Time, entry.Columns);
        input.CopyTo(x.Span);
        var ours = layer.Forward(pass, x);

        var graph = new OnnxGraph();
        var flat = graph.Input("x", OnnxType.Float, entry.Time * entry.Columns);
        var y = layer.ToOnnx(new LayerGraph(graph, parameters, entry.Time), graph.Add("Reshape", flat, graph.Indices(-1, entry.Time, entry.Columns)));
        graph.Output("y", OnnxType.Float, graph.Add("Reshape", y, graph.Indices(0, ours.Time * ours.Columns)), ours.Time * ours.Columns);
        using var session = new InferenceSession(graph.ToModel("layer"), threads: 1);
        var theirs = session.Run([new OrtInput("x", input, entry.Batch)], "y");

        Assert.Equal(ours.Length, theirs.Length);
        for (var i = 0; i < theirs.Length; i++) Assert.True(Math.Abs(ours.Span[i] - theirs[i]) <= 1e-5 * Math.Max(1, Math.Abs(ours.Span[i])), $"{name}: {ours.Span[i]} here, {theirs[i]} in the runtime at {i}");
    }
}
