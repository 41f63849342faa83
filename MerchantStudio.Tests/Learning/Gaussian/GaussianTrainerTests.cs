using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Gaussian;
using Xunit;

namespace MerchantStudio.Tests.Learning.Gaussian;

public sealed class GaussianTrainerTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public void Log_odds_are_those_of_two_bell_curves_as_in_the_textbook()
    {
        // One input, before it is drawn to the mean of all: buyers around 2 with variance 1, the others around 0 with variance 4.
        var random = new SeededRandom(3);
        const int Rows = 40_000;
        float[] y = [.. Enumerable.Range(0, Rows).Select(row => row % 2 == 0 ? 1f : 0f)];
        float[] values = [.. y.Select(label => (float)(label == 1 ? 2 + Normal(random) : 2 * Normal(random)))];
        var model = Train(LearningWorld.Numbers(values), y, new GaussianOptions(OwnShares: [1], Ridges: [0], Squash: false));
        foreach (var at in (float[])[-3, 0, 1, 2, 4])
        {
            var expected = -(Math.Pow(at - 2, 2) / 2) + (at * at / 8.0) + Math.Log(2);
            Assert.Equal(expected, model.Explain(LearningWorld.Numbers([at]), 0).Sum(), 0.1);
        }
    }

    [Fact]
    public void What_two_inputs_say_together_is_learnt()
    {
        var (x, y) = World(4_000, 1, Together);
        var (testX, testY) = World(2_000, 2, Together);
        Assert.InRange(BinaryMetrics.Auroc(Train(x, y, new GaussianOptions(OwnShares: [1], Ridges: [0.05])).Score(testX), testY), 0.8, 1);
        Assert.InRange(BinaryMetrics.Auroc(Train(x, y, new GaussianOptions(OwnShares: [0], Ridges: [0.05])).Score(testX), testY), 0.4, 0.6);   // alone, neither says anything

        static (double First, double Second) Together(SeededRandom random, bool yes)
        {
            var shared = Normal(random);
            return (shared + (0.5 * Normal(random)), ((yes ? 1 : -1) * shared) + (0.5 * Normal(random)));
        }
    }

    [Fact]
    public void Interest_that_has_turned_is_followed_when_old_rows_count_less()
    {
        var (old, oldY) = World(4_000, 3, (random, yes) => (Normal(random) + (yes ? -1 : 1), Normal(random)));
        var (young, youngY) = World(800, 4, Turned);
        var (validationX, validationY) = World(500, 5, Turned);
        var (testX, testY) = World(2_000, 6, Turned);
        float[] ages = [.. Enumerable.Repeat(300f, old.Rows), .. Enumerable.Repeat(5f, young.Rows)];
        var x = FeatureMatrix.Concat([old, young]);
        float[] y = [.. oldY, .. youngY];
        var dated = (GaussianModel)new GaussianTrainer().Train(x.WithAges(ages), y, validationX, validationY, 1, null, Now).Value.Model;
        var undated = (GaussianModel)new GaussianTrainer().Train(x, y, validationX, validationY, 1, null, Now).Value.Model;
        Assert.Equal(295 / 8.0, dated.Choice.HalfLife);
        Assert.Equal(0, undated.Choice.HalfLife);
        Assert.InRange(BinaryMetrics.Auroc(dated.Score(testX), testY), 0.85, 1);
        Assert.InRange(BinaryMetrics.Auroc(undated.Score(testX), testY), 0, 0.5);

        static (double First, double Second) Turned(SeededRandom random, bool yes) => (Normal(random) + (yes ? 1 : -1), Normal(random));
    }

    [Fact]
    public void Ages_go_with_their_rows()
    {
        var x = LearningWorld.Numbers([1, 2, 3], [4, 5, 6]).WithAges([10, 20, 30]);
        Assert.Equal([30, 10], x.Take([2, 0]).Ages.ToArray());
        Assert.Equal([10, 20, 30], x.Select([1]).Ages.ToArray());
        Assert.Throws<ArgumentException>(() => x.WithAges([1, 2]));
    }

    [Fact]
    public void A_number_far_beyond_the_others_counts_as_one_four_deviations_off()
    {
        var (x, y) = LearningWorld.Shoppers(500, 7);
        var scores = Train(x, y, null).Score(new FeatureMatrix(x.Columns, 2, [1e30f, 1e20f, 0, 0, 0, 0, 40, 40]));
        Assert.Equal(scores[0], scores[1]);
        Assert.InRange(scores[0], 0.01f, 0.99999f);
    }

    [Fact]
    public void A_covariance_is_inverted()
    {
        double[,] matrix = { { 4, 2, 0.6 }, { 2, 3, 0.4 }, { 0.6, 0.4, 1 } };
        var (inverse, logDeterminant) = SymmetricInverse.Of(matrix);
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++) Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, 3).Sum(k => matrix[i, k] * inverse[k, j]), 12);
        }

        Assert.Equal(Math.Log((4 * (3 - 0.16)) - (2 * (2 - 0.24)) + (0.6 * (0.8 - 1.8))), logDeterminant, 12);
    }

    private static IBinaryModel Train(FeatureMatrix x, float[] y, GaussianOptions? options) => new GaussianTrainer(options).Train(x, y, LearningWorld.Nothing(x), [], 1, null, Now).Value.Model;

    private static (FeatureMatrix X, float[] Y) World(int rows, int seed, Func<SeededRandom, bool, (double First, double Second)> draw)
    {
        var random = new SeededRandom((ulong)seed);
        var (y, first, second) = (new float[rows], new float[rows], new float[rows]);
        for (var row = 0; row < rows; row++)
        {
            y[row] = random.NextInt(2);
            var (one, other) = draw(random, y[row] == 1);
            (first[row], second[row]) = ((float)one, (float)other);
        }

        return (LearningWorld.Numbers(first, second), y);
    }

    private static double Normal(SeededRandom random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
