using MerchantStudio.Core.Learning;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class CounterfactualsTests
{
    private static readonly ChangeableColumn Week = new(0, 0, 10, 1, [new(1, ConsequenceKind.Along)]);
    private static readonly ChangeableColumn Basket = new(2, 0, 20, 1, []);

    [Fact]
    public void The_smallest_change_that_crosses_is_given_and_it_does_cross()
    {
        var found = Shopper(2, 3, 5).Crossing(0.5, 3);
        Assert.Equal([new ColumnChange(0, 2, 4)], found[0].Changes);   // chance (week + basket / 4) / 10: 2 more in the week, or more in the basket than there is room for
        Assert.Equal(0.525, found[0].Chance, 6);
        Assert.Equal(0.525, Shopper(2, 3, 5).Chance(found[0].Changes), 6);
    }

    [Fact]
    public void Where_no_column_can_do_it_alone_two_do_together()
    {
        var found = Assert.Single(Shopper(2, 3, 5).Crossing(1.2, 3));
        Assert.Equal(2, found.Changes.Length);
        Assert.InRange(found.Chance, 1.2, 1.5);
        Assert.Empty(Shopper(2, 3, 5).Crossing(9, 3));
    }

    [Fact]
    public void From_above_it_says_what_would_bring_the_chance_below() =>
        Assert.All(Shopper(8, 9, 5).Crossing(0.5, 3), found => Assert.InRange(found.Chance, 0, 0.4999));

    [Fact]
    public void Counts_of_longer_times_go_along()
    {
        var seen = default(FeatureMatrix);
        new Counterfactuals(x => Kept(x, ref seen), Row(2, 3, 5), [Week, Basket]).Chance([new ColumnChange(0, 2, 6)]);
        Assert.Equal([6f, 7f, 5f], new[] { seen![0, 0], seen[0, 1], seen[0, 2] });
        new Counterfactuals(x => Kept(x, ref seen), Row(5, 3, 5), [Week, Basket]).Chance([new ColumnChange(0, 5, 0)]);
        Assert.Equal(0, seen[0, 1]);   // never below nothing
    }

    [Theory]
    [InlineData(ConsequenceKind.AtMost, 168, 2, 3, 3800, 168)]      // more in the week: seen within 168 hours
    [InlineData(ConsequenceKind.AtMost, 168, 2, 3, float.NaN, 168)]
    [InlineData(ConsequenceKind.AtMost, 168, 3, 2, 3800, 3800)]     // less of it says nothing about when she was seen
    [InlineData(ConsequenceKind.AtMostTimes, 24, 160, 5, 3800, 120)]
    [InlineData(ConsequenceKind.AtMostTimes, 24, 160, 170, 3800, 3800)]
    [InlineData(ConsequenceKind.AtLeastTimes, 0.5f, 10, 100, 20, 50)]
    [InlineData(ConsequenceKind.AtLeastTimes, 0.5f, 10, 100, float.NaN, float.NaN)]
    public void What_follows_from_a_change_changes_too(ConsequenceKind kind, float number, float from, float to, float value, float expected) =>
        Assert.Equal(expected, new Consequence(1, kind, number).Apply(value, new ColumnChange(0, from, to)));

    [Fact]
    public void The_column_that_moves_the_chance_most_comes_first_and_a_missing_value_is_not_moved()
    {
        Assert.Equal([0, 2], Shopper(2, 3, 5).Spreads().Select(pair => pair.Column.Column));
        Assert.Equal([2], Shopper(float.NaN, 3, 5).Spreads().Select(pair => pair.Column.Column));
    }

    private static Counterfactuals Shopper(float week, float month, float basket) => new(Chances, Row(week, month, basket), [Week, Basket]);

    private static FeatureMatrix Row(float week, float month, float basket) => new([new("week"), new("month"), new("basket")], 1, [week, month, basket]);

    private static float[] Chances(FeatureMatrix x) => [.. Enumerable.Range(0, x.Rows).Select(row => ((float.IsNaN(x[row, 0]) ? 0 : x[row, 0]) + (x[row, 2] / 4)) / 10)];

    private static float[] Kept(FeatureMatrix x, ref FeatureMatrix? seen)
    {
        seen = x;
        return Chances(x);
    }
}
