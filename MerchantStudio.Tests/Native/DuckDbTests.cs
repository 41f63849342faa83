using MerchantStudio.Core.Native.DuckDb;
using Xunit;

namespace MerchantStudio.Tests.Native;

public sealed class DuckDbTests
{
    private static readonly Dictionary<string, string> Settings = new() { ["threads"] = "1" };

    [Fact]
    public void The_library_is_the_version_that_the_binding_was_written_for() => Assert.Equal("v1.5.5", DuckDbApi.Version);

    [Fact]
    public void Databases_and_connections_open_and_close_a_thousand_times()
    {
        using var database = DuckDbDatabase.Open(":memory:", Settings);
        for (var round = 0; round < 1000; round++)
        {
            using var connection = database.Connect();
        }

        for (var round = 0; round < 100; round++)
        {
            using var other = DuckDbDatabase.Open(":memory:", Settings);
        }
    }

    [Fact]
    public void Statements_results_and_chunks_open_and_close_a_thousand_times()
    {
        using var database = DuckDbDatabase.Open(":memory:", Settings);
        using var connection = database.Connect();
        for (var round = 0; round < 1000; round++)
        {
            connection.Execute("select $1", [1]);
            using var reader = connection.Query("select $1::decimal(9,2), 'text'", [round]);
            Assert.Equal(round, reader.Read()?.Columns[0].Decimals?[0]);
            Assert.Null(reader.Read());
        }
    }

    [Fact]
    public async Task Progress_of_a_long_statement_is_a_share_of_one_once_it_is_tracked()
    {
        using var database = DuckDbDatabase.Open(":memory:", Settings);
        using var connection = database.Connect();
        connection.TrackProgress();
        connection.Execute("create table numbers as select range as i from range(4000000)", []);
        Assert.Null(connection.Progress);
        var running = Task.Run(() => connection.Execute("create table sums as select i % 1000003 as k, sum(i) as s from numbers group by 1", []), TestContext.Current.CancellationToken);
        var seen = 0.0;
        while (!running.IsCompleted)
        {
            var share = connection.Progress ?? 0;
            Assert.InRange(share, 0, 1);
            seen = Math.Max(seen, share);
        }

        await running;
        Assert.True(seen > 0);
    }

    [Fact]
    public void Appenders_open_and_close_a_thousand_times_and_leave_nothing_when_given_up()
    {
        using var database = DuckDbDatabase.Open(":memory:", Settings);
        using var connection = database.Connect();
        connection.Execute("create table t (a bigint, b varchar)", []);
        for (var round = 0; round < 1000; round++)
        {
            using var appender = connection.Append("t", [], inAnyOrder: false);
            appender.Value(0, DuckDbType.BigInt, 1L);
            appender.EndRow();
            if (round % 2 == 0) appender.Complete();
        }

        using var reader = connection.Query("select count(*) from t", []);
        Assert.Equal(500, reader.Read()?.Columns[0].Longs?[0]);
    }

    [Fact]
    public void Errors_carry_their_type_and_the_call()
    {
        using var database = DuckDbDatabase.Open(":memory:", Settings);
        using var connection = database.Connect();
        Assert.Equal(DuckDbErrorType.Catalog, Assert.Throws<DuckDbException>(() => connection.Execute("select * from absent", [])).Type);
        Assert.Equal(DuckDbErrorType.Parser, Assert.Throws<DuckDbException>(() => connection.Query("selec 1", [])).Type);
        var conversion = Assert.Throws<DuckDbException>(() => connection.Execute("select 'x'::integer", []));
        Assert.Equal(DuckDbErrorType.Conversion, conversion.Type);
        Assert.EndsWith("(pending_execute_task)", conversion.Message, StringComparison.Ordinal);
    }
}
