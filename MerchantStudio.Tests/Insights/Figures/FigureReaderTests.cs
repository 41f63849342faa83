using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Sessions;
using MerchantStudio.Core.Insights.Figures;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Insights.Figures;

/// <summary>Two weeks of a tiny tea shop in Berlin; the period is the second week, 8 to 14 June.</summary>
public sealed class FigureReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 20, 0, 0, 0, TimeSpan.Zero);
    private static readonly PeriodChoice Week = PeriodChoice.Between(new DateOnly(2026, 6, 8), new DateOnly(2026, 6, 14));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Net_revenue_is_what_was_sold_less_discounts_and_the_refunds_of_those_days()
    {
        var figures = await ReadAsync(Priced);

        var revenue = Find(figures, "net_revenue");
        Assert.Equal(30 + 18 + 10 - 5, revenue.Value);
        Assert.Equal(20, revenue.Former);
        Assert.Equal([0, 30, 18, 10, 0, -5, 0], revenue.Daily);
        Assert.Equal(5 / 58d, Find(figures, "refund_rate").Value!.Value, 9);
        Assert.False(Find(figures, "refund_rate").MoreIsBetter);
    }

    [Fact]
    public async Task An_order_late_in_the_evening_counts_on_the_stores_day_and_not_on_that_of_UTC()
    {
        var figures = await ReadAsync(Priced);

        Assert.Equal(new DateOnly(2026, 6, 10), figures.Days[2]);
        Assert.Equal(1, Find(figures, "orders").Daily[2]);
    }

    [Fact]
    public async Task Conversion_is_sessions_with_a_purchase_of_all_sessions_and_repeat_rate_is_over_buyers()
    {
        var figures = await ReadAsync(Priced);

        Assert.Equal((3, 5), (Find(figures, "conversion").Part, Find(figures, "conversion").Whole));
        Assert.Equal((1, 2), (Find(figures, "repeat_rate").Part, Find(figures, "repeat_rate").Whole));
        Assert.Equal(58 / 3d, Find(figures, "average_order").Value!.Value, 9);
    }

    [Fact]
    public async Task The_change_is_split_into_returning_and_new_customers_and_refunds()
    {
        var figures = await ReadAsync(Priced);

        Assert.Equal(
            [new Driver("returning", 48, 0), new Driver("new", 10, 20), new Driver("refunds", -5, 0)],
            figures.Drivers);
        Assert.Equal(figures.Figures[0].Value - figures.Figures[0].Former, figures.Drivers.Sum(driver => driver.Change));
    }

    [Fact]
    public async Task Without_prices_the_figures_are_counts_and_no_money_is_invented()
    {
        var figures = await ReadAsync("""
            ('ann', timestamp '2026-06-02 09:00:00', 'view', 'tea', null, null, null, null),
            ('ann', timestamp '2026-06-09 09:00:00', 'purchase', 'tea', null, null, null, null)
            """);

        Assert.False(figures.HasPrices);
        Assert.DoesNotContain(figures.Figures, figure => figure.Unit == FigureUnit.Money);
        Assert.Equal(1, Find(figures, "orders").Value);
        Assert.Empty(figures.Drivers);
        Assert.Equal([new ProductMove("tea", null, 1, 0)], figures.Products);
    }

    [Fact]
    public async Task Sales_in_other_currencies_count_in_base_money_and_stand_beside_as_paid()
    {
        var figures = await ReadAsync("""
            ('ann', timestamp '2026-06-09 09:00:00', 'purchase', 'tea', 10, 2, 1, 'o1', 'USD'),
            ('ann', timestamp '2026-06-10 09:00:00', 'refund', 'tea', 4, 1, null, 'o1', 'USD'),
            ('bob', timestamp '2026-06-10 09:00:00', 'purchase', 'tea', 10, 1, null, 'o2', null),
            ('bob', timestamp '2026-06-11 09:00:00', 'purchase', 'tea', 7, 1, null, 'o3', 'CHF')
            """, ", currency");

        Assert.Equal(10 - 0.5 - 2 + 10, Find(figures, "net_revenue").Value);
        Assert.Equal(3, Find(figures, "orders").Value);
        Assert.Equal((10 - 0.5 + 10) / 2, Find(figures, "average_order").Value);
        Assert.Equal(("EUR", "Europe/Berlin", 1L), (figures.Money.Currency, figures.Money.TimeZone, figures.Money.WithoutRate));
        Assert.Equal(
            [new CurrencyTotal("EUR", 1, 10m, 10m, 0), new CurrencyTotal("CHF", 1, 7m, 0m, 1), new CurrencyTotal("USD", 2, 15m, 7.5m, 0)],
            figures.Money.Currencies);
    }

    [Fact]
    public async Task Sales_alone_say_nothing_about_conversion()
    {
        var figures = await ReadAsync("('ann', timestamp '2026-06-09 09:00:00', 'purchase', 'tea', 4, 1, null, 'o1')");

        Assert.DoesNotContain(figures.Figures, figure => figure.Key == "conversion");
    }

    [Fact]
    public async Task Before_the_first_run_there_are_no_figures_and_the_problem_says_what_to_do()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();

        var read = await studio.Get<FigureReader>().ReadAsync(scope, PeriodChoice.Default, Token);

        Assert.IsType<NoFiguresYet>(read.Problem);
    }

    [Fact]
    public async Task Whoever_may_only_look_up_customers_reads_no_figures()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync(role: Role.Support);

        Assert.IsType<AccessRefused>((await studio.Get<FigureReader>().ReadAsync(scope, PeriodChoice.Default, Token)).Problem);
    }

    [Theory]
    [InlineData(null, "28d")]
    [InlineData("nonsense", "28d")]
    [InlineData("7d", "7d")]
    [InlineData("2026-06-08..2026-06-14", "2026-06-08..2026-06-14")]
    [InlineData("2026-06-14..2026-06-08", "28d")]
    public void An_address_typed_by_hand_never_breaks_a_page(string? text, string key) => Assert.Equal(key, PeriodChoice.Parse(text).Key);

    /// <summary>user, time (UTC), event, product, price, quantity, discount, order. Ann's second order is at 00:30 on the 10th in Berlin.</summary>
    private const string Priced = """
        ('ann', timestamp '2026-06-02 09:00:00', 'view', 'tea', null, null, null, null),
        ('ann', timestamp '2026-06-02 09:05:00', 'purchase', 'tea', 10, 2, null, 'o1'),
        ('ann', timestamp '2026-06-09 09:00:00', 'purchase', 'tea', 10, 3, null, 'o2'),
        ('ann', timestamp '2026-06-09 22:30:00', 'purchase', 'pot', 20, 1, 2, 'o3'),
        ('bob', timestamp '2026-06-11 09:00:00', 'purchase', 'tea', 10, 1, null, 'o4'),
        ('cy', timestamp '2026-06-12 09:00:00', 'view', 'pot', null, null, null, null),
        ('bob', timestamp '2026-06-13 09:00:00', 'refund', 'tea', 5, 1, null, 'o4')
        """;

    private static Figure Find(ShopFigures figures, string key) => figures.Figures.Single(figure => figure.Key == key);

    private static async Task<ShopFigures> ReadAsync(string rows, string more = "")
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Token);
        await using (var session = await warehouse.BeginAsync(Token))
        {
            await session.ExecuteAsync(
                $"insert into events(user_id, ts, event_type, item_id, price, quantity, discount, order_id{more}, import_id, source_line) select *, 1, row_number() over () from (values {rows})", [], Token);
            await session.ExecuteAsync("insert into fx_rates values ('USD', date '2026-06-09', 0.5, false)", [], Token);
            await EventCleaner.RunAsync(session, CleaningSettings.Default with { Money = new ShopMoney("EUR", "Europe/Berlin", 1) }, Now, Token);
            await Sessionizer.RunAsync(session, "Europe/Berlin", Token);
            await session.CommitAsync(Token);
        }

        await warehouse.PublishAsync(["clean_events", .. Sessionizer.Tables], Token);
        var read = await studio.Get<FigureReader>().ReadAsync(scope, Week, Token);
        Assert.Null(read.Problem);
        return read.Value;
    }
}
