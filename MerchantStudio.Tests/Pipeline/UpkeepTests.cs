using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Pipeline;

/// <summary>Figures that are kept up are those of a whole run.</summary>
public sealed class UpkeepTests
{
    private static readonly CleaningSettings AllSteps = CleaningSettings.Default with
    {
        Switched = CleaningStep.All.ToImmutableDictionary(step => step.Key, step => step.Key is not ("no_item" or "no_price")),
        Limits = ImmutableDictionary<string, double>.Empty.Add(CleaningStep.BotRate, 40).Add(CleaningStep.BotViews, 12).Add(CleaningStep.BotRegular, 8).Add(CleaningStep.LargeAmount, 3).Add(CleaningStep.LargeQuantity, 4),
        Internal = ["u7", "u1*"],
        Tests = ["u9", "O4*", "TRY*"],
    };

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    public Task Whatever_comes_and_goes_upkeep_ends_where_a_whole_run_would(int seed, bool allSteps) => WanderAsync(seed, rounds: 4, allSteps);

    [Theory(Explicit = true)]
    [Trait("Size", "Full")]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public Task Over_a_hundred_changes_too(int seed, bool allSteps) => WanderAsync(seed, rounds: 100, allSteps);

    [Fact]
    public async Task Nothing_new_touches_nobody()
    {
        await using var world = new UpkeepWorld(CleaningSettings.Default);
        await world.RunAsync(Import(1, 600, 40, 1));
        await world.PublishAsync();

        Assert.Equal(0, (await world.KeepUpAsync()).Shoppers);
        await world.RunAsync(Import(2, 12, 3, 2));
        Assert.InRange((await world.KeepUpAsync()).Shoppers, 1, 6);
        Assert.Equal(0, (await world.KeepUpAsync()).Shoppers);
    }

