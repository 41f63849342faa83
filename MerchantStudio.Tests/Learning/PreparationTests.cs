using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Linear;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class PreparationTests
{
    public static TheoryData<MissingFill, Scaling> Choices => [.. from fill in Enum.GetValues<MissingFill>() from scaling in Enum.GetValues<Scaling>() select (fill, scaling)];

    [Theory]
    [MemberData(nameof(Choices))]
    public void What_is_fitted_comes_from_the_training_rows_alone(MissingFill fill, Scaling scaling)
    {
        var (x, y) = LearningWorld.Shoppers(300, 9);
        var (later, laterY) = LearningWorld.Shoppers(100, 10);
        var wild = new FeatureMatrix(later.Columns, later.Rows, [.. Enumerable.Range(0, 4 * later.Rows).Select(i => i >= later.Rows && i < 2 * later.Rows ? 1f : 5000f + i)]);
        var trainer = new LogisticTrainer(new LogisticOptions(Strengths: [0.01], Preparation: new Preparation(fill, 30, scaling)));
        var seen = Saved(trainer.Train(x, y, later, laterY, 1, null, TestContext.Current.CancellationToken).Value.Model);
        var seenWild = Saved(trainer.Train(x, y, wild, laterY, 1, null, TestContext.Current.CancellationToken).Value.Model);
        Assert.Equal(seen, seenWild);
        Assert.NotEqual(seen, Saved(trainer.Train(FeatureMatrix.Concat(x, wild), [.. y, .. laterY], later, laterY, 1, null, TestContext.Current.CancellationToken).Value.Model));
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Every_choice_learns_and_comes_back_from_its_file_unchanged(MissingFill fill, Scaling scaling)
    {
        var (x, y) = LearningWorld.Shoppers(2000, 1);
        var (test, testY) = LearningWorld.Shoppers(1000, 2);
        var model = new LogisticTrainer(new LogisticOptions(Preparation: new Preparation(fill, 45, scaling))).Train(x, y, test, testY, 1, null, TestContext.Current.CancellationToken).Value.Model;
        var scores = model.Score(test);
        Assert.All(scores, score => Assert.InRange(score, 0, 1));
        Assert.True(BinaryMetrics.Auroc(scores, testY) > 0.85);
        using var file = new MemoryStream(Saved(model));
        Assert.Equal(scores, BinaryModels.Load(file).Score(test));
    }

    [Theory]
    [InlineData(MissingFill.Mean, 4)]
    [InlineData(MissingFill.Median, 2.5)]
    [InlineData(MissingFill.Mode, 2)]
    [InlineData(MissingFill.Constant, 7)]
    public void A_missing_number_is_worth_what_was_chosen(MissingFill fill, double worth)
    {
        var x = LearningWorld.Numbers([1, 2, 2, float.NaN, 3, 9, 7]);
        foreach (var scaling in Enum.GetValues<Scaling>())
        {
            var term = DesignEncoder.Fit(x, squash: false, new Preparation(fill, 7, scaling)).Terms[0];
            Assert.Equal(term.Encode((float)worth), term.Encode(float.NaN), 9);
        }
    }

    [Fact]
    public void An_input_that_is_missing_somewhere_is_left_out_when_dropping()
    {
        var x = LearningWorld.Numbers([1, 2, 3, 4], [1, 2, float.NaN, 4]);
        Assert.Equal([0], DesignEncoder.Fit(x, squash: false, new Preparation(MissingFill.Drop)).Terms.Select(term => term.Column));
    }

    [Fact]
    public void Scales_are_those_of_their_names()
    {
        var x = LearningWorld.Numbers([2, 4, 6, 8]);
        Assert.Equal([0, 1 / 3d, 2 / 3d, 1], Encoded(Scaling.MinMax), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([2, 4, 6, 8], Encoded(Scaling.None));
        Assert.Equal(0, Encoded(Scaling.Standardise).Sum(), 9);
        Assert.Equal(4, Encoded(Scaling.Standardise).Sum(value => value * value), 9);

        double[] Encoded(Scaling scaling) => DesignEncoder.Fit(x, squash: false, new Preparation(Scaling: scaling)).Encode(x)[0];
    }

    private static byte[] Saved(IBinaryModel model)
    {
        using var file = new MemoryStream();
        model.Save(file);
        return file.ToArray();
    }
}
