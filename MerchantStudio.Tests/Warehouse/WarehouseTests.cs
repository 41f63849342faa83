using System.Diagnostics;
using MerchantStudio.Core.Warehouse;
using Xunit;
using static MerchantStudio.Tests.Warehouse.WarehouseWorld;

namespace MerchantStudio.Tests.Warehouse;

public sealed class WarehouseTests : IAsyncDisposable
{
    private readonly WarehouseWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_new_workspace_has_its_tables()
    {
        var warehouse = await _world.OpenAsync();
        foreach (var table in (string[])["events", "products", "customers", "reviews", "rejects"]) Assert.True(await warehouse.HasTableAsync(table, Token), table);
        Assert.False(await warehouse.HasTableAsync("clean_events", Token));
    }

    [Fact]
    public async Task Rows_map_values_of_each_type_and_null()
    {
        var warehouse = await _world.OpenAsync();
        var row = Assert.Single(await warehouse.QueryAsync(
            """
            select 'naïve 中文 text longer than twelve bytes', 12, 3000000000, sum(7), 1.5::double, 0.25::float, 12345.6789::decimal(18,4), -0.5::decimal(4,1), true,
                   timestamp '2026-06-01 10:20:30.123456', date '2026-02-28', 'b'::enum('a', 'b'), null, 123456789012345678901234567.89::decimal(38,2)
            """,
            row => (Text: row.Text(0), Int: row.Int(1), Long: row.Long(2), Sum: row.Long(3), Double: row.Double(4), Float: row.Double(5), Decimal: row.Decimal(6), Small: row.Decimal(7), Truth: row.Boolean(8),
                Instant: row.Instant(9), Date: row.Date(10), Word: row.Text(11), Null: row.DecimalOrNull(12), IsNull: row.IsNull(12), Wide: row.Decimal(13)),
            [], Token));
        Assert.Equal("naïve 中文 text longer than twelve bytes", row.Text);
        Assert.Equal((12, 3000000000L, 7L, 1.5, 0.25), (row.Int, row.Long, row.Sum, row.Double, row.Float));
        Assert.Equal((12345.6789m, -0.5m, true, "b"), (row.Decimal, row.Small, row.Truth, row.Word));
        Assert.Equal(new DateTimeOffset(2026, 6, 1, 10, 20, 30, TimeSpan.Zero).AddTicks(1234560), row.Instant);
        Assert.Equal(new DateOnly(2026, 2, 28), row.Date);
        Assert.True(row.IsNull);
        Assert.Null(row.Null);
        Assert.Equal(123456789012345678901234567.89m, row.Wide);
    }