    [Fact]
    public async Task Cut_off_anywhere_it_leaves_the_former_state()
    {
        await using var world = new UpkeepWorld(AllSteps);
        await world.RunAsync(Import(1, 3000, 90, 1));
        await world.PublishAsync();
        await world.RunAsync(Import(2, 900, 90, 2));
        var before = await PrintAsync(world);
        var cancelled = 0;
        for (var after = 1; after < 400; after += 25)
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(after));
            try
            {
                await world.KeepUpAsync(soon.Token);
                break;
            }
            catch (OperationCanceledException)
            {
                cancelled++;
                Assert.Equal(before, await PrintAsync(world));
            }
        }

        Assert.NotEqual(0, cancelled);
        await world.KeepUpAsync();
        Assert.NotEqual(before, await PrintAsync(world));
        await world.AssertAsBuiltAnewAsync();
    }

    /// <summary>The published tables, and whether anything else lies about.</summary>
    private static async Task<string> PrintAsync(UpkeepWorld world)
    {
        var warehouse = await world.OpenAsync();
        var tables = await warehouse.QueryAsync("select table_name from information_schema.tables where table_type <> 'VIEW' order by 1", row => row.Text(0)!, [], UpkeepWorld.Token);
        var prints = new List<string>();
        foreach (var table in tables) prints.Add($"{table} {await warehouse.ScalarAsync<string>($"select count(*) || ' ' || coalesce(cast(bit_xor(hash(t)) as varchar), '') from {Sql.Identifier(table)} t", [], UpkeepWorld.Token)}");
        return string.Join('\n', prints);
    }

    private static async Task WanderAsync(int seed, int rounds, bool allSteps)
    {
        var random = new Random(seed);
        await using var world = new UpkeepWorld(allSteps ? AllSteps : CleaningSettings.Default, seed % 2 == 0 ? "America/New_York" : "Europe/Berlin");
        var imports = 1;
        await world.RunAsync(Import(1, 2500, 80, seed));
        await world.RunAsync("insert into fx_rates values ('USD', date '2026-02-01', 0.9, false), ('USD', date '2026-03-01', 0.8, false)");
        await world.PublishAsync();
        for (var round = 0; round < rounds; round++)
        {
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                var number = ++imports;
                await world.RunAsync(random.Next(9) switch
                {
                    0 or 1 => Import(number, random.Next(1, 400), random.Next(1, 120), (seed * 1000) + number),
                    2 => string.Create(CultureInfo.InvariantCulture, $"delete from events where import_id = {random.Next(1, number)}"),
                    3 => string.Create(CultureInfo.InvariantCulture, $"delete from events where hash(source_line, {number}) % 50 = 0"),
                    4 => string.Create(CultureInfo.InvariantCulture, $"""
                        insert into events (anonymous_id, user_id, ts, event_type, item_id, import_id, source_line)
                        values ('v{random.Next(12)}', 'u{random.Next(80)}', timestamp '2026-03-0{random.Next(1, 9)} 10:00:00', 'view', 'item3', {number}, 1)
                        """),
                    5 => string.Create(CultureInfo.InvariantCulture, $"insert into products (item_id, category, brand, import_id, source_line) values ('item{random.Next(30)}', 'new {number}', 'brand', {number}, 1)"),
                    6 => string.Create(CultureInfo.InvariantCulture, $"insert into customers (user_id, email_hash, email_consent, import_id, source_line) values ('u{random.Next(80)}', 'hash{number}', {(random.Next(2) == 0 ? "true" : "false")}, {number}, 1)"),
                    7 => string.Create(CultureInfo.InvariantCulture, $"update identities set parted_at = timestamp '2026-04-02' where hash(alias) % 5 = {random.Next(5)} and refused is null"),
                    _ => string.Create(CultureInfo.InvariantCulture, $"insert into fx_rates values ('{(random.Next(2) == 0 ? "USD" : "CHF")}', date '2026-03-{random.Next(2, 28):00}', 0.{random.Next(50, 99)}, false)"),
                });
            }

            world.Clock += TimeSpan.FromHours(random.Next(0, 30));
            await world.KeepUpAsync();
            await world.AssertAsBuiltAnewAsync();
        }
    }

    /// <summary>Views, baskets, sales, returns, unpaid orders, doubles, visitors without a name, other currencies, bots, and rows of tomorrow.</summary>
    private static string Import(int number, int rows, int shoppers, int seed) => string.Create(CultureInfo.InvariantCulture, $"""
        insert into events (user_id, anonymous_id, ts, event_type, item_id, category, price, quantity, discount, currency, order_id, order_state, coupon_code, device, region, channel, import_id, source_line)
        select case when h % 29 = 0 or v % 9 = 0 then null else 'u' || (v % {shoppers}) end, case when v % 9 = 0 then 'v' || (v % 12) end,
               case when h % 97 = 0 then timestamp '2026-04-02' + to_seconds(cast(h % 400000 as bigint)) else timestamp '2026-02-15' + to_seconds(cast(v % 3888000 as bigint)) + to_seconds((i % 6) * 500) end,
               case when i % 6 < 3 then 'view' when i % 6 = 3 then 'add_to_cart' when h % 3 = 0 then 'refund' else 'purchase' end,
               case when h % 23 = 0 then null else 'item' || h % 30 end, case when h % 2 = 0 then 'cat' || h % 4 end,
               case when h % 31 = 0 then 0 when h % 19 = 0 then null else cast((h % 9000) / 7.0 + 0.01 as decimal(18, 4)) end,
               case when h % 5 = 0 then null else cast(h % 6 as integer) end, case when h % 7 = 0 then 0.37 end,
               case when h % 11 = 0 then 'USD' when h % 13 = 0 then 'CHF' when h % 2 = 0 then 'EUR' end, case when h % 4 > 0 then 'O' || (v % 300) end,
               case when h % 17 = 0 then 'cancelled' when h % 3 = 0 then 'paid' end, case when h % 43 = 0 then 'TRY1' when h % 3 = 0 then 'SALE' end,
               'd' || h % 3, 'r' || v % 5, 'c' || h % 2, {number}, i // 2 * case when i % 50 = 0 then 5000 else 1 end
        from (select i, hash(i // case when i % 10 = 0 then 2 else 1 end, {seed}) as h, hash(i // 6, {seed}, 'visit') as v from range({rows}) t(i)) r
        """);
}
