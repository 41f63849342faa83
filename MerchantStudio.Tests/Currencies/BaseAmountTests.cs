using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Features;
using Xunit;

namespace MerchantStudio.Tests.Currencies;

/// <summary>Amounts in the shop's own money, checked against .NET's exact decimals.</summary>
public sealed class BaseAmountTests : IAsyncDisposable
{
    private readonly ShopWorld _shop = new();
    private int _line;

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_line_takes_the_rate_of_its_day_and_is_rounded_once_half_to_even()
    {
        await RatesAsync(false, ("USD", "2026-06-01", "0.9137"), ("SEK", "2026-06-01", "0.5"));
        await SaleAsync("USD", 19.99m, 3);
        await SaleAsync("SEK", 0.01m, 1);
        await SaleAsync("SEK", 0.03m, 1);
        await SaleAsync("SEK", 0.05m, 1);
        await SaleAsync(" sek ", 10m, 2, discount: 0.03m);
        await SaleAsync("EUR", 0.333m, 1);
        await SaleAsync(null, 0.111m, 2);
        await CleanAsync();
        Assert.Equal("54.7900,0.0000,0.0200,0.0200,10.0000,0.3330,0.2220", await ColumnAsync("amount"));
        Assert.Equal(0.02m, await _shop.ScalarAsync<decimal>("select discount from next_clean_events where source_line = 5"));
        Assert.Equal("59.9700,0.0100,0.0300,0.0500,19.9700,0.3330,0.2220", await ColumnAsync("original"));
        Assert.Equal("USD,SEK,SEK,SEK,SEK,EUR,EUR", await ColumnAsync("currency"));
    }

