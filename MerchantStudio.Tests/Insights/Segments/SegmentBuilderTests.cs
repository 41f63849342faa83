using System.Globalization;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Tests.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Insights.Segments;

public sealed class SegmentBuilderTests
{
    private static readonly DateTimeOffset AsOf = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Groups_follow_the_first_match_on_recency_and_the_mean_of_frequency_and_spend()
    {
        await using var world = await OpenAsync();
        // Ten customers: 5 recency steps, each once a rare small buyer and once a frequent large one; and one who only looked.
        for (var step = 1; step <= 5; step++)
        {
            await OrdersAsync(world, $"rare{step}", orders: 1, daysAgo: step * 10, net: 10);
            await OrdersAsync(world, $"often{step}", orders: 9, daysAgo: step * 10, net: 100);
        }

        await world.RunAsync("insert into next_clean_events(user_id, ts, event_type) values ('looker', timestamp '2026-05-30 10:00:00', 'view')");
        var report = await BuildAsync(world, new RfmCuts([10, 20, 30, 40], [2, 4, 6, 8], [20, 40, 60, 80]));
        var groups = await GroupsAsync(world, "group_key");
        Assert.Equal("prospects", groups["looker"]);
        Assert.Equal(["champions", "loyal", "loyal", "previously_loyal", "previously_loyal"], Enumerable.Range(1, 5).Select(step => groups[$"often{step}"]));
        Assert.Equal(["new", "promising", "almost_lost", "almost_lost", "dormant"], Enumerable.Range(1, 5).Select(step => groups[$"rare{step}"]));
        var eight = await GroupsAsync(world, "group8_key");
        Assert.Equal("important_value", eight["often1"]);
        Assert.Equal("important_keep", eight["often5"]);
        Assert.Equal("general_develop", eight["rare1"]);
        Assert.Equal("general_win_back", eight["rare5"]);
        Assert.Equal((11L, 10L, true), (report.Shoppers, report.Customers, report.HasPrices));
        Assert.Equal(11, report.Groups.Sum(group => group.Shoppers));
        Assert.Equal(1_800m, report.Groups.Single(group => group.Key == "previously_loyal").Spent12Months);
    }

    [Fact]
    public async Task Equal_values_share_a_score_and_without_prices_frequency_stands_for_spend()
    {
        await using var world = await OpenAsync();
        for (var number = 0; number < 9; number++) await OrdersAsync(world, $"once{number}", orders: 1, daysAgo: 10, net: null);
        await OrdersAsync(world, "twice", orders: 2, daysAgo: 10, net: null);
        var report = await BuildAsync(world);
        Assert.False(report.HasPrices);
        Assert.Empty(report.Cuts.Monetary);
        var scores = await QueryAsync(world, "select user_id, r, f, m from next_rfm where r is not null", row => (row.Text(0)!, row.Int(1), row.Int(2), row.IntOrNull(3)));
        Assert.All(scores.Where(score => score.Item1 != "twice"), score => Assert.Equal((5, 1, null), (score.Item2, score.Item3, score.Item4)));
        Assert.Equal(5, scores.Single(score => score.Item1 == "twice").Item3);
        Assert.Equal("champions", (await GroupsAsync(world, "group_key"))["twice"]);
    }

    [Fact]
    public async Task Edited_cut_points_replace_the_quintiles_and_survive_the_settings()
    {
        await using var world = await OpenAsync();
        for (var step = 1; step <= 5; step++) await OrdersAsync(world, $"buyer{step}", orders: step, daysAgo: step * 10, net: 20);
        var cuts = new RfmCuts([1, 2, 3, 4], [1, 2, 3, 4], [10, 20, 30, 40]);
        Assert.Equal(1, (await QueryScoreAsync(cuts)).Single());
        Assert.Equivalent(cuts, RfmCuts.FromSettings(RfmCuts.IntoSettings("""{"stars":{"negative":2}}""", cuts)));
        Assert.Equal("""{"stars":{"negative":2}}""", RfmCuts.IntoSettings(RfmCuts.IntoSettings("""{"stars":{"negative":2}}""", cuts), null));

        async Task<int[]> QueryScoreAsync(RfmCuts edited)
        {
            Assert.True((await BuildAsync(world, edited)).CutsEdited);
            return [.. await QueryAsync(world, "select distinct r from next_rfm", row => row.Int(0))];
        }
    }

    [Fact]
    public async Task Two_kinds_of_shoppers_become_clusters_named_by_what_sets_them_apart()
    {
        await using var world = await OpenAsync();
        var random = new Random(5);
        for (var number = 0; number < 120; number++)
        {
            var heavy = number % 2 == 0;
            await world.RunAsync(string.Join('\n', Enumerable.Range(0, (heavy ? 40 : 2) + random.Next(3)).Select(view =>
                string.Create(CultureInfo.InvariantCulture, $"insert into next_clean_events(user_id, ts, event_type, category) values ('s{number}', timestamp '2026-05-{(heavy ? 25 : 2) + (view % 5):D2} 10:00:00', 'view', 'c{(heavy ? view % 9 : 0)}');"))));
        }

        var report = await BuildAsync(world);
        Assert.NotNull(report.Clusters);
        Assert.InRange(report.Clusters.K, 3, 8);
        Assert.Equal(120, report.Clusters.Profiles.Sum(profile => profile.Figures.Shoppers));
        Assert.Contains(report.Clusters.Profiles, profile => profile.Traits.Contains("views.high"));
        Assert.Contains(report.Clusters.Profiles, profile => profile.Traits.Contains("views.low"));
        Assert.Equal(report.Clusters.K, report.Clusters.Tried.MaxBy(tried => tried.SmallestShare >= 0.02 ? tried.Silhouette : -2)!.K);
        // Same seed, same clusters.
        Assert.Equivalent(report.Clusters.Profiles.Select(profile => profile.Figures.Shoppers), (await BuildAsync(world)).Clusters!.Profiles.Select(profile => profile.Figures.Shoppers));
    }

