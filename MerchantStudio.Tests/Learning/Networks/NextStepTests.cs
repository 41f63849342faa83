using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;
using Xunit;

namespace MerchantStudio.Tests.Learning.Networks;

public sealed class NextStepTests
{
    private const int Ring = 12;

    public static TheoryData<SequenceReader, NextStepLoss> All =>
        [.. from reader in Enum.GetValues<SequenceReader>() from loss in Enum.GetValues<NextStepLoss>() select new TheoryDataRow<SequenceReader, NextStepLoss>(reader, loss)];

    [Theory]
    [MemberData(nameof(All))]
    public void Shoppers_who_go_around_a_ring_are_offered_the_next_station(SequenceReader reader, NextStepLoss loss)
    {
        var model = Train(new SequenceOptions(reader, loss));
        foreach (var start in (int[])[1, 5, 11])
        {
            var history = Enumerable.Range(0, 4).Select(step => 1 + ((start + step - 1) % Ring)).ToArray();
            var scores = model.Score(history);
            Assert.Equal(1 + (history[^1] % Ring), Enumerable.Range(1, Ring).Except(history).MaxBy(id => scores[id - 1]));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public unsafe void The_gradient_is_the_slope_of_the_loss(SequenceReader reader, NextStepLoss loss)
    {
        const float Step = 1e-3f;
        var network = new SequenceNetwork(new SequenceOptions(reader, loss, Columns: 6, Blocks: 2, Heads: 2, Length: 5, Dropout: 0.2f, Negatives: 5), 9);
        network.Parameters.Begin(4);
        var random = new SeededRandom(2);
        for (var i = 0; i < network.Parameters.Length; i++) network.Parameters.Values[i] += 0.3f * (float)((2 * random.NextDouble()) - 1);
        var training = new ShopperSequences([[1, 2, 3, 1, 4, 5, 6], [2, 9], [7, 8, 2, 2], [3, 4, 5]]);
        var objective = new NextStepObjective(network, training, new ShopperSequences([]));
        var terms = Enumerable.Range(0, objective.Examples).Sum(objective.Terms);
        Assert.Equal(5 + 1 + 3 + 2, terms);
        var pass = new Pass(network.Parameters, KernelSet.Best);
        Learn();
        var slopes = new float[network.Parameters.Length];
        foreach (var parameter in network.Parameters.All)
        {
            for (var row = 0; row < parameter.Rows; row++)
                new Span<float>(pass.GradientRow(parameter, row), parameter.Columns).CopyTo(slopes.AsSpan(parameter.Offset + (row * parameter.Columns)));
        }

        for (var direction = 0; direction < 10; direction++)
        {
            var moves = Enumerable.Range(0, slopes.Length).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray();
            var expected = Enumerable.Range(0, slopes.Length).Sum(i => (double)moves[i] * slopes[i]);
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
            return objective.Learn(pass, [3, 0, 2, 1], terms, seed: 8);
        }

        void Move(float[] moves, float by)
        {
            for (var i = 0; i < moves.Length; i++) network.Parameters.Values[i] += by * moves[i];
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Threads_do_not_change_a_score(SequenceReader reader, NextStepLoss loss) =>
        Assert.Equal(Train(new SequenceOptions(reader, loss), threads: 1, epochs: 2).Score([1, 2]), Train(new SequenceOptions(reader, loss), threads: 3, epochs: 2).Score([1, 2]));

    [Theory]
    [InlineData(SequenceReader.SelfAttention)]
    [InlineData(SequenceReader.Gru)]
    [InlineData(SequenceReader.Lstm)]
    [InlineData(SequenceReader.Cnn)]
    public void A_rank_is_the_place_among_scores_whatever_else_is_ranked_beside(SequenceReader reader)
    {
        var model = (SequenceModel)Train(new SequenceOptions(reader), epochs: 1);
        int[][] sequences = [[1, 2, 9], [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3], [7, 1]];
        var ranks = model.Ranks(new ShopperSequences(sequences));
        for (var i = 0; i < sequences.Length; i++)
        {
            int[] history = sequences[i][..^1];
            var scores = model.Score(history);
            var own = scores[sequences[i][^1] - 1];
            Assert.Equal(1 + Enumerable.Range(1, Ring).Count(id => !history.Contains(id) && scores[id - 1] > own), ranks[i]);
        }
    }

    [Fact]
    public void A_saved_model_scores_as_before_and_saves_the_same_bytes()
    {
        var model = Train(new SequenceOptions(Heads: 2), epochs: 2);
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        var loaded = SequenceModels.Load(file);
        Assert.Equal(("sasrec", Ring), (loaded.Family, loaded.Ids));
        Assert.Equal(model.Score([3, 4, 5]), loaded.Score([3, 4, 5]));
        using var again = new MemoryStream();
        loaded.Save(again);
        Assert.Equal(file.ToArray(), again.ToArray());
        using var cut = new MemoryStream(file.ToArray()[..^8]);
        Assert.Throws<InvalidDataException>(() => SequenceModels.Load(cut));
    }

    [Fact]
    public void Unknown_ids_are_passed_over_and_an_empty_history_prefers_nothing()
    {
        var model = Train(new SequenceOptions(), epochs: 1);
        Assert.Equal(model.Score([3, 4]), model.Score([900, 3, -1, 4]));
        Assert.All(model.Score([]), score => Assert.Equal(0, score));
    }

    [Fact]
    public void Leave_one_out_keeps_the_last_step_for_the_test_and_the_one_before_for_validation()
    {
        var (training, validation, test) = ShopperSequences.LeaveOneOut([[1, 2, 3, 4], [5, 6], [7, 8, 9]]);
        Assert.Equal([1, 2, 5, 6, 7], training.Ids.ToArray());
        Assert.Equal([1, 2, 3, 7, 8], validation.Ids.ToArray());
        Assert.Equal([1, 2, 3, 4, 7, 8, 9], test.Ids.ToArray());
    }

    [Fact]
    public void Validation_stops_on_one_less_ndcg()
    {
        var network = new SequenceNetwork(new SequenceOptions(Columns: 8), Ring);
        network.Parameters.Begin(1);
        var sequences = new ShopperSequences([[1, 2], [3, 4, 5], [2, 7, 9, 1]]);
        var pass = new Pass(network.Parameters, KernelSet.Best);
        var expected = NextStepRanking.Ranks(network, pass, sequences, 0, 3).Sum(rank => 1 - (rank <= 10 ? 1 / Math.Log2(1 + rank) : 0));
        Assert.Equal(expected, new NextStepObjective(network, sequences, sequences).Validate(pass, 0, 3), 1e-12);
    }

    private static ISequenceModel Train(SequenceOptions options, int threads = 2, int epochs = 40)
    {
        var random = new SeededRandom(1);
        int[][] sequences = [.. Enumerable.Range(0, 120).Select(_ =>
        {
            var start = random.NextInt(Ring);
            return Enumerable.Range(0, 3 + random.NextInt(6)).Select(step => 1 + ((start + step) % Ring)).ToArray();
        })];
        var training = new NetworkTraining(epochs, BatchSize: 16, Groups: 3, Threads: threads, Optimizer: new OptimizerOptions(Rate: 0.01));
        var trainer = new SequenceTrainer(options with { Columns = 16, Length = 8, Dropout = 0.1f, Negatives = 6, Training = training });
        return trainer.Train(new ShopperSequences(sequences), new ShopperSequences([]), Ring, 1, null, null, TestContext.Current.CancellationToken).Model;
    }
}
