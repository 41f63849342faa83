using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation.Folds;
using Xunit;

namespace MerchantStudio.Tests.Learning.Folds;

public sealed class FoldPlanTests
{
    private static readonly float[] Rare = [.. Enumerable.Range(0, 203).Select(row => row % 10 == 3 ? 1f : 0f)];

    [Fact]
    public void Each_row_tests_once_no_row_is_on_two_sides_and_every_side_has_its_share_of_yes()
    {
        var folds = new StratifiedFolds(5, 7).Deal(Rows(Rare), Rare).Value;
        Assert.Equal(Rows(Rare), folds.SelectMany(fold => fold.Test).Order());
        Assert.All(folds, fold =>
        {
            Assert.Equal(Rows(Rare), fold.Known.Concat(fold.Test).Order());
            Assert.InRange(fold.Test.Length, 40, 41);
            Assert.InRange(fold.Test.Count(row => Rare[row] == 1), 4, 5);
            Assert.InRange(fold.Validation.Length / (double)fold.Known.Length, 0.15, 0.17);
            Assert.InRange(fold.Validation.Count(row => Rare[row] == 1), 2, 3);
        });
    }

    [Fact]
    public void The_seed_decides_who_tests_where()
    {
        var one = new StratifiedFolds(4, 1).Deal(Rows(Rare), Rare).Value;
        Assert.Equal(one[2].Test, new StratifiedFolds(4, 1).Deal(Rows(Rare), Rare).Value[2].Test);
        Assert.NotEqual(one[2].Test, new StratifiedFolds(4, 2).Deal(Rows(Rare), Rare).Value[2].Test);
    }

    [Fact]
    public void Rolling_folds_learn_only_from_what_lies_before_and_split_no_moment()
    {
        var random = new SeededRandom(5);
        ImmutableArray<double> times = [.. Rare.Select(_ => (double)random.NextInt(40))];   // about five rows a moment
        var folds = new RollingFolds(4, times).Deal(Rows(Rare), Rare).Value;
        Assert.All(folds, fold =>
        {
            Assert.True(fold.Training.Max(row => times[row]) < fold.Validation.Min(row => times[row]));
            Assert.True(fold.Validation.Max(row => times[row]) < fold.Test.Min(row => times[row]));
        });
        for (var fold = 1; fold < 4; fold++) Assert.Equal(folds[fold - 1].Known.Concat(folds[fold - 1].Test).Order(), folds[fold].Known.Order());
    }

    [Fact]
    public void Folds_that_would_lack_a_class_and_too_few_folds_are_refused()
    {
        float[] few = [1, 1, 1, .. Enumerable.Repeat(0f, 60)];
        Assert.Equal("evaluate.fold-one-class", new StratifiedFolds(5, 1).Deal(Rows(few), few).Problem?.Code);
        Assert.Equal("evaluate.too-few-folds", new StratifiedFolds(1, 1).Deal(Rows(Rare), Rare).Problem?.Code);
    }

    internal static int[] Rows(float[] y) => [.. Enumerable.Range(0, y.Length)];
}
