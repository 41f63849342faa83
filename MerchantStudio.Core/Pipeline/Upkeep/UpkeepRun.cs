using MerchantStudio.Core.Features;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Identities;
using MerchantStudio.Core.Features.Sessions;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Pipeline.Serving;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.Upkeep;

/// <param name="Shoppers">Whose rows came, went or count otherwise.</param>
/// <param name="Rows">Cleaned rows that these shoppers have now.</param>
internal sealed record UpkeepReport(long Shoppers, long Rows);

/// <summary>Brings the published tables up to date for the shoppers whose rows have changed since, in one transaction.</summary>
internal static class UpkeepRun
{
    /// <summary>Tables with a user_id, in which the touched shoppers' rows are replaced.</summary>
    private static readonly string[] PerShopper = ["clean_events", "sessions", "paid_orders", "user_daily", "category_interest", "shopper_profile"];

    /// <summary>What the last run found out by learning; it stays.</summary>
    private static readonly string[] Learnt = ["rfm", "clusters", "intent_scores"];

    private static readonly string[] Dependencies = ["upkeep_aliases", "upkeep_catalogue", "upkeep_contacts", "upkeep_listed"];

    private static readonly string[] Temporary = ["upkeep_fresh_blocks", "upkeep_changed", UpkeepSql.Touched, "upkeep_places", "upkeep_former", "upkeep_numbers"];

    /// <param name="memory">With what the tables were made; upkeep goes on with the same.</param>
    /// <param name="stage">Hears "look", "clean", "sum" and "write" as they begin.</param>
    /// <returns>Nothing is written when no shopper is touched.</returns>
    public static async Task<UpkeepReport> RunAsync(WarehouseSession session, RunMemory memory, DateTimeOffset now, Action<string> stage, CancellationToken cancellationToken)
    {
        stage("look");
        memory = memory with { AsOf = await AsOfAsync(session, cancellationToken).ConfigureAwait(false) ?? memory.AsOf };
        await IdentityStitcher.StitchAsync(session, now, cancellationToken).ConfigureAwait(false);
        var shoppers = await FindTouchedAsync(session, memory, now, cancellationToken).ConfigureAwait(false);
        long rows = 0;
        if (shoppers > 0)
        {
            stage("clean");
            await CleanAsync(session, memory, now, cancellationToken).ConfigureAwait(false);
            stage("sum");
            await Sessionizer.RunAsync(session, memory.TimeZone, cancellationToken).ConfigureAwait(false);
            if (memory.AsOf is { } asOf)
            {
                await DescribeAsync(session, asOf, cancellationToken).ConfigureAwait(false);
                await LiveFeatures.WriteAsync(session, asOf, memory.TimeZone, now, cancellationToken).ConfigureAwait(false);
            }

            stage("write");
            rows = await session.ScalarAsync<long>("select count(*) from next_clean_events", [], cancellationToken).ConfigureAwait(false);
            await WriteAsync(session, memory, cancellationToken).ConfigureAwait(false);
        }

        await RememberAsync(session, memory, now, cancellationToken).ConfigureAwait(false);
        return new UpkeepReport(shoppers, rows);
    }

    private static async Task<long> FindTouchedAsync(WarehouseSession session, RunMemory memory, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var table in Temporary) await session.ExecuteAsync($"drop table if exists {table}", [], cancellationToken).ConfigureAwait(false);
        await memory.WriteDependenciesAsync(session, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"create temp table upkeep_fresh_blocks as {UpkeepSql.Blocks}", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(UpkeepSql.ChangedBlocks, [], cancellationToken).ConfigureAwait(false);
        if (await memory.SameRatesAsync(session, cancellationToken).ConfigureAwait(false))
            await session.ExecuteAsync(UpkeepSql.TouchedShoppers, [EventCleaner.FutureFrom(memory.SeenAt), EventCleaner.FutureFrom(now)], cancellationToken).ConfigureAwait(false);
        else
            await session.ExecuteAsync(UpkeepSql.Everybody, [], cancellationToken).ConfigureAwait(false);
        while (memory.SharesOrders && await session.ExecuteAsync(UpkeepSql.SharedOrders, [], cancellationToken).ConfigureAwait(false) > 0)
        {
            // Whoever came in may share orders with others in turn.
        }

        return await session.ScalarAsync<long>($"select count(*) from {UpkeepSql.Touched}", [], cancellationToken).ConfigureAwait(false);
    }

