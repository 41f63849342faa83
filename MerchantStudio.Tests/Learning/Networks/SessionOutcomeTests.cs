using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;
using Xunit;

namespace MerchantStudio.Tests.Learning.Networks;

public sealed class SessionOutcomeTests
{
    private const int View = 1;
    private const int Cart = 2;
    private const int Remove = 3;

    [Theory]
    [InlineData(SequenceReader.SelfAttention)]
    [InlineData(SequenceReader.Gru)]
    [InlineData(SequenceReader.Lstm)]
    [InlineData(SequenceReader.Cnn)]
    public void The_order_of_events_tells_who_buys(SequenceReader reader)
    {
        var model = Train(reader);
        Assert.True(model.Score([View, View, Remove, Cart]) > 0.8);
        Assert.True(model.Score([View, View, Cart, Remove]) < 0.2);   // the same events in another order
        var (test, y) = Sessions(500, 9);
        Assert.True(BinaryMetrics.Auroc([.. Enumerable.Range(0, test.Count).Select(i => model.Score(test[i]))], y) > 0.95);
    }

    [Theory]
    [InlineData(SequenceReader.SelfAttention)]
    [InlineData(SequenceReader.Gru)]
    [InlineData(SequenceReader.Lstm)]
    [InlineData(SequenceReader.Cnn)]
    public unsafe void The_gradient_is_the_slope_of_the_loss(SequenceReader reader)
    {
        const float Step = 1e-3f;
        var network = new SessionOutcomeNetwork(new SequenceOptions(reader, Columns: 6, Length: 4, Dropout: 0.2f), 3);
        var parameters = network.Reader.Parameters;
        parameters.Begin(4);
        var random = new SeededRandom(2);
        for (var i = 0; i < parameters.Length; i++) parameters.Values[i] += 0.3f * (float)((2 * random.NextDouble()) - 1);
        var objective = new SessionOutcomeObjective(network, new ShopperSequences([[1, 2, 3, 1, 2], [2], [], [3, 1]]), [1, 0, 0, 1], new ShopperSequences([]), []);
        var pass = new Pass(parameters, KernelSet.Best);
        Learn();
        var slopes = new ReadOnlySpan<float>(pass.Gradients.Dense, parameters.Length).ToArray();
        for (var direction = 0; direction < 10; direction++)
        {
            var moves = slopes.Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray();
            var expected = slopes.Zip(moves, (slope, move) => (double)slope * move).Sum();
            Move(moves, Step);
            var up = Learn();
            Move(moves, -2 * Step);
            var down = Learn();
            Move(moves, Step);
            Assert.Equal(expected, (up - down) / (2 * Step), 0.02 * Math.Max(0.5, Math.Abs(expected)));
        }

        double Learn()
        {
            pass.Gradients.Clear();
            return objective.Learn(pass, [3, 0, 2, 1], 4, seed: 8);
        }

        void Move(float[] moves, float by)
        {
            for (var i = 0; i < moves.Length; i++) parameters.Values[i] += by * moves[i];
        }
    }

    [Fact]
    public void A_saved_model_scores_as_before_and_a_cut_file_is_none()
    {
        var model = Train(SequenceReader.Lstm, epochs: 1);
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        var loaded = SessionOutcomeModel.Load(file);
        Assert.Equal("lstm", loaded.Family);
        Assert.Equal(model.Score([Cart, 77, View]), loaded.Score([Cart, View]));
        Assert.InRange(loaded.Score([]), 0, 1);
        using var cut = new MemoryStream(file.ToArray()[..^8]);
        Assert.Throws<InvalidDataException>(() => SessionOutcomeModel.Load(cut));
    }

    private static SessionOutcomeModel Train(SequenceReader reader, int epochs = 30)
    {
        var (training, y) = Sessions(600, 1);
        var (validation, validationY) = Sessions(150, 2);
        var options = new SequenceOptions(reader, Columns: 16, Blocks: 1, Length: 10, Dropout: 0, Training: new NetworkTraining(epochs, BatchSize: 32, Patience: 6, Optimizer: new OptimizerOptions(Rate: 0.01)));
        return new SessionOutcomeTrainer(options).Train(training, y, validation, validationY, 3, 1, null, null, TestContext.Current.CancellationToken).Model;
    }

    /// <summary>A session ends in a purchase when its last word about the cart is that something went in.</summary>
    private static (ShopperSequences Sessions, float[] Y) Sessions(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        int[][] sessions = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 1 + random.NextInt(5)).Select(_ => 1 + random.NextInt(3)).ToArray())];
        return (new ShopperSequences(sessions), [.. sessions.Select(session => session.LastOrDefault(step => step != View) == Cart ? 1f : 0f)]);
    }
}