    [Fact]
    public async Task The_change_is_measured_against_the_published_run()
    {
        await using var world = await OpenAsync();
        await OrdersAsync(world, "a", 1, 10, 10);
        await OrdersAsync(world, "b", 5, 10, 50);
        await BuildAsync(world);
        await world.RunAsync("alter table next_rfm rename to rfm; update rfm set group_key = 'dormant' where user_id = 'b';");
        var report = await BuildAsync(world);
        var after = (await GroupsAsync(world, "group_key"))["b"];
        Assert.Equal([new GroupMove("dormant", after, 1)], report.Moves);
        Assert.Equal(1, report.Groups.Single(group => group.Key == "dormant").Before);
    }

    [Fact]
    public async Task Profiles_gather_what_conditions_ask_also_without_scores()
    {
        await using var world = await OpenAsync();
        await OrdersAsync(world, "a", 2, 5, 30);
        await world.RunAsync(
            """
            insert into next_clean_events(user_id, ts, event_type, category, amount, device) values
                ('a', timestamp '2026-05-31 10:00:00', 'add_to_cart', 'tea', 25.00, 'mobile'), ('a', timestamp '2026-05-31 10:05:00', 'remove_from_cart', 'tea', 12.50, 'mobile'),
                ('a', timestamp '2026-05-31 11:00:00', 'view', 'tea', null, 'desktop'), ('b', timestamp '2026-01-01 11:00:00', 'view', 'tea', null, null);
            insert into customers(user_id, email_hash, email_consent, import_id, source_line) values ('a', 'h', true, 1, 1);
            create table next_intent_scores(user_id VARCHAR, horizon_days INTEGER, probability DOUBLE);
            insert into next_intent_scores values ('a', 7, 0.4), ('b', 7, 0.1);
            """);
        await BuildAsync(world);
        await using (var session = await (await world.OpenAsync()).BeginAsync(Token))
        {
            Assert.Equal(2, await ShopperProfileBuilder.BuildAsync(session, AsOf, Token));
            await session.CommitAsync(Token);
        }

        var rows = await QueryAsync(world, "select user_id, orders, spent, average_order, open_cart_value, views_30d, intent_7, device, has_email, sentiment, top_category, intent_1 from next_shopper_profile order by user_id",
            row => (row.Text(0)!, row.Int(1), row.DecimalOrNull(2), row.DecimalOrNull(3), row.DecimalOrNull(4), row.Int(5), row.DoubleOrNull(6), row.Text(7), row.BooleanOrNull(8), row.DoubleOrNull(9), row.Text(10), row.DoubleOrNull(11)));
        Assert.Equal(("a", 2, 60m, 30m, 12.5m, 1, 0.4, "mobile", true, null, "tea", null), rows[0]);
        Assert.Equal(("b", 0, null, null, null, 0, 0.1, null, null, null, null, null), rows[1]);
    }

    private static async Task<WarehouseWorld> OpenAsync()
    {
        var world = new WarehouseWorld();
        await world.RunAsync(
            """
            create table next_clean_events(user_id VARCHAR, ts TIMESTAMP, event_type VARCHAR, item_id VARCHAR, category VARCHAR, amount DECIMAL(18,4), device VARCHAR, region VARCHAR, channel VARCHAR);
            create table next_sessions(session_no BIGINT, user_id VARCHAR, started_at TIMESTAMP);
            create table next_paid_orders(order_no VARCHAR, user_id VARCHAR, ts TIMESTAMP, gross DECIMAL(18,4), discount DECIMAL(18,4), refunded DECIMAL(18,4), net DECIMAL(18,4), has_price BOOLEAN);
            create table next_category_interest(user_id VARCHAR, category VARCHAR, share DOUBLE);
            insert into next_category_interest values ('a', 'tea', 0.7), ('a', 'cups', 0.3);
            """);
        return world;
    }

    private static Task OrdersAsync(WarehouseWorld world, string user, int orders, int daysAgo, int? net)
    {
        var price = net?.ToString(CultureInfo.InvariantCulture) ?? "null";
        return world.RunAsync(string.Join('\n', Enumerable.Range(0, orders).Select(order => string.Create(CultureInfo.InvariantCulture,
            $"""
            insert into next_paid_orders values ('{user}{order}', '{user}', timestamp '2026-06-01' - interval '{daysAgo + order} days', {price}, 0, 0, {price}, {(net is null ? "false" : "true")});
            insert into next_clean_events(user_id, ts, event_type) values ('{user}', timestamp '2026-06-01' - interval '{daysAgo + order} days', 'purchase');
            """))));
    }

    private static async Task<SegmentReport> BuildAsync(WarehouseWorld world, RfmCuts? cuts = null)
    {
        await using var session = await (await world.OpenAsync()).BeginAsync(Token);
        var report = await SegmentBuilder.BuildAsync(session, AsOf, cuts, 1, Token);
        await session.CommitAsync(Token);
        return report.Value;
    }

    private static async Task<Dictionary<string, string>> GroupsAsync(WarehouseWorld world, string column) =>
        (await QueryAsync(world, $"select user_id, {column} from next_rfm where {column} is not null", row => (row.Text(0)!, row.Text(1)!))).ToDictionary(pair => pair.Item1, pair => pair.Item2);

    private static async Task<T[]> QueryAsync<T>(WarehouseWorld world, string sql, Func<MerchantStudio.Core.Warehouse.WarehouseRow, T> map) =>
        [.. await (await world.OpenAsync()).QueryAsync(sql, map, [], Token)];
}
