using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Sessions;
using MerchantStudio.Core.Insights.Figures;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Insights.Figures;

/// <summary>What the sums by day say is what the rows say, to the last digit.</summary>
public sealed class SummaryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, "Europe/Berlin", 1_000_000)]
    [InlineData(2, "America/New_York", 100)]
    [InlineData(3, "Asia/Shanghai", 1_000_000)]
    [InlineData(4, "Pacific/Auckland", 100)]
    public async Task Figures_from_sums_by_day_equal_those_from_rows(int seed, string zone, int sessionsOfPart)
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Token);
        await using (var session = await warehouse.BeginAsync(Token))
        {
            await session.ExecuteAsync(RandomRows, [seed], Token);
            await session.ExecuteAsync("insert into fx_rates values ('USD', date '2026-02-20', 0.913, false), ('USD', date '2026-03-20', 0.877, false)", [], Token);
            var settings = CleaningSettings.Default with { Money = new ShopMoney("EUR", zone, 14), Switched = CleaningSettings.Default.Switched.Add("no_user", seed != 4) };
            await EventCleaner.RunAsync(session, settings, new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero), Token);
            await Sessionizer.RunAsync(session, zone, sessionsOfPart, Token);
            await session.CommitAsync(Token);
        }

        await warehouse.PublishAsync(["clean_events", .. Sessionizer.Tables], Token);
        await using var reading = await warehouse.BeginAsync(Token);
        await reading.ExecuteAsync($"create temp table row_daily as {RowDaily}", [zone], Token);

        await SameAsync(reading, FigureSql.Span, [], Span, [zone]);
        foreach (var (from, to) in Periods())
        {
            await SameAsync(reading, FigureSql.Daily, [from, to], Daily, [zone, from, to]);
            await SameAsync(reading, FigureSql.Whole, [from, to], $"select d.*, w.* from ({Distinct}) d cross join ({Drivers}) w", [zone, from, to]);
            await SameAsync(reading, FigureSql.Currencies, [from, to, "EUR"], Currencies, [zone, from, to, "EUR"]);
            var days = to.DayNumber - from.DayNumber + 1;
            foreach (var priced in new[] { true, false })
                await SameAsync(reading, FigureSql.Products, [from, to, from.AddDays(-days), from.AddDays(-1), priced], Products, [zone, from, to, from.AddDays(-days), from.AddDays(-1), priced]);
        }
    }

    private static IEnumerable<(DateOnly From, DateOnly To)> Periods()
    {
        var first = new DateOnly(2026, 2, 20);
        foreach (var (start, days) in new[] { (0, 1), (5, 7), (20, 28), (37, 3), (-10, 200), (60, 30), (300, 10) }) yield return (first.AddDays(start), first.AddDays(start + days - 1));
    }

    private static async Task SameAsync(WarehouseSession session, string sums, object?[] sumsValues, string rows, object?[] rowsValues)
    {
        var expected = await session.QueryAsync($"select cast(r as varchar) from (select row(*columns(*)) as r from ({rows}) q) p", row => row.Text(0)!, rowsValues, Token);
        var actual = await session.QueryAsync($"select cast(r as varchar) from (select row(*columns(*)) as r from ({sums}) q) p", row => row.Text(0)!, sumsValues, Token);
        Assert.Equal(expected.Select(Plain), actual.Select(Plain));
    }

    /// <summary>Zeros after the point say nothing.</summary>
    private static string Plain(string row) => System.Text.RegularExpressions.Regex.Replace(row, @"(\.\d*?)0+(?=[,)])", "$1").Replace(".,", ",", StringComparison.Ordinal).Replace(".)", ")", StringComparison.Ordinal);

    /// <summary>Some hundred visits over the change to summer time, late in the evening too, with refunds, three currencies, and rows without a shopper. $1 a seed.</summary>
    private const string RandomRows = """
        insert into events (user_id, ts, event_type, item_id, price, quantity, discount, currency, order_id, import_id, source_line)
        select case when h % 41 = 0 then null else 'u' || (hash(i // 6, $1) % 70) end,
               timestamp '2026-02-20' + to_seconds(cast(hash(i // 6, $1, 'day') % 7776000 as bigint)) + to_seconds((i % 6) * 400),
               case when i % 6 < 3 then 'view' when i % 6 = 3 then 'add_to_cart' when h % 3 = 0 then 'refund' else 'purchase' end,
               case when h % 23 = 0 then null else 'item' || h % 30 end, case when h % 19 = 0 then null else cast((h % 9000) / 7.0 + 0.01 as decimal(18, 4)) end,
               case when h % 5 = 0 then null else cast(1 + h % 4 as integer) end, case when h % 7 = 0 then 0.37 end,
               case when h % 11 = 0 then 'USD' when h % 13 = 0 then 'CHF' when h % 2 = 0 then 'EUR' end, case when h % 4 > 0 then 'o' || i // 12 end, 1, i
        from (select i, hash(i, $1, 'row') as h from range(4000) t(i)) r
        """;

    private const string RowDaily = """
        select cast((ts at time zone 'UTC') at time zone $1 as date) as day, user_id, count(*) filter (where event_type = 'view') as views,
               coalesce(sum(case event_type when 'purchase' then amount - coalesce(discount, 0) when 'refund' then -amount end), 0) as net
        from clean_events group by 1, 2
        """;

    private const string Span = """
        select quantile_disc(cast((ts at time zone 'UTC') at time zone $1 as date), 0.001), quantile_disc(cast((ts at time zone 'UTC') at time zone $1 as date), 0.999),
               count(*) filter (where event_type = 'view') > 0, (select count(*) from paid_orders where has_price) > 0
        from clean_events having count(*) > 0
        """;

    /// <summary>A row a day and kind; the caller fills the days without any.</summary>
    private const string Daily = """
        with orders as (
            select cast((ts at time zone 'UTC') at time zone $1 as date) as day, user_id, order_no, has_price, gross - discount as value from paid_orders),
        own as (select * from orders where day between cast($2 as date) and cast($3 as date)),
        buyers as (select user_id, count(*) as orders from own group by user_id),
        order_days as (
            select o.day, count(*) as orders, count(*) filter (where o.has_price) as priced, sum(o.value) filter (where o.has_price) as value,
                   count(distinct o.user_id) as buyers, count(distinct o.user_id) filter (where b.orders > 1) as repeaters
            from own o join buyers b on b.user_id = o.user_id group by o.day),
        money as (
            select day, sum(net) as net, count(*) as shoppers, sum(views) as views from row_daily where day between cast($2 as date) and cast($3 as date) group by day),
        visits as (
            select cast((started_at at time zone 'UTC') at time zone $1 as date) as day, count(*) as sessions, count(*) filter (where purchases > 0) as buying
            from sessions group by 1),
        refunds as (
            select cast((ts at time zone 'UTC') at time zone $1 as date) as day, sum(amount) as refunded from clean_events where event_type = 'refund' group by 1)
        select m.day, coalesce(o.orders, 0), coalesce(o.priced, 0), coalesce(o.value, 0), coalesce(o.buyers, 0), coalesce(o.repeaters, 0),
               coalesce(m.net, 0), m.shoppers, m.views, coalesce(v.sessions, 0), coalesce(v.buying, 0), coalesce(r.refunded, 0)
        from money m left join order_days o on o.day = m.day left join visits v on v.day = m.day left join refunds r on r.day = m.day
        order by m.day
        """;

    /// <summary>Figures that do not add up over days: a buyer or shopper counts once in the period.</summary>
    private const string Distinct = """
        with buyers as (
            select user_id, count(*) as orders from paid_orders
            where cast((ts at time zone 'UTC') at time zone $1 as date) between cast($2 as date) and cast($3 as date) and user_id is not null group by user_id)
        select (select count(*) from buyers), (select count(*) from buyers where orders > 1),
               (select count(distinct user_id) from row_daily where day between cast($2 as date) and cast($3 as date))
        """;

    private const string Drivers = """
        with firsts as (select user_id, cast((min(ts) at time zone 'UTC') at time zone $1 as date) as first_day from paid_orders group by user_id)
        select coalesce(sum(o.gross - o.discount) filter (where f.first_day < cast($2 as date)), 0), coalesce(sum(o.gross - o.discount) filter (where f.first_day >= cast($2 as date)), 0)
        from paid_orders o join firsts f on f.user_id = o.user_id
        where o.has_price and cast((o.ts at time zone 'UTC') at time zone $1 as date) between cast($2 as date) and cast($3 as date)
        """;

    /// <summary>$4 and $5 are the days of the period before. Money where there are prices, else units.</summary>
    private const string Products = """
        with lines as (
            select item_id, cast((ts at time zone 'UTC') at time zone $1 as date) as day,
                   case when $6 then amount - coalesce(discount, 0) else coalesce(quantity, 1) end as value
            from clean_events where event_type = 'purchase' and item_id is not null),
        sums as (
            select item_id, coalesce(sum(value) filter (where day between cast($2 as date) and cast($3 as date)), 0) as now,
                   coalesce(sum(value) filter (where day between cast($4 as date) and cast($5 as date)), 0) as former
            from lines group by item_id),
        names as (select item_id, name, row_number() over (partition by item_id order by import_id desc, source_line desc) as place from products)
        select s.item_id, n.name, cast(s.now as double), cast(s.former as double) from sums s left join names n on n.item_id = s.item_id and n.place = 1
        where s.now <> s.former order by abs(s.now - s.former) desc, s.item_id limit 6
        """;

    /// <summary>$4 the base currency. Sales less discounts and refunds in each currency, as written and in base money.</summary>
    private const string Currencies = """
        select coalesce(currency, $4) as code, count(*), cast(sum(case event_type when 'refund' then -original else original end) as decimal(38, 4)),
               cast(coalesce(sum(case event_type when 'refund' then -amount else amount - coalesce(discount, 0) end), 0) as decimal(38, 4)),
               count(*) filter (where amount is null)
        from clean_events
        where event_type in ('purchase', 'refund') and original is not null and cast((ts at time zone 'UTC') at time zone $1 as date) between cast($2 as date) and cast($3 as date)
        group by 1 order by code <> $4, code
        """;
}
