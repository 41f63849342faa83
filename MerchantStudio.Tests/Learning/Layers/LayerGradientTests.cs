using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;
using Xunit;

namespace MerchantStudio.Tests.Learning.Layers;

public sealed unsafe class LayerGradientTests
{
    private const float Step = 4e-3f;
    private const int Directions = 12;
    private const ulong Seed = 11;

    public static TheoryData<string, string> Layers
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in LayerTable.Cases.Keys)
            {
                foreach (var set in KernelSet.All) data.Add(name, set.Name);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_s_gradient_is_the_slope_of_its_output(string name, string set)
    {
        var entry = LayerTable.Cases[name];
        var parameters = new Parameters();
        var layer = entry.Make(parameters);
        parameters.Begin(Seed);
        var random = new SeededRandom(Seed);
        for (var i = 0; i < parameters.Length; i++) parameters.Values[i] += 0.3f * (float)((2 * random.NextDouble()) - 1);
        var pass = new Pass(parameters, KernelSet.All.Single(kernels => kernels.Name == set));
        var input = Numbers(entry, random);

        var slopes = Slopes(pass, layer, entry, input);
        for (var direction = 0; direction < Directions; direction++)
        {
            var moves = Enumerable.Range(0, parameters.Length).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray();
            var inputMoves = Enumerable.Range(0, input.Length).Select(_ => entry.Ids > 0 ? 0 : (float)((2 * random.NextDouble()) - 1)).ToArray();
            var expected = 0.0;
            for (var i = 0; i < moves.Length; i++) expected += moves[i] * pass.Gradients.Dense[i];
            for (var i = 0; i < input.Length; i++) expected += inputMoves[i] * slopes[i];

            var up = Value(pass, layer, entry, input, parameters, moves, inputMoves, Step);
            var down = Value(pass, layer, entry, input, parameters, moves, inputMoves, -Step);
            var measured = (up - down) / (2 * Step);
            Assert.True(Math.Abs(expected - measured) <= 0.01 * Math.Max(1, Math.Abs(measured)), $"{name}, {set}: the rule says {expected:0.0000}, the slope is {measured:0.0000}");
        }
    }

    [Fact]
    public void Every_layer_is_in_the_table()
    {
        var checkedLayers = LayerTable.Cases.Values.Select(entry =>
        {
            var parameters = new Parameters();
            return entry.Make(parameters).GetType();
        }).ToHashSet();
        var all = typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract);
        Assert.Empty(all.Except(checkedLayers));
    }

    /// <summary>Numbers from -1 to 1 at even distances, so that no step leads over a kink.</summary>
    private static float[] Numbers(LayerCase entry, SeededRandom random)
    {
        var count = entry.Batch * entry.Time * entry.Columns;
        if (entry.Ids > 0) return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextInt(entry.Ids + 1))];
        return [.. Enumerable.Range(0, count).OrderBy(_ => random.Next()).Select(place => (((2 * place) + 1f) / count) - 1)];
    }

    /// <summary>The gradient by the input; the parameters' stays in the pass.</summary>
    private static float[] Slopes(Pass pass, Layer layer, LayerCase entry, float[] input)
    {
        pass.Begin(training: true, Seed);
        pass.Gradients.Clear();
        var y = layer.Forward(pass, Input(pass, entry, input));
        var dy = pass.New(y.Batch, y.Time, y.Columns);
        for (var i = 0; i < dy.Length; i++) dy.Pointer[i] = Weight(i);
        return layer.Backward(pass, dy).Span.ToArray();
    }

    /// <summary>A weighted sum of the output after everything has moved by <paramref name="by"/> in a direction.</summary>
    private static double Value(Pass pass, Layer layer, LayerCase entry, float[] input, Parameters parameters, float[] moves, float[] inputMoves, float by)
    {
        for (var i = 0; i < moves.Length; i++) parameters.Values[i] += by * moves[i];
        pass.Begin(training: true, Seed);
        var y = layer.Forward(pass, Input(pass, entry, [.. input.Zip(inputMoves, (x, move) => x + (by * move))]));
        var sum = 0.0;
        for (var i = 0; i < y.Length; i++) sum += Weight(i) * (double)y.Pointer[i];
        pass.Forget();
        for (var i = 0; i < moves.Length; i++) parameters.Values[i] -= by * moves[i];
        return sum;
    }

    private static Tensor Input(Pass pass, LayerCase entry, float[] input)
    {
        var x = pass.New(entry.Batch, entry.Time, entry.Columns);
        input.CopyTo(x.Span);
        return x;
    }

    private static float Weight(int i) => MathF.Sin(i + 1);
}
