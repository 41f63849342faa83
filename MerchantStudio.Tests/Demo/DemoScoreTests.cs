using MerchantStudio.Core.Demo;
using Xunit;

namespace MerchantStudio.Tests.Demo;

public sealed class DemoScoreTests
{
    [Fact]
    public void The_same_groups_under_other_names_agree_fully()
    {
        (string, string)[] pairs = [("1", "a"), ("1", "a"), ("2", "b"), ("2", "b"), ("3", "c")];
        Assert.Equal(1.0, ClusterAgreement.AdjustedRand(pairs), 12);
        Assert.All(ClusterAgreement.Matches(pairs), match => Assert.Equal(match.Shoppers, match.Agreeing));
    }

    /// <summary>The worked example of Hubert and Arabie's index in scikit-learn's documentation.</summary>
    [Fact]
    public void Groups_that_agree_in_part_get_the_published_value()
    {
        (string, string)[] pairs = [("0", "0"), ("0", "0"), ("1", "1"), ("2", "1")];
        Assert.Equal(0.5714285714, ClusterAgreement.AdjustedRand(pairs), 8);
    }

    [Fact]
    public void One_group_for_all_agrees_with_nothing()
    {
        (string, string)[] pairs = [("1", "a"), ("1", "a"), ("1", "b"), ("1", "b")];
        Assert.Equal(0.0, ClusterAgreement.AdjustedRand(pairs), 12);
    }

    [Theory]
    [InlineData("2026-11-22T09:00:00Z", "2026-11-15")]
    [InlineData("2026-11-23T09:00:00Z", "2026-11-22")]
    [InlineData("2031-03-05T23:59:00Z", "2031-03-02")]
    public void The_demo_ends_on_the_sunday_before_it_is_loaded(string now, string lastDay)
    {
        var shift = DemoSource.ShiftDays(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(0, shift % 7);
        Assert.Equal(DateOnly.Parse(lastDay, System.Globalization.CultureInfo.InvariantCulture), new DateOnly(2026, 10, 25).AddDays(shift));
    }

    [Fact]
    public void A_model_as_good_as_the_exact_chances_scores_as_high_as_they_do()
    {
        TrueShopper Shopper(int number, double chance, int? bought) => new($"u{number}", "devoted", "deciding", chance, chance, chance, bought);
        var scored = Enumerable.Range(0, 200).Select(i => (Shopper(i, i / 200.0, i % 3 == 0 && i > 60 ? 2 : null), i / 400.0)).ToArray();
        var score = IntentTruth.Judge(7, [.. scored]);
        Assert.Equal(score.BestAuroc, score.Auroc, 12);
        Assert.Equal(score.BestTopBuyers, score.TopBuyers);
        Assert.Equal(score.ExpectedByTruth / 2, score.ExpectedByModel, 6);
        Assert.All(score.Misses.Where(miss => miss.Bought), miss => Assert.True(miss.Chance > miss.Probability));
    }

    [Fact]
    public async Task A_table_keeps_its_rows_when_its_times_move()
    {
        var token = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("demo-source-");
        try
        {
            var still = Path.Combine(folder.FullName, "still.csv");
            var moved = Path.Combine(folder.FullName, "moved.csv");
            var source = new DemoSource(SampleData.Folder);
            await source.WriteCsvAsync("reviews", still, 0, token);
            await source.WriteCsvAsync("reviews", moved, 7, token);
            var before = await File.ReadAllLinesAsync(still, token);
            var after = await File.ReadAllLinesAsync(moved, token);
            Assert.Equal(before.Length, after.Length);
            Assert.Equal(before[0], after[0]);
            var day = DateTimeOffset.Parse(before[1].Split(',')[3], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(day.AddDays(7), DateTimeOffset.Parse(after[1].Split(',')[3], System.Globalization.CultureInfo.InvariantCulture));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