    private static async Task CleanAsync(WarehouseSession session, RunMemory memory, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync($"drop table if exists {CleaningSql.Usual}; create temp table {CleaningSql.Usual} as select * from upkeep_usual", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(UpkeepSql.Places, [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(UpkeepSql.RawRows, [], cancellationToken).ConfigureAwait(false);
        await EventCleaner.RunAsync(session, memory.Cleaning with { KeepsUsual = true }, now, cancellationToken).ConfigureAwait(false);
        await memory.RememberLeftOutAsync(session, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"drop table temp.events; drop table {CleaningSql.Usual}", [], cancellationToken).ConfigureAwait(false);
        if (memory.Until is { } until) await session.ExecuteAsync($"delete from {EventCleaner.CleanedTable} where ts >= $1", [until], cancellationToken).ConfigureAwait(false);
    }

    private static async Task<DateTimeOffset?> AsOfAsync(WarehouseSession session, CancellationToken cancellationToken) =>
        await SegmentBuilder.HasTableAsync(session, "shopper_profile", cancellationToken).ConfigureAwait(false)
            ? await session.ScalarAsync<DateTimeOffset?>("select max(as_of) from shopper_profile", [], cancellationToken).ConfigureAwait(false) : null;

    /// <summary>Interests and profiles as of the moment of the last run, with what was learnt then.</summary>
    private static async Task DescribeAsync(WarehouseSession session, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        await CategoryInterest.BuildAsync(session, asOf, cancellationToken).ConfigureAwait(false);
        foreach (var table in Learnt)
        {
            if (await SegmentBuilder.HasTableAsync(session, table, cancellationToken).ConfigureAwait(false))
                await session.ExecuteAsync($"create temp table next_{table} as select * from {table} where {UpkeepSql.IsTouched(table)}", [], cancellationToken).ConfigureAwait(false);
        }

        var reviews = await SegmentBuilder.HasTableAsync(session, "review_scores", cancellationToken).ConfigureAwait(false);
        if (reviews) await session.ExecuteAsync("create temp table next_review_scores as select * from review_scores", [], cancellationToken).ConfigureAwait(false);
        await ShopperProfileBuilder.BuildAsync(session, asOf, cancellationToken).ConfigureAwait(false);
        foreach (var table in Learnt.Append("review_scores")) await session.ExecuteAsync($"drop table if exists next_{table}", [], cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteAsync(WarehouseSession session, RunMemory memory, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(UpkeepSql.FormerRows, [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(UpkeepSql.Numbers, [], cancellationToken).ConfigureAwait(false);
        var sessions = await session.ScalarAsync<long?>("select max(session_no) from sessions", [], cancellationToken).ConfigureAwait(false) ?? 0;
        foreach (var table in PerShopper)
        {
            if (!await SegmentBuilder.HasTableAsync(session, "next_" + table, cancellationToken).ConfigureAwait(false)) continue;
            await session.ExecuteAsync($"delete from {table} where {UpkeepSql.IsTouched(table)}", [], cancellationToken).ConfigureAwait(false);
            var (columns, joined, values) = table switch
            {
                "clean_events" => ("n.* replace (n.session_no + $1 as session_no, k.shopper_no as shopper_no)", "left join upkeep_numbers k on k.user_id = n.user_id", new object?[] { sessions }),
                "sessions" => ("n.* replace (n.session_no + $1 as session_no)", "", [sessions]),
                _ => ("n.*", "", []),
            };
            await session.ExecuteAsync($"insert into {table} by name select {columns} from next_{table} n {joined}", values, cancellationToken).ConfigureAwait(false);
        }

        await Summaries.MoveAsync(session, "upkeep_former", memory.TimeZone, cancellationToken).ConfigureAwait(false);
        foreach (var table in PerShopper.Concat(Summaries.Tables).Distinct()) await session.ExecuteAsync($"drop table if exists next_{table}", [], cancellationToken).ConfigureAwait(false);
    }

    private static async Task RememberAsync(WarehouseSession session, RunMemory memory, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const string Blocks = """
            delete from upkeep_blocks where block in (select block from upkeep_changed);
            insert into upkeep_blocks select * from upkeep_fresh_blocks where block in (select block from upkeep_changed);
            """;
        await session.ExecuteAsync(Blocks, [], cancellationToken).ConfigureAwait(false);
        foreach (var table in Dependencies)
            await session.ExecuteAsync($"drop table {table}; alter table next_{table} rename to {table}", [], cancellationToken).ConfigureAwait(false);
        var rates = await session.ScalarAsync<string>(Currencies.ExchangeRates.FingerprintSql, [], cancellationToken).ConfigureAwait(false) ?? "";
        await (memory with { SeenAt = now, Rates = rates }).WriteAsync(session, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("drop table upkeep_state; alter table next_upkeep_state rename to upkeep_state", [], cancellationToken).ConfigureAwait(false);
        foreach (var table in Temporary) await session.ExecuteAsync($"drop table if exists {table}", [], cancellationToken).ConfigureAwait(false);
    }
}
