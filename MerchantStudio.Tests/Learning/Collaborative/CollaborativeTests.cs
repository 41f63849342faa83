using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Collaborative;
using MerchantStudio.Core.Learning.Kernels;
using Xunit;

namespace MerchantStudio.Tests.Learning.Collaborative;

/// <summary>Item neighbours, implicit alternating least squares and their blend, against sums done by hand.</summary>
public sealed class CollaborativeTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public void Likeness_is_what_two_items_share_over_how_often_each_came()
    {
        var options = new NeighbourOptions(Neighbours: 10, Shrink: 2, PairDecay: 0.5, Backward: 0.25, Balance: 0.5, Decay: 0.5);
        var model = new NeighbourTrainer(options).Train(new ShopperSequences([[1, 2, 3], [1, 3], [3]]), 3, Now);

        // 1 to 3: two steps once (0.5) and one step once (1), over 2 + √(2·3); 1 to 2: one step, over 2 + √(2·1)
        var (to3, to2) = (1.5 / (2 + Math.Sqrt(6)), 1 / (2 + Math.Sqrt(2)));
        Assert.Equal([0, to2, to3], model.Score([1]).Select(score => (double)score), Close);

        // 2 to 1 is backward; as the earlier step of two it weighs half
        Assert.Equal([0.5 * 0.25 / (2 + Math.Sqrt(2)), to2, to3 + (0.5 / (2 + Math.Sqrt(3)))], model.Score([2, 1]).Select(score => (double)score), Close);
    }

    [Fact]
    public void Only_the_most_alike_neighbours_are_kept_and_less_balance_prefers_the_popular()
    {
        int[][] sequences = [[1, 2], [1, 3], [1, 3], [3], [3], [3], [3]];
        var one = new NeighbourTrainer(new NeighbourOptions(Neighbours: 1, Shrink: 0, Balance: 0)).Train(new ShopperSequences(sequences), 3, Now).Score([1]);
        Assert.Equal((0f, 2f / 3), (one[1], one[2]));
        var balanced = new NeighbourTrainer(new NeighbourOptions(Neighbours: 1, Shrink: 0, Balance: 1)).Train(new ShopperSequences(sequences), 3, Now).Score([1]);
        Assert.Equal((1f, 0f), (balanced[1], balanced[2]));
    }

    /// <summary>With the solution in the place of x the gradient of the loss that the method writes down is 0.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    [InlineData(0)]
    public void An_embedding_is_where_the_loss_has_no_slope(double penaltyPower)
    {
        const int D = 5;
        var options = new AlsOptions(Factors: D, Unobserved: 0.2, Penalty: 0.3, PenaltyPower: penaltyPower);
        var random = new SeededRandom(2);
        var others = new AlignedNumbers(9 * D);
        for (var i = 0; i < others.Length; i++) others.Span[i] = (float)((2 * random.NextDouble()) - 1);
        int[] chosen = [1, 4, 7];
        float[] confidences = [1, 0.5f, 0.8f];
        var x = new AlsRow(options).Solve(AlsModel.Gramian(others, D), others, chosen, confidences).ToArray();
        for (var at = 0; at < D; at++) Assert.Equal(0, (Loss(at, 1e-3) - Loss(at, -1e-3)) / 2e-3, 1e-4);

        double Loss(int at, double by)
        {
            var moved = x.Select((value, i) => value + (i == at ? by : 0)).ToArray();
            var loss = options.Penalty * Math.Pow(confidences.Sum() + (options.Unobserved * 9), penaltyPower) * moved.Sum(value => value * value);
            for (var item = 0; item < 9; item++)
            {
                var score = Enumerable.Range(0, D).Sum(i => moved[i] * others.Span[(item * D) + i]);
                loss += options.Unobserved * score * score;
                var place = Array.IndexOf(chosen, item);
                if (place >= 0) loss += confidences[place] * (1 - score) * (1 - score);
            }

            return loss;
        }
    }

    [Fact]
    public void The_latest_choice_counts_most_where_confidence_decays()
    {
        var training = SequenceModelContractTests.Tribes();
        var model = new AlsTrainer(new AlsOptions(Factors: 8, Unobserved: 0.1, Penalty: 0.1, Decay: 0.3)).Train(training, 12, 1, Now);
        Assert.True(model.Score([1, 2, 7, 8])[8] > model.Score([7, 8, 1, 2])[8]);
        var forgetsNothing = new AlsTrainer(new AlsOptions(Factors: 8, Unobserved: 0.1, Penalty: 0.1, Decay: 1)).Train(training, 12, 1, Now);
        Assert.Equal(forgetsNothing.Score([1, 2, 7, 8]), forgetsNothing.Score([7, 8, 1, 2]));
    }

    [Fact]
    public void A_training_that_is_called_off_stops()
    {
        using var off = new CancellationTokenSource();
        off.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new AlsTrainer().Train(SequenceModelContractTests.Tribes(), 12, 1, off.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => new NeighbourTrainer().Train(SequenceModelContractTests.Tribes(), 12, off.Token));
    }

    [Fact]
    public void A_blend_trusts_the_part_that_tells_the_next_step()
    {
        var worth = Enumerable.Range(1, 6).Select(place => 1.0 / place).ToArray();
        var validation = new ShopperSequences([.. Enumerable.Range(1, 5).Select(id => new[] { id, id + 1 })]);
        var (model, weights) = new BlendTrainer().Train([new Fixed(_ => 1), new Fixed(id => id)], validation, worth, 1, Now);
        Assert.True(weights[1] > weights[0]);
        for (var id = 1; id < 6; id++) Assert.Equal(id, Array.IndexOf(model.Score([id]), model.Score([id]).Where((_, item) => item != id - 1).Max()));
        Assert.Equal([1f], new BlendTrainer(stopHere: () => true).Train([new Fixed(_ => 1), new Fixed(id => id)], validation, worth, 1, Now).Weights.Distinct());
    }

    private static bool Close(double a, double b) => Math.Abs(a - b) < 1e-6;

    /// <summary>Sure of one item, by the last step.</summary>
    private sealed class Fixed(Func<int, int> favourite) : ISequenceModel
    {
        public string Family => "fixed";

        public int Ids => 6;

        public float[] Score(ReadOnlySpan<int> history)
        {
            var scores = new float[Ids];
            scores[favourite(history[^1]) % Ids] = 1;
            return scores;
        }

        public void Save(Stream stream) => throw new NotSupportedException();
    }
}
