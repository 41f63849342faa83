using System.Runtime.InteropServices;
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

    public static TheoryData<SequenceReader> Readers => [.. Enum.GetValues<SequenceReader>()];

    [Theory]
    [MemberData(nameof(Readers))]
    public void The_order_of_events_tells_who_buys(SequenceReader reader)
    {
        var model = Train(reader);
        Assert.True(model.Score([View, View, Remove, Cart]) > 0.8);
        Assert.True(model.Score([View, View, Cart, Remove]) < 0.2);   // the same events in another order
        var (bought, left) = (model.Explain([View, View, Remove, Cart]), model.Explain([View, View, Cart, Remove]));
        Assert.Equal((3, 3), (Array.IndexOf(bought, bought[..4].Max()), Array.IndexOf(left, left[..4].Min())));   // and so do the reasons
        var (test, y) = Sessions(500, 9);
        Assert.True(BinaryMetrics.Auroc([.. Enumerable.Range(0, test.Count).Select(i => model.Score(test[i]))], y) > 0.95);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public unsafe void The_gradient_is_the_slope_of_the_loss(SequenceReader reader)
    {
        const float Step = 1e-3f;
        var network = Drawn(new SequenceOptions(reader, Columns: 6, Length: 4, Dropout: 0.2f), 3);
        var parameters = network.Reader.Parameters;
        var random = new SeededRandom(3);
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

    [Theory]
    [MemberData(nameof(Readers))]
    public void Contributions_and_bias_sum_to_the_log_odds_and_a_step_that_it_cannot_see_contributes_nothing(SequenceReader reader)
    {
        const int Length = 6;
        var network = Drawn(new SequenceOptions(reader, Columns: 32, Blocks: 1, Length: Length), 5);
        var model = new SessionOutcomeModel(network, SessionOutcomeModel.MeanStep(network, [1, 2, 2, 5]));
        var random = new SeededRandom(7);
        for (var visit = 0; visit < 60; visit++)
        {
            int[] steps = [.. Enumerable.Range(0, visit % 10).Select(_ => random.NextInt(7))];   // the model knows 1 to 5
            var contributions = model.Explain(steps);
            Assert.Equal(steps.Length + 1, contributions.Length);
            Assert.Equal(LearningWorld.LogOdds(model.Score(steps)), contributions.Sum(), IntegratedGradients.Tolerance);
            Assert.Equal(contributions, model.Explain(steps));
            var known = Enumerable.Range(0, steps.Length).Where(step => steps[step] is >= 1 and <= 5).ToArray();
            var seen = known.TakeLast(reader == SequenceReader.Cnn ? 3 : Length).ToHashSet();   // one block of filters reaches over three steps
            for (var step = 0; step < steps.Length; step++) Assert.Equal(seen.Contains(step), contributions[step] != 0);
        }
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Contributions_are_the_path_integral_of_central_differences(SequenceReader reader)
    {
        const int Points = 2_000;
        const float Step = 1e-3f;
        var network = Drawn(new SequenceOptions(reader, Columns: 4, Blocks: 1, Length: 3), 3);
        var pass = new Pass(network.Reader.Parameters, KernelSet.Best);
        pass.Begin(training: false, 0);
        var embedded = network.Embed(pass, new[] { 2, 1, 3 }).Span.ToArray();
        float[] baseline = [0.3f, -0.2f, 0.1f, 0.4f];
        var expected = new double[3];
        for (var input = 0; input < embedded.Length; input++)
        {
            for (var point = 0; point < Points; point++) expected[input / 4] += (embedded[input] - baseline[input % 4]) * (LogOdds(point, input, Step) - LogOdds(point, input, -Step)) / (2 * Step) / Points;
        }

        var contributions = new SessionOutcomeModel(network, baseline).Explain([2, 1, 3]);
        for (var step = 0; step < 3; step++) Assert.Equal(expected[step], contributions[step], 2e-3);

        double LogOdds(int point, int moved, float by)
        {
            pass.Begin(training: false, 0);
            var at = pass.New(1, 3, 4);
            for (var input = 0; input < embedded.Length; input++) at.Span[input] = baseline[input % 4] + ((embedded[input] - baseline[input % 4]) * (point + 0.5f) / Points);
            at.Span[moved] += by;
            return network.Slopes(pass, at).LogOdds.Span[0];
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

    [Fact]
    public void A_file_from_before_models_knew_the_average_step_is_explained_from_one_in_which_all_kinds_are_as_frequent()
    {
        var network = Drawn(new SequenceOptions(SequenceReader.Gru, Columns: 4, Blocks: 1, Length: 3), 3);
        using var file = new MemoryStream();
        ModelFile.Write(file, "session outcome 2", writer =>
        {
            foreach (var size in (int[])[(int)SequenceReader.Gru, 4, 1, 1, 3, 3]) writer.Write(size);
            writer.Write(MemoryMarshal.AsBytes(network.Reader.Parameters.Span));
        });
        file.Position = 0;
        var model = new SessionOutcomeModel(network, SessionOutcomeModel.MeanStep(network, [1, 2, 3]));
        Assert.Equal(model.Explain([3, 1]), SessionOutcomeModel.Load(file).Explain([3, 1]));
    }

    private static unsafe SessionOutcomeNetwork Drawn(SequenceOptions options, int ids)
    {
        var network = new SessionOutcomeNetwork(options, ids);
        var parameters = network.Reader.Parameters;
        parameters.Begin(4);
        var random = new SeededRandom(2);
        for (var i = 0; i < parameters.Length; i++) parameters.Values[i] += 0.3f * (float)((2 * random.NextDouble()) - 1);
        return network;
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
