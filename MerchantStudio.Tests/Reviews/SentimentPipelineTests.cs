using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Reviews;
using MerchantStudio.Tests.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Reviews;

public sealed class SentimentPipelineTests : IAsyncDisposable
{
    private readonly WarehouseWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_review_with_text_is_scored_and_the_held_out_figures_beat_the_majority()
    {
        await FillAsync(stars: at => at % 3 == 2 ? 3 : at % 3 == 0 ? 5 : 1, dated: true);
        await RunAsync("insert into reviews (review_id, rating, import_id, source_line) values ('no text', 4, 2, 1)");
        var report = (await RunPipelineAsync()).Value;
        Assert.Equal("time", report.Split);
        Assert.Equal("stars", report.LabelledBy);
        Assert.Equal((240, 1), (report.Reviews, report.WithoutText));
        Assert.True(report.Metrics.MacroF1 > report.Majority.MacroF1 + 0.3, $"{report.Metrics.MacroF1}");
        Assert.Equal(240, await _world.ScalarAsync<long>("select count(*) from next_review_scores"));
        Assert.Equal(0, await _world.ScalarAsync<long>("select count(*) from next_review_scores where score not between -1 and 1 or abs(p_negative + p_neutral + p_positive - 1) > 1e-6"));
    }

    [Fact]
    public async Task Without_dates_products_and_shoppers_it_still_learns_on_a_split_by_text()
    {
        await FillAsync(stars: at => at % 3 == 2 ? 3 : at % 3 == 0 ? 5 : 1, dated: false);
        var report = (await RunPipelineAsync()).Value;
        Assert.Equal("hash", report.Split);
        Assert.Null(report.TestFrom);
    }

    [Fact]
    public async Task The_newest_reviews_test_and_repeated_texts_never_stand_on_both_sides()
    {
        await FillAsync(stars: at => at % 3 == 2 ? 3 : at % 3 == 0 ? 5 : 1, dated: true);
        await RunAsync("insert into reviews (text, rating, ts, import_id, source_line) select text, rating, ts + interval 400 day, 3, source_line from reviews where source_line <= 30");
        var report = (await RunPipelineAsync()).Value;
        Assert.Equal(270, report.TrainingReviews + report.TestReviews);
        Assert.True(report.TestReviews < 54, "the thirty repeats are known to the training side and must not test");
    }

    [Fact]
    public async Task All_five_stars_say_what_is_missing()
    {
        await FillAsync(stars: _ => 5, dated: true);
        var problem = (await RunPipelineAsync()).Problem;
        Assert.Equal("reviews.one-class", problem?.Code);
        Assert.Equal(0, await _world.ScalarAsync<long>("select count(*) from next_review_scores"));
    }

    [Fact]
    public async Task No_reviews_no_stars_and_too_few_are_each_said()
    {
        Assert.Equal("reviews.none", (await RunPipelineAsync()).Problem?.Code);
        await RunAsync("insert into reviews (text, import_id, source_line) values ('fine', 1, 1), ('bad', 1, 2)");
        Assert.Equal("reviews.no-labels", (await RunPipelineAsync()).Problem?.Code);
        await RunAsync("update reviews set rating = source_line * 2");
        Assert.Equal("reviews.too-few", (await RunPipelineAsync()).Problem?.Code);
    }

    [Fact]
    public async Task Labels_come_before_stars()
    {
        await FillAsync(stars: _ => 5, dated: false);
        await RunAsync("update reviews set label = case source_line % 3 when 1 then 'positive' when 2 then 'negative' else 'neutral' end");
        Assert.Equal("labels", (await RunPipelineAsync()).Value.LabelledBy);
    }

    [Fact]
    public async Task Script_in_a_review_stays_text()
    {
        await FillAsync(stars: at => at % 3 == 2 ? 3 : at % 3 == 0 ? 5 : 1, dated: false);
        await RunAsync("insert into reviews (text, rating, import_id, source_line) values ('<script>window.__xss=1</script> awful'';drop table reviews;--', 1, 7, 1)");
        await RunPipelineAsync(commit: true);
        Assert.Equal(241, await _world.ScalarAsync<long>("select count(*) from reviews"));
        Assert.Equal(1, await _world.ScalarAsync<long>("select count(*) from next_review_scores where import_id = 7 and words not like '%<%'"));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private Task RunAsync(string sql) => _world.RunAsync(sql);

    private async Task<Outcome<SentimentReport>> RunPipelineAsync(bool commit = true)
    {
        var pipeline = new SentimentPipeline(new ModelStore(_world.Paths), TimeProvider.System);
        await using var session = await (await _world.OpenAsync()).BeginAsync(Token);
        var outcome = await pipeline.RunAsync(session, null, 1, null, Token);
        if (commit) await session.CommitAsync(Token);
        return outcome;
    }

    private async Task FillAsync(Func<int, int> stars, bool dated)
    {
        var reviews = SentimentModelTests.World();
        var day = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var rows = reviews.Select((review, at) =>
            $"('{review.Text}', {stars(at)}, {(dated ? $"timestamp '{day.AddDays(at):yyyy-MM-dd}'" : "null")}, 1, {at + 1})");
        await RunAsync($"insert into reviews (text, rating, ts, import_id, source_line) values {string.Join(", ", rows)}");
    }
}
