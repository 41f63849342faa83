using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Reviews;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Reviews;

public sealed class ReviewReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shares_trend_products_and_shoppers_are_those_of_the_scored_reviews()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        await FillAsync(studio, scope, dated: true, others: true);
        var overview = (await studio.Get<ReviewReader>().ReadAsync(scope, new ReviewSpan(28), Token)).Value;
        Assert.Equal(28, overview.Now.Reviews);
        Assert.Equal(28, overview.Before!.Reviews);
        Assert.Equal(new DateOnly(2026, 4, 29), overview.To);
        Assert.True(overview.Trend!.Points.Length > 15);
        Assert.Equal(0.25, overview.Trend.Usual, 1);
        Assert.Equal("P1", overview.Worst?.ItemId);
        Assert.All(overview.WorstQuotes, quote => Assert.Equal(Sentiment.Negative, quote.Sentiment));
        Assert.Equal("Duvet", overview.Products.Single(product => product.ItemId == "P1").Name);
        Assert.NotEmpty(overview.Shoppers);
        Assert.Equal(1, overview.Waiting);
    }

    [Fact]
    public async Task Without_dates_products_and_shoppers_only_the_shares_are_left()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        await FillAsync(studio, scope, dated: false, others: false);
        var overview = (await studio.Get<ReviewReader>().ReadAsync(scope, new ReviewSpan(28), Token)).Value;
        Assert.Equal(120, overview.Now.Reviews);
        Assert.Null(overview.Trend);
        Assert.Null(overview.Before);
        Assert.Null(overview.Worst);
        Assert.Empty(overview.Products);
        Assert.Empty(overview.Shoppers);
    }

    [Fact]
    public async Task The_list_filters_orders_and_pages()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        await FillAsync(studio, scope, dated: true, others: true);
        var reader = studio.Get<ReviewReader>();
        var bad = (await reader.ListAsync(scope, new ReviewFilter(Sentiment.Negative), ReviewOrder.MostNegative, 0, 10, Token)).Value;
        Assert.Equal((30, 10), (bad.Total, bad.Rows.Length));
        Assert.Equal(2, bad.Rows[0].Words.Length);
        Assert.Equal(30, (await reader.ListAsync(scope, new ReviewFilter(ItemId: "P1"), ReviewOrder.Newest, 0, 99, Token)).Value.Total);
        Assert.Equal(1, (await reader.ListAsync(scope, new ReviewFilter(Search: "TEXT 77 "), ReviewOrder.Newest, 0, 9, Token)).Value.Total);
        Assert.Equal(0, (await reader.ListAsync(scope, new ReviewFilter(Disagree: true), ReviewOrder.Newest, 0, 9, Token)).Value.Total);
    }

    [Fact]
    public async Task Before_the_first_run_it_says_what_to_do()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        Assert.Equal("reviews.nothing-scored", (await studio.Get<ReviewReader>().ReadAsync(scope, new ReviewSpan(28), Token)).Problem?.Code);
        var support = scope with { Actor = new Actor("Sam", null, Role.Support) };
        Assert.Equal("access.refused", (await studio.Get<ReviewReader>().ReadAsync(support, ReviewSpan.All, Token)).Problem?.Code);
    }

    /// <summary>120 reviews, one a day; every fourth is negative and of product P1.</summary>
    internal static async Task FillAsync(TemporaryStudio studio, WorkspaceScope scope, bool dated, bool others)
    {
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Token);
        await using var session = await warehouse.BeginAsync(Token);
        await session.ExecuteAsync(
            $"""
            insert into reviews (review_id, user_id, item_id, ts, rating, text, import_id, source_line)
            select 'r' || i, {(others ? "'u' || (i % 10)" : "null")}, {(others ? "'P' || (i % 4 + 1)" : "null")}, {(dated ? "timestamp '2025-12-31 12:00:00' + to_days(cast(i as integer))" : "null")},
                   case when i % 4 = 0 then 1 else 5 end, 'text ' || i || ' here', 1, i from range(120) t(i);
            create table review_scores as
            select import_id, source_line, case when rating = 1 then 'negative' else 'positive' end as sentiment, (rating - 3) / 2.0 - source_line / 10000.0 as score,
                   0.1 as p_negative, 0.1 as p_neutral, 0.8 as p_positive, 'en' as language, '[{JsonWord(0)},{JsonWord(5)}]' as words from reviews;
            insert into reviews (text, import_id, source_line) values ('came later', 2, 1);
            insert into products (item_id, name) values ('P1', 'Duvet');
            """, [], Token);
        await session.CommitAsync(Token);
    }

    private static string JsonWord(int start) => $$"""{"start":{{start}},"length":4,"weight":0.5}""";
}
