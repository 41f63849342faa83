using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Currencies;

/// <summary>A shop in Berlin that counts in euros.</summary>
public sealed class ExchangeRateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("date,currency,rate\n2026-06-01,USD,0.92\n2026-06-02,usd,0.93\n2026-06-02,CHF,1.05")]
    [InlineData("Currency;Rate;Date\nUSD;0,92;01.06.2026\nUSD;0,93;2.6.2026\nCHF;1,05;2026-06-02")]
    [InlineData("2026/06/01\tUSD\t0.92\n2026/06/02\tUSD\t0.93\n20260602\tCHF\t1.05\n")]
    [InlineData("\uFEFF日期,币种,汇率\r\n2026-06-01,USD,0.92\r\n2026-06-02,USD,0.93\r\n2026-06-02,CHF,1.05\r\n")]
    [InlineData("Date, USD, CHF, \n1 June 2026, 0.92, N/A, \n02 June 2026, 0.93, 1.05, ")]
    public async Task Files_in_either_shape_give_the_same_rates_and_the_same_file_again_changes_nothing(string text)
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        var rates = studio.Get<ExchangeRates>();
        var first = (await rates.UploadAsync(scope, text, RateQuoting.PerUnit, Token)).Value;
        Assert.Equal((3, 3, 0, 0), (first.Read, first.New, first.Changed, first.Unchanged));
        Assert.Empty(first.Faults);
        var again = (await rates.UploadAsync(scope, text, RateQuoting.PerUnit, Token)).Value;
        Assert.Equal((3, 0, 0, 3), (again.Read, again.New, again.Changed, again.Unchanged));
        var held = (await rates.ReadAsync(scope, Token)).Value;
        Assert.Equal(
            [new CurrencyRates("CHF", 1, new DateOnly(2026, 6, 2), new DateOnly(2026, 6, 2), 1.05m, RateQuoting.PerUnit), new CurrencyRates("USD", 2, new DateOnly(2026, 6, 1), new DateOnly(2026, 6, 2), 0.93m, RateQuoting.PerUnit)],
            held.Held);
        Assert.Equal(RateQuoting.PerUnit, held.Settings.Quoting);
    }

    [Fact]
    public async Task Lines_that_cannot_be_read_are_named_and_every_line_is_accounted_for()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        var uploaded = (await studio.Get<ExchangeRates>().UploadAsync(scope,
            "date,currency,rate\n2026-06-01,USD,0.92\n06/07/2026,USD,0.92\n2026-06-02,Dollar,1\n2026-06-02,USD,0\n2026-06-02,USD,-1\n2026-06-02,EUR,1\n2026-06-03,USD\n2026-06-04,USD,0.919963201471941", RateQuoting.PerUnit, Token)).Value;
        Assert.Equal([(3, "date"), (4, "currency"), (5, "rate"), (6, "rate"), (7, "base"), (8, "columns")], uploaded.Faults.Select(fault => (fault.Line, fault.Reason)));
        Assert.Equal(uploaded.Read, uploaded.New + uploaded.Changed + uploaded.Unchanged + uploaded.Faults.Length);
        Assert.Equal(2, uploaded.New);
    }

    [Fact]
    public async Task A_file_without_any_rate_and_a_rate_that_cannot_be_are_refused()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        var rates = studio.Get<ExchangeRates>();
        Assert.Equal("currencies.no-rates", (await rates.UploadAsync(scope, "hello\nworld", RateQuoting.PerUnit, Token)).Problem!.Code);
        Assert.Equal("currencies.rate-invalid", (await rates.SetAsync(scope, new DayRate(new DateOnly(2026, 6, 1), "USD", 0), RateQuoting.PerUnit, Token)).Problem!.Code);
        Assert.Equal("currencies.base-currency", (await rates.SetAsync(scope, new DayRate(new DateOnly(2026, 6, 1), "EUR", 1), RateQuoting.PerUnit, Token)).Problem!.Code);
        Assert.Equal("workspace.currency-unknown", (await rates.SetAsync(scope, new DayRate(new DateOnly(2026, 6, 1), "usd", 1), RateQuoting.PerUnit, Token)).Problem!.Code);
        Assert.Equal("currencies.hold-invalid", (await rates.HoldAsync(scope, 32, Token)).Problem!.Code);
        var viewer = scope with { Actor = scope.Actor with { Role = Role.Analyst } };
        Assert.IsType<AccessRefused>((await rates.SetAsync(viewer, new DayRate(new DateOnly(2026, 6, 1), "USD", 1), RateQuoting.PerUnit, Token)).Problem);
    }

    [Fact]
    public async Task The_days_that_sales_have_no_rate_for_are_listed_until_it_is_given_and_everything_is_in_the_audit_trail()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Token);
        await using (var session = await warehouse.BeginAsync(Token))
        {
            await session.ExecuteAsync(
                """
                insert into events(user_id, ts, event_type, price, currency) values
                    ('a', timestamp '2026-06-01 22:30:00', 'purchase', 1, 'USD'), ('a', timestamp '2026-06-05 10:00:00', 'purchase', 1, 'USD'), ('a', timestamp '2026-06-05 11:00:00', 'refund', 1, ' usd'),
                    ('a', timestamp '2026-06-05 10:00:00', 'purchase', 1, 'EUR'), ('a', timestamp '2026-06-05 10:00:00', 'view', 1, 'CHF'), ('a', timestamp '2026-06-05 10:00:00', 'purchase', null, 'CHF')
                """, [], Token);
            await session.CommitAsync(Token);
        }

        var rates = studio.Get<ExchangeRates>();
        var missing = Assert.Single((await rates.ReadAsync(scope, Token)).Value.Missing);
        Assert.Equal(("USD", 3L), (missing.Currency, missing.Lines));
        Assert.Equal([new DateOnly(2026, 6, 2), new DateOnly(2026, 6, 5)], missing.Days);

        Assert.True((await rates.SetAsync(scope, new DayRate(new DateOnly(2026, 6, 2), "USD", 1.087m), RateQuoting.PerBase, Token)).Succeeded);
        Assert.Empty((await rates.ReadAsync(scope, Token)).Value.Missing);
        Assert.True((await rates.HoldAsync(scope, 0, Token)).Succeeded);
        Assert.Equal([new DateOnly(2026, 6, 5)], Assert.Single((await rates.ReadAsync(scope, Token)).Value.Missing).Days);
        Assert.True((await rates.RemoveAsync(scope, "USD", Token)).Succeeded);
        Assert.Empty((await rates.ReadAsync(scope, Token)).Value.Held);
        var trail = (await studio.Get<AuditTrail>().ReadAsync(scope, 10, Token)).Value;
        Assert.Equal(["rates.removed", "rates.hold", "rates.set"], trail.Take(3).Select(entry => entry.Action));
    }
}