    [Theory]
    [InlineData("EUR")]
    [InlineData("JPY")]
    [InlineData("KWD")]
    public async Task Conversions_are_exact_in_both_directions_whatever_the_minor_unit(string baseCurrency)
    {
        var random = new SeededRandom(7);
        decimal Next(int digits, int scale) => decimal.Round((decimal)random.NextDouble() * (decimal)Math.Pow(10, digits), scale) + 0.0001m;
        var direct = Next(3, 9);
        var inverse = Next(2, 9);
        await RatesAsync(false, ("USD", "2026-06-01", direct.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await RatesAsync(true, ("SEK", "2026-06-01", inverse.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var expected = new List<decimal>();
        for (var i = 0; i < 1000; i++)
        {
            var (price, quantity, perBase) = (Next(1 + (i % 8), i % 5), 1 + (i % 7), i % 2 == 0);
            await AddAsync(perBase ? "SEK" : "USD", price, quantity);
            var exact = perBase ? price * quantity / inverse : price * quantity * direct;
            expected.Add(decimal.Round(exact, Money.Decimals(baseCurrency), MidpointRounding.ToEven));
        }

        await FlushAsync();
        await CleanAsync(baseCurrency);
        Assert.Equal(string.Join(',', expected.Select(amount => amount.ToString("F4", System.Globalization.CultureInfo.InvariantCulture))), await ColumnAsync("amount"));
    }

    [Fact]
    public async Task The_day_of_a_rate_is_the_shops_day_and_not_that_of_UTC()
    {
        await RatesAsync(false, ("USD", "2026-05-31", "0.5"), ("USD", "2026-06-01", "2"));
        await SaleAsync("USD", 10m, 1, at: "2026-05-31 21:59:59");
        await SaleAsync("USD", 10m, 1, at: "2026-05-31 22:00:00");
        await CleanAsync();
        Assert.Equal("5.0000,20.0000", await ColumnAsync("amount"));
    }

    [Fact]
    public async Task A_sale_without_a_rate_stays_a_sale_but_has_no_money_and_is_named_with_its_day()
    {
        await RatesAsync(false, ("USD", "2026-06-01", "0.5"));
        await SaleAsync("USD", 10m, 1, at: "2026-05-20 10:00");
        await SaleAsync("USD", 10m, 1);
        await SaleAsync("CHF", 7m, 1);
        await SaleAsync("EUR", 3m, 1);
        var report = await CleanAsync();
        Assert.Equal(new SalesCount(2, 1, 8m), report.Sales);
        Assert.Equal(
            [new CurrencyTotal("EUR", 1, 3m, 3m, 0), new CurrencyTotal("CHF", 1, 7m, 0m, 1), new CurrencyTotal("USD", 2, 20m, 5m, 1)],
            report.Money!.Currencies);
        Assert.Equal([("CHF", new DateOnly(2026, 6, 1), 1L), ("USD", new DateOnly(2026, 5, 20), 1L)], report.Money.Missing.Select(missing => (missing.Currency, missing.Days.Single(), missing.Lines)));
        Assert.Equal(4, await _shop.ScalarAsync<long>("select count(*) from next_paid_orders"));
        Assert.Equal(2, await _shop.ScalarAsync<long>("select count(*) from next_paid_orders where has_price"));
        Assert.Equal(8m, await _shop.ScalarAsync<decimal>("select sum(net) from next_user_daily"));
        Assert.Equal(4, report.Kept);
    }

    [Theory]
    [InlineData(0, "5.0000,,,,")]
    [InlineData(2, "5.0000,5.0000,5.0000,,")]
    [InlineData(4, "5.0000,5.0000,5.0000,5.0000,")]
    public async Task A_rate_stays_in_force_for_as_many_days_as_the_shop_has_set_and_no_longer(int hold, string amounts)
    {
        await RatesAsync(false, ("USD", "2026-06-05", "0.5"), ("USD", "2026-06-20", "9"));
        foreach (var day in (string[])["05", "06", "07", "09", "10"]) await SaleAsync("USD", 10m, 1, at: $"2026-06-{day} 10:00");
        await CleanAsync(hold: hold);
        Assert.Equal(amounts, await ColumnAsync("amount"));
    }

    [Fact]
    public async Task A_refund_without_a_rate_does_not_take_its_whole_order_back()
    {
        await RatesAsync(false, ("USD", "2026-06-01", "0.5"));
        await SaleAsync("USD", 10m, 2);
        await AddAsync("USD", 4m, 1, at: "2026-06-20 10:00", type: "refund", order: "o1");
        await FlushAsync();
        await CleanAsync();
        Assert.Equal(0m, await _shop.ScalarAsync<decimal>("select sum(refunded) from next_paid_orders"));
    }

    [Fact]
    public async Task Spend_in_features_is_base_money()
    {
        await RatesAsync(false, ("USD", "2026-06-01", "0.5"));
        await SaleAsync("USD", 10m, 2);
        await SaleAsync("EUR", 3m, 1);
        await CleanAsync();
        var features = await _shop.FeaturesAsync(new DateTimeOffset(2026, 6, 10, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(13, ShopWorld.Value(features, "ann", "spend_all"), 6);
    }

    private readonly List<string> _rows = [];

    private Task AddAsync(string? currency, decimal price, int quantity, string at = "2026-06-01 10:00", decimal? discount = null, string type = "purchase", string? order = null)
    {
        _line++;
        _rows.Add(FormattableString.Invariant(
            $"('ann', timestamp '{(at.Length > 16 ? at : at + ":00")}', '{type}', 'cup', {price}, {quantity}, {(discount is { } off ? FormattableString.Invariant($"{off}") : "null")}, '{order ?? $"o{_line}"}', {(currency is null ? "null" : $"'{currency}'")}, 1, {_line})"));
        return Task.CompletedTask;
    }

    private async Task SaleAsync(string? currency, decimal price, int quantity, string at = "2026-06-01 10:00", decimal? discount = null)
    {
        await AddAsync(currency, price, quantity, at, discount);
        await FlushAsync();
    }

    private async Task FlushAsync()
    {
        await _shop.RunAsync($"insert into events(user_id, ts, event_type, item_id, price, quantity, discount, order_id, currency, import_id, source_line) values {string.Join(", ", _rows)}");
        _rows.Clear();
    }

    private Task RatesAsync(bool perBase, params (string Currency, string Day, string Rate)[] rates) =>
        _shop.RunAsync($"insert into fx_rates values {string.Join(", ", rates.Select(rate => $"('{rate.Currency}', date '{rate.Day}', {rate.Rate}, {(perBase ? "true" : "false")})"))}");

    private Task<CleaningReport> CleanAsync(string baseCurrency = "EUR", int hold = 0) =>
        _shop.CleanAsync(CleaningSettings.Default with { Money = new ShopMoney(baseCurrency, "Europe/Vienna", hold) }, "Europe/Vienna");

    private async Task<string?> ColumnAsync(string column) =>
        await _shop.ScalarAsync<string>($"select string_agg(coalesce(cast({column} as varchar), ''), ',' order by source_line) from next_clean_events where event_type = 'purchase'");
}
