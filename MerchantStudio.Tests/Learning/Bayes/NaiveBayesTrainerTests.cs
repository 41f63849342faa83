using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Bayes;
using Xunit;

namespace MerchantStudio.Tests.Learning.Bayes;

public sealed class NaiveBayesTrainerTests
{
    [Fact]
    public void Shares_within_each_class_are_smoothed_by_one_as_in_the_textbook()
    {
        // Of 4 who buy 3 came by mail, of 6 who do not 1: P(mail | yes) = (3+1)/(4+2), P(mail | no) = (1+1)/(6+2), prior 4 : 6.
        float[] y = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0];
        var x = new FeatureMatrix([new FeatureColumn("channel", ["mail", "search"])], 10, [0, 0, 0, 1, 0, 1, 1, 1, 1, 1]);
        var model = Train(x, y);
        var logOdds = Math.Log(4 / 6.0) + Math.Log(4 / 6.0 / (2 / 8.0));
        Assert.Equal(1 / (1 + Math.Exp(-logOdds)), model.Score(x)[0], 6);
        Assert.Equal([Math.Log(8 / 3.0), Math.Log(2 / 3.0)], model.Explain(x, 0), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_missing_value_is_left_out_of_the_sum()
    {
        var (x, y) = LearningWorld.Shoppers(500, 1);
        var model = Train(x, y);
        var row = new FeatureMatrix(x.Columns, 1, [float.NaN, float.NaN, float.NaN, float.NaN]);
        Assert.Equal(y.Average(), model.Score(row)[0], 1e-6f);
        Assert.All(model.Explain(row, 0)[..^1], contribution => Assert.Equal(0, contribution));
    }

    [Fact]
    public void A_bell_curve_is_taken_where_the_classes_are_bells_and_a_histogram_where_they_are_not()
    {
        var (x, y) = World(4_000, 5);
        var (validationX, validationY) = World(4_000, 6);
        var model = (NaiveBayesModel)new NaiveBayesTrainer().Train(x, y, validationX, validationY, 1, null, TestContext.Current.CancellationToken).Value.Model;
        var bell = Assert.IsType<NormalEvidence>(model.Evidence[0]);
        Assert.Equal(1, bell.MeanYes, 0.05);
        Assert.Equal(-1, bell.MeanNo, 0.05);
        Assert.Equal(1, bell.DeviationNo, 0.05);
        Assert.IsType<BinEvidence>(model.Evidence[1]);
    }

    [Fact]
    public void A_number_beyond_those_of_training_counts_as_the_farthest_of_them()
    {
        var (x, y) = World(500, 7);
        var (validationX, validationY) = World(500, 8);
        var model = new NaiveBayesTrainer().Train(x, y, validationX, validationY, 1, null, TestContext.Current.CancellationToken).Value.Model;
        var scores = model.Score(new FeatureMatrix(x.Columns, 2, [x.Column(0).ToArray().Max(), 1e30f, 0, 0]));
        Assert.Equal(scores[0], scores[1]);
    }

    /// <summary>The first number is normal in each class, the second lies on both sides of the other class.</summary>
    private static (FeatureMatrix X, float[] Y) World(int rows, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var y = new float[rows];
        var values = new float[2 * rows];
        for (var row = 0; row < rows; row++)
        {
            y[row] = random.NextInt(2);
            values[row] = (float)((y[row] == 1 ? 1 : -1) + Normal());
            values[rows + row] = y[row] == 1 ? (random.NextInt(2) == 0 ? -4 : 4) + (float)random.NextDouble() : -8 + (float)(random.NextDouble() * 16);
        }

        return (new FeatureMatrix([new FeatureColumn("bell"), new FeatureColumn("split")], rows, values), y);

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    private static IBinaryModel Train(FeatureMatrix x, float[] y) => new NaiveBayesTrainer().Train(x, y, LearningWorld.Nothing(x), [], 1, null, TestContext.Current.CancellationToken).Value.Model;
}
