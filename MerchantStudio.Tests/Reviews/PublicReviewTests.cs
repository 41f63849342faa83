using MerchantStudio.Commands;
using MerchantStudio.Core.Reviews;
using Xunit;

namespace MerchantStudio.Tests.Reviews;

public sealed class PublicReviewTests
{
    [Fact]
    public async Task Clothing_reviews_are_read_as_negative_neutral_and_positive()
    {
        var table = await ReadAsync("womens-clothing-reviews/womens_clothing_reviews.csv.gz", "Review Text", "Rating");
        var report = Run(table, byStars: true);
        Assert.Equal((23_486, 845), (report.Rows, report.LeftOut));
        Assert.InRange(MacroF1(report, ReviewEvaluation.OrdinalModel), 0.655, 0.75);
        Assert.InRange(MacroF1(report, ReviewEvaluation.MajorityModel), 0.25, 0.35);
    }

    /// <remarks>Every fifth record of the file, on both sides alike, so that the suite stays quick; docs/benchmarks has the whole.</remarks>
    [Fact]
    public async Task Chinese_reviews_are_told_apart()
    {
        var whole = await ReadAsync("online-shopping-10-cats/online_shopping_10_cats.csv.gz", "review", "label");
        var report = Run(new ReviewTable([.. Fifth(whole.Texts)], [.. Fifth(whole.Ratings)]), byStars: false);
        Assert.Equal(62_774, whole.Texts.Count);
        Assert.InRange(report.Models.Single(model => model.Model == ReviewEvaluation.OrdinalModel).Metrics.Accuracy, 0.90, 0.96);
    }

    private static async Task<ReviewTable> ReadAsync(string path, string text, string rating) =>
        (await EvaluateReviewsCommand.ReadAsync(PublicData.Find(path), null, text, rating, TestContext.Current.CancellationToken)).Value;

    private static ReviewEvaluationReport Run(ReviewTable table, bool byStars) =>
        ReviewEvaluation.Run(table, new ReviewQuestion(byStars, SentimentBounds.Default, 1, []), TimeProvider.System, null, TestContext.Current.CancellationToken).Value;

    private static double MacroF1(ReviewEvaluationReport report, string model) => report.Models.Single(found => found.Model == model).Metrics.MacroF1;

    private static IEnumerable<string> Fifth(IReadOnlyList<string> all) => all.Where((_, at) => at % 5 == 0);
}