    [Fact]
    public async Task Parameters_of_each_type_come_back_as_they_went_in()
    {
        var warehouse = await _world.OpenAsync();
        var instant = new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.FromHours(8));
        Assert.Equal("o'clock \"中\"", await warehouse.ScalarAsync<string>("select $1", ["o'clock \"中\""], Token));
        Assert.Equal("", await warehouse.ScalarAsync<string>("select $1", [""], Token));
        Assert.Equal(long.MinValue, await warehouse.ScalarAsync<long>("select $1", [long.MinValue], Token));
        Assert.Equal(-3, await warehouse.ScalarAsync<int>("select $1", [-3], Token));
        Assert.Equal(-12.3456m, await warehouse.ScalarAsync<decimal>("select $1", [-12.3456m], Token));
        Assert.Equal(7922816251426433759354395.0335m, await warehouse.ScalarAsync<decimal>("select $1", [7922816251426433759354395.0335m], Token));
        Assert.Equal(instant, await warehouse.ScalarAsync<DateTimeOffset>("select $1", [instant], Token));
        Assert.Equal(new DateOnly(2024, 2, 29), await warehouse.ScalarAsync<DateOnly>("select $1", [new DateOnly(2024, 2, 29)], Token));
        Assert.Equal(0.1, await warehouse.ScalarAsync<double>("select $1", [0.1], Token));
        Assert.True(await warehouse.ScalarAsync<bool>("select $1", [true], Token));
        Assert.Null(await warehouse.ScalarAsync<long?>("select $1::bigint", [null], Token));
        Assert.Null(await warehouse.ScalarAsync<string>("select 'x' where false", [], Token));
    }

    [Fact]
    public async Task A_stream_gives_typed_columns_in_order_with_nulls()
    {
        var warehouse = await _world.OpenAsync();
        long seen = 0;
        await foreach (var batch in warehouse.StreamAsync("select i, case when i % 3 = 0 then null else i / 2 end, case when i % 5 = 0 then null else 'w' || i end, i::float from range(10000) t(i)", [], Token))
        {
            for (var row = 0; row < batch.Rows; row++, seen++)
            {
                Assert.Equal(seen, batch.Longs(0)[row]);
                Assert.Equal(seen % 3 == 0 ? double.NaN : seen / 2.0, batch.Doubles(1)[row]);
                Assert.Equal(seen % 5 == 0 ? null : $"w{seen}", batch.Text(2, row));
                Assert.Equal(seen % 5 == 0, batch.IsNull(2, row));
                Assert.Equal(seen, batch.Floats(3)[row]);
            }
        }

        Assert.Equal(10000, seen);
    }

    [Fact]
    public async Task A_stream_may_be_left_early_and_its_error_reaches_the_reader()
    {
        var warehouse = await _world.OpenAsync();
        await foreach (var batch in warehouse.StreamAsync("select i from range(10000000) t(i)", [], Token))
        {
            Assert.True(batch.Rows > 0);
            break;
        }

        await Assert.ThrowsAsync<WarehouseException>(async () =>
        {
            await foreach (var batch in warehouse.StreamAsync("select case when i = 9000000 then error('no') else i end from range(10000000) t(i)", [], Token)) Assert.True(batch.Rows > 0);
        });
        Assert.Equal(1, await warehouse.ScalarAsync<int>("select 1", [], Token));
    }

    [Fact]
    public async Task Appended_rows_keep_every_value_and_unset_columns_are_null()
    {
        var warehouse = await _world.OpenAsync();
        const int Rows = 5000;
        await using (var session = await warehouse.BeginAsync(Token))
        {
            using (var appender = session.Append("events", "user_id", "ts", "price", "quantity", "source_line", "category"))
            {
                for (var row = 0; row < Rows; row++)
                {
                    appender.Text(0, $"user {row}{new string('é', row % 20)}");
                    appender.Instant(1, row * 1_000_000L);
                    if (row % 2 == 0) appender.Scaled(2, row * 10_000L + 1);
                    appender.Int(3, -row);
                    appender.Long(4, row);
                    appender.Utf8(5, row % 4 == 0 ? ""u8 : "杯子"u8);
                    appender.EndRow();
                }

                appender.Complete();
            }

            await session.CommitAsync(Token);
        }

        var rows = await warehouse.QueryAsync("select user_id, ts, price, quantity, source_line, category, brand from events order by source_line",
            row => (User: row.Text(0), At: row.Instant(1), Price: row.DecimalOrNull(2), Quantity: row.Int(3), Line: row.Long(4), Category: row.Text(5), Brand: row.Text(6)), [], Token);
        Assert.Equal(Rows, rows.Length);
        for (var row = 0; row < Rows; row++)
        {
            var expected = ($"user {row}{new string('é', row % 20)}", DateTimeOffset.UnixEpoch.AddSeconds(row), row % 2 == 0 ? row + 0.0001m : (decimal?)null, -row, (long)row, row % 4 == 0 ? "" : "杯子", (string?)null);
            Assert.Equal(expected, rows[row]);
        }

        Assert.Equal(Rows / 4, await warehouse.ScalarAsync<long>("select count(*) from events where category = ''", [], Token));
    }

    [Fact]
    public async Task Two_appenders_that_fill_up_in_turn_keep_all_rows_in_the_order_in_which_they_came()
    {
        const int Rows = 700_000;
        await _world.RunAsync("create table evens (number bigint, words varchar); create table odds (number bigint, words varchar)");
        var warehouse = await _world.OpenAsync();
        await using (var session = await warehouse.BeginAsync(Token))
        {
            using (var evens = session.Append("evens"))
            using (var odds = session.Append("odds", "words", "number"))
            {
                for (var row = 0; row < Rows; row++)
                {
                    var (appender, number, words) = row % 2 == 0 ? (evens, 0, 1) : (odds, 1, 0);
                    appender.Long(number, row);
                    if (row % 7 != 0) appender.Utf8(words, row % 3 == 0 ? "a text too long to lie in its slot"u8 : "short"u8);
                    appender.EndRow();
                }

                evens.Complete();
                odds.Complete();
            }

            await session.CommitAsync(Token);
        }

        foreach (var (table, first) in new[] { ("evens", 0), ("odds", 1) })
        {
            var wrong = await warehouse.ScalarAsync<long>($"""
                select count(*) from (select number, words, row_number() over () - 1 as place from {table}) t
                where number <> place * 2 + {first} or words is distinct from case when number % 7 = 0 then null when number % 3 = 0 then 'a text too long to lie in its slot' else 'short' end
                """, [], Token);
            Assert.Equal(0, wrong);
            Assert.Equal(Rows / 2, await warehouse.ScalarAsync<long>($"select count(*) from {table}", [], Token));
        }
    }

    [Fact]
    public async Task A_long_append_that_is_given_up_ends_at_once_and_the_connection_serves_on()
    {
        var warehouse = await _world.OpenAsync();
        await using (var session = await warehouse.BeginAsync(Token))
        {
            using (var appender = session.Append("products", "item_id"))
            {
                for (var row = 0; row < 400_000; row++)
                {
                    appender.Text(0, "a");
                    appender.EndRow();
                }
            }

            // The insert was broken off: a transaction in which a statement failed does nothing more.
            await Assert.ThrowsAsync<WarehouseException>(() => session.ScalarAsync<long>("select count(*) from products", [], Token));
            await Assert.ThrowsAsync<InvalidOperationException>(() => session.CommitAsync(Token));
        }

        Assert.Equal(0, await warehouse.ScalarAsync<long>("select count(*) from products", [], Token));
    }

    [Fact]
    public async Task An_appender_given_up_keeps_the_session_from_committing()
    {
        var warehouse = await _world.OpenAsync();
        await using (var session = await warehouse.BeginAsync(Token))
        {
            using (var appender = session.Append("products", "item_id"))
            {
                appender.Text(0, "a");
                appender.EndRow();
                await Assert.ThrowsAsync<InvalidOperationException>(() => session.ExecuteAsync("select 1", [], Token));
            }

            await Assert.ThrowsAsync<InvalidOperationException>(() => session.CommitAsync(Token));
        }

        Assert.Equal(0, await warehouse.ScalarAsync<long>("select count(*) from products", [], Token));
    }

    [Fact]
    public async Task Rows_that_the_table_refuses_reach_the_writer_and_are_not_kept()
    {
        await _world.RunAsync("create table strict (a bigint not null, b varchar)");
        var warehouse = await _world.OpenAsync();
        await using (var session = await warehouse.BeginAsync(Token))
        {
            using var appender = session.Append("strict");
            var error = Assert.Throws<WarehouseException>(() =>
            {
                for (var row = 0; row < 500_000; row++)
                {
                    appender.Text(1, "without a number");
                    appender.EndRow();
                }

                appender.Complete();
            });
            Assert.Equal(WarehouseErrorKind.Constraint, error.Kind);
        }

        Assert.Equal(0, await _world.ScalarAsync<long>("select count(*) from strict"));
    }

    [Fact]
    public async Task A_wrong_type_or_broken_text_is_refused_by_the_appender()
    {
        await using var session = await (await _world.OpenAsync()).BeginAsync(Token);
        using var appender = session.Append("events", "user_id", "quantity");
        Assert.Throws<ArgumentException>(() => appender.Double(1, 1));
        appender.Utf8(0, [0xC3, 0x28]);
        appender.EndRow();
        Assert.Contains("unicode", Assert.Throws<WarehouseException>(appender.Complete).Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_appender_in_any_order_keeps_all_rows_and_gives_up_as_a_whole()
    {
        const int Rows = 700_000;
        await _world.RunAsync("create table many (number bigint, words varchar)");
        var warehouse = await _world.OpenAsync();
        async Task FillAsync(bool complete)
        {
            await using var session = await warehouse.BeginAsync(Token);
            using (var many = session.AppendInAnyOrder("many"))
            {
                for (var row = 0; row < Rows; row++)
                {
                    many.Long(0, row);
                    many.Utf8(1, row % 3 == 0 ? "a text too long to lie in its slot"u8 : "short"u8);
                    many.EndRow();
                }

                if (!complete) return;
                many.Complete();
            }

            await session.CommitAsync(Token);
        }

        await FillAsync(complete: false);
        Assert.Equal(0, await warehouse.ScalarAsync<long>("select count(*) from many", [], Token));
        await FillAsync(complete: true);
        Assert.Equal(Rows, await warehouse.ScalarAsync<long>("select count(distinct number) from many where words = case when number % 3 = 0 then 'a text too long to lie in its slot' else 'short' end", [], Token));
        Assert.Equal(Rows, await warehouse.ScalarAsync<long>("select count(*) from many", [], Token));
    }

    [Fact]
    public async Task A_session_without_commit_leaves_nothing()
    {
        var warehouse = await _world.OpenAsync();
        await using (var session = await warehouse.BeginAsync(Token))
        {
            await session.ExecuteAsync("create table t as select 1 as a; insert into products (item_id) values ('x')", [], Token);
            Assert.Equal(1, await session.ScalarAsync<long>("select count(*) from products", [], Token));
        }

        Assert.False(await warehouse.HasTableAsync("t", Token));
        Assert.Equal(0, await warehouse.ScalarAsync<long>("select count(*) from products", [], Token));
    }

    [Fact]
    public async Task Readers_go_on_while_a_writer_writes_and_see_it_only_after_the_commit()
    {
        var warehouse = await _world.OpenAsync();
        await using var writer = await warehouse.BeginAsync(Token);
        await writer.ExecuteAsync("insert into products (item_id) select 'p' || i from range(1000) t(i)", [], Token);
        var writing = writer.ExecuteAsync("insert into products (item_id) select 'q' || i from range(300000) t(i)", [], Token);
        var readers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => warehouse.ScalarAsync<long>("select count(*) from products", [], Token)));
        Assert.All(readers, count => Assert.Equal(0, count));
        Assert.Equal(300000, await writing);
        await writer.CommitAsync(Token);
        Assert.Equal(301000, await warehouse.ScalarAsync<long>("select count(*) from products", [], Token));
    }

    [Fact]
    public async Task Two_writers_of_one_row_conflict()
    {
        await _world.RunAsync("insert into products (item_id) values ('x')");
        var warehouse = await _world.OpenAsync();
        await using var first = await warehouse.BeginAsync(Token);
        await using var second = await warehouse.BeginAsync(Token);
        await first.ExecuteAsync("update products set name = 'first'", [], Token);
        var error = await Assert.ThrowsAsync<WarehouseException>(() => second.ExecuteAsync("update products set name = 'second'", [], Token));
        Assert.Equal(WarehouseErrorKind.Conflict, error.Kind);
    }

    [Fact]
    public async Task A_cancelled_statement_stops_in_under_a_second_and_the_warehouse_serves_on()
    {
        var warehouse = await _world.OpenAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var session = await warehouse.BeginAsync(Token);
        var running = session.ExecuteAsync("create table slow as select a.i * b.i as v from range(1000000) a(i), range(1000000) b(i) order by v", [], cancel.Token);
        await Task.Delay(200, Token);
        var clock = Stopwatch.StartNew();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), clock.Elapsed.ToString());
        Assert.Equal(2, await warehouse.ScalarAsync<int>("select 2", [], Token));
    }

    [Fact]
    public async Task Publishing_swaps_all_tables_at_once_or_none()
    {
        await _world.RunAsync("create table a as select 1 as v; create table b as select 1 as v; create table next_a as select 2 as v; create table next_b as select 2 as v");
        var warehouse = await _world.OpenAsync();
        await Assert.ThrowsAsync<WarehouseException>(() => warehouse.PublishAsync(["a", "b", "absent"], Token));
        Assert.Equal(1, await _world.ScalarAsync<int>("select v from a"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var reader = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    var pair = await warehouse.QueryAsync("select a.v, b.v from a, b", row => (row.Int(0), row.Int(1)), [], Token);
                    Assert.Equal(pair[0].Item1, pair[0].Item2);
                }
            },
            Token);
        await warehouse.PublishAsync(["a", "b"], Token);
        await stop.CancelAsync();
        await reader;
        Assert.Equal(2, await _world.ScalarAsync<int>("select v from b"));
        Assert.False(await warehouse.HasTableAsync("next_a", Token));
    }

    [Fact]
    public async Task Days_are_cut_in_the_stores_zone()
    {
        const string Day = "select cast((timestamp '2026-03-29 22:30:00' at time zone 'UTC') at time zone $1 as date)";
        var warehouse = await _world.OpenAsync();
        Assert.Equal(new DateOnly(2026, 3, 30), await warehouse.ScalarAsync<DateOnly>(Day, ["Europe/Berlin"], Token));
        Assert.Equal(new DateOnly(2026, 3, 29), await warehouse.ScalarAsync<DateOnly>(Day, ["America/New_York"], Token));
    }
}
