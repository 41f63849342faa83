using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Identities;
using MerchantStudio.Core.Features.Sessions;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Pipeline.Upkeep;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Pipeline;

/// <summary>A small shop whose rows come and go; its tables built as a run builds them, or kept up.</summary>
internal sealed class UpkeepWorld(CleaningSettings settings, string zone = "Europe/Berlin") : IAsyncDisposable
{
    public static readonly DateTimeOffset AsOf = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Compared = ["clean_events", "sessions", "paid_orders", "user_daily", "item_daily", "currency_daily", "category_interest", "shopper_profile"];
    private readonly WarehouseWorld _world = new();
    private readonly CleaningSettings _settings = settings with { Money = new ShopMoney("EUR", zone, 14) };

    public DateTimeOffset Clock { get; set; } = new(2026, 4, 2, 0, 0, 0, TimeSpan.Zero);

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public WarehouseRegistry Registry => _world.Registry;

    public string Folder => _world.Paths.Root;

    public Task<WorkspaceWarehouse> OpenAsync() => _world.OpenAsync();

    public Task RunAsync(string sql) => _world.RunAsync(sql);

    public Task<T?> ScalarAsync<T>(string sql) => _world.ScalarAsync<T>(sql);

    /// <summary>What a run of the pipeline publishes, but for what it learns.</summary>
    public async Task PublishAsync()
    {
        await using (var session = await (await OpenAsync()).BeginAsync(Token))
        {
            await IdentityStitcher.StitchAsync(session, Clock, Token);
            await EventCleaner.RunAsync(session, _settings, Clock, Token);
            await RunMemory.WriteAsync(session, _settings, zone, Clock, null, null, Token);
            await Sessionizer.RunAsync(session, zone, Token);
            await CategoryInterest.BuildAsync(session, AsOf, Token);
            await SegmentBuilder.BuildAsync(session, AsOf, null, 5, Token);
            await session.ExecuteAsync("create table next_intent_scores as select distinct user_id, 7 as horizon_days, (hash(user_id) % 100) / 100.0::double as probability, '[]' as reasons from next_sessions", [], Token);
            await ShopperProfileBuilder.BuildAsync(session, AsOf, Token);
            await session.CommitAsync(Token);
        }

        await (await OpenAsync()).PublishAsync(["clean_events", .. Sessionizer.Tables, "category_interest", "rfm", "clusters", "intent_scores", "shopper_profile", .. RunMemory.Tables], Token);
    }

    /// <summary>Joins visitors to customers and cleans on several connections at once, as a run does with a large shop.</summary>
    public static async Task CleanInLanesAsync(WorkspaceWarehouse warehouse, CleaningSettings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var session = await warehouse.BeginAsync(cancellationToken);
        await IdentityStitcher.StitchAsync(session, now, cancellationToken);
        await EventCleaner.RunAsync(session, settings, now, cancellationToken, warehouse);
        await session.CommitAsync(cancellationToken);
    }

    public async Task<UpkeepReport> KeepUpAsync(CancellationToken? cancellationToken = null)
    {
        var memory = await RunMemory.ReadAsync(await OpenAsync(), Token);
        await using var session = await (await OpenAsync()).BeginAsync(Token);
        var report = await UpkeepRun.RunAsync(session, memory!, Clock, _ => { }, cancellationToken ?? Token);
        await session.CommitAsync(Token);
        return report;
    }

    /// <summary>Builds everything anew beside the published tables and compares; the numbers of sessions and shoppers are any.</summary>
    public async Task AssertAsBuiltAnewAsync()
    {
        await using var session = await (await OpenAsync()).BeginAsync(Token);
        Assert.Equal(0, await IdentityStitcher.StitchAsync(session, Clock, Token));
        await session.ExecuteAsync("drop table if exists cleaning_usual; create temp table cleaning_usual as select * from upkeep_usual", [], Token);
        await EventCleaner.RunAsync(session, _settings with { KeepsUsual = true }, Clock, Token);
        await Sessionizer.RunAsync(session, zone, Token);
        await CategoryInterest.BuildAsync(session, AsOf, Token);
        foreach (var learnt in new[] { "rfm", "clusters", "intent_scores" }) await session.ExecuteAsync($"create table next_{learnt} as select * from {learnt}", [], Token);
        await ShopperProfileBuilder.BuildAsync(session, AsOf, Token);
        await RunMemory.WriteAsync(session, _settings, zone, Clock, null, null, Token);
        foreach (var table in Compared) await SameAsync(session, table, Rows(table));
        foreach (var table in RunMemory.Tables.Where(table => table is not ("upkeep_state" or "upkeep_usual"))) await SameAsync(session, table, name => $"select * from {name}");
        await SameAsync(session, "clean_events", name => $"""
            select e.user_id, e.ts, e.import_id, e.source_line, s.user_id as session_user, s.started_at, s.ended_at, s.events, (select count(distinct o.shopper_no) from {name} o where o.user_id = e.user_id) as numbers
            from {name} e join {name.Replace("clean_events", "sessions", StringComparison.Ordinal)} s on s.session_no = e.session_no
            """);
        Assert.Equal(0, await session.ScalarAsync<long>("select count(*) from (select shopper_no from clean_events group by 1 having count(distinct user_id) > 1)", [], Token));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static Func<string, string> Rows(string table) => table switch
    {
        "clean_events" => name => $"select * exclude (session_no, shopper_no) from {name}",
        "sessions" => name => $"select * exclude (session_no) from {name}",
        "item_daily" => name => $"select day, item_id, sum(net) as net, sum(units) as units from {name} group by 1, 2 having sum(net) <> 0 or sum(units) <> 0",
        "currency_daily" => name => $"select day, currency, sum(lines), sum(original), sum(base), sum(without_rate) from {name} group by 1, 2 having sum(lines) <> 0",
        "category_interest" => name => $"select * replace (round(share, 9) as share, round(uncertainty, 9) as uncertainty) from {name}",   // sums of doubles, in any order
        _ => name => $"select * from {name}",
    };

    private static async Task SameAsync(WarehouseSession session, string table, Func<string, string> rows)
    {
        var (published, anew) = (rows(table), rows("next_" + table));
        var differing = await session.QueryAsync(
            $"select 'only published: ' || cast(r as varchar) from (select row(*columns(*)) as r from (({published}) except all ({anew})) q limit 3) p union all select 'only anew: ' || cast(r as varchar) from (select row(*columns(*)) as r from (({anew}) except all ({published})) q limit 3) p",
            row => row.Text(0)!, [], Token);
        Assert.True(differing.IsEmpty, $"{table}\n{string.Join('\n', differing)}");
    }
}
