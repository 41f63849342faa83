using System.Diagnostics;
using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Promotions.Redemptions;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Promotions;

/// <summary>A code's uses are right after every change, and only what changed is read again.</summary>
public sealed class CodeUsesTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public Task Uses_follow_orders_and_redemptions_and_only_changed_codes_are_read_again() => FollowAsync(2_000);

    /// <summary>So many are looked for among all codes instead of each by its name.</summary>
    [Fact]
    public Task Uses_of_more_codes_than_are_asked_for_by_name_are_counted_the_same() => FollowAsync(5_500);

    [Fact(Explicit = true), Trait("Size", "Full")]
    public Task A_hundred_thousand_codes_are_listed_again_without_reading_their_uses() => FollowAsync(100_000);

    [Theory]
    [InlineData(AppStateOn.Sqlite)]
    [InlineData(AppStateOn.Postgres)]
    public async Task Counts_are_written_to_their_codes_and_to_no_others(AppStateOn on)
    {
        await using var studio = await TemporaryStudio.OpenAsync(on: on);
        var shop = await studio.WorkspaceAsync();
        var rule = TestRules.Live(Guid.NewGuid(), shop.Workspace, "Roll");
        await using var database = await studio.DbAsync();
        database.CouponRules.Add(rule);
        await database.SaveChangesAsync(Now);
        Assert.Null((await studio.Get<CodeBatches>().CreateAsync(shop, rule.Id, new CodeBatchDraft("Roll", CodeBatchKind.Unique, 403), Now)).Problem);
        var ids = await database.CouponCodes.OrderBy(code => code.Id).Select(code => code.Id).ToListAsync(Now);
        var at = LedgerWorld.Start;
        await CodeCount.WriteAsync(database, [.. ids.Skip(1).Select((id, index) => new CodeCount(id, index, index == 0 ? null : at.AddTicks(index)))], Now);
        Assert.Equal(ids.Select((_, index) => (Math.Max(0, index - 1), index < 2 ? (DateTimeOffset?)null : at.AddTicks(index - 1))), await ReadAsync());
        await CodeCount.WriteAsync(database, [new CodeCount(ids[5], 0, null)], Now);
        Assert.Equal((0, null), (await ReadAsync())[5]);

        async Task<List<(int Uses, DateTimeOffset? Last)>> ReadAsync() =>
            [.. (await database.CouponCodes.AsNoTracking().OrderBy(code => code.Id).Select(code => new { code.Uses, code.LastUsedAt }).ToListAsync(Now)).Select(code => (code.Uses, code.LastUsedAt))];
    }

    private static async Task FollowAsync(int count)
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var shop = await studio.WorkspaceAsync();
        var codes = studio.Get<CouponCodes>();
        var rule = TestRules.Live(Guid.NewGuid(), shop.Workspace, "Roll");
        await using (var database = await studio.DbAsync())
        {
            database.CouponRules.Add(rule);
            await database.SaveChangesAsync(Now);
        }

        Assert.Null((await studio.Get<CodeBatches>().CreateAsync(shop, rule.Id, new CodeBatchDraft("Roll", CodeBatchKind.Unique, count), Now)).Problem);
        string[] all;
        await using (var database = await studio.DbAsync()) all = await database.CouponCodes.OrderBy(code => code.Id).Select(code => code.Code).ToArrayAsync(Now);
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(shop.Workspace, Now);
        await using (var session = await warehouse.BeginAsync(Now))
        {
            await session.ExecuteAsync("create table paid_orders (order_no varchar, user_id varchar, ts timestamp, coupon_code varchar)", [], Now);
            using (var rows = session.Append("paid_orders"))
            {
                for (var index = 0; index < count; index++)
                {
                    rows.Text(0, "o" + index.ToString(CultureInfo.InvariantCulture));
                    rows.Text(1, "ann");
                    rows.Instant(2, 1_700_000_000_000_000 + index);
                    rows.Text(3, all[index].ToLowerInvariant());
                    rows.EndRow();
                }

                rows.Complete();
            }

            await session.CommitAsync(Now);
        }

        var first = await TimedAsync();
        Assert.Equal((count, count, count), (codes.LastRead, first.List.Used, first.List.Uses));
        var started = Stopwatch.GetTimestamp();
        await codes.RefreshUsesAsync(shop, Now);
        var unchanged = Stopwatch.GetElapsedTime(started);
        var again = await TimedAsync();
        Assert.Equal((0, count), (codes.LastRead, again.List.Uses));

        // An order more with one code: its part of all codes is read, no other.
        await RunAsync($"insert into paid_orders values ('more', 'ben', timestamp '2026-01-01', '{all[0]}')");
        Assert.Equal(count + 1, (await TimedAsync()).List.Uses);
        Assert.InRange(codes.LastRead, 1, (count / 100) + 40);

        // Redeemed here too: the same order counts once, another one more; taken back, it is gone.
        var redeemer = studio.Get<Redeemer>();
        var use = (await redeemer.RedeemAsync(shop, "k1", new CouponUse(all[1], "fresh", "cleo", new Cart([new CartLine("cup", null, null, 1, 4_000)], 0, "EUR")), Now)).Value;
        await redeemer.RedeemAsync(shop, "k2", new CouponUse(all[2], "o2", "dan", new Cart([new CartLine("cup", null, null, 1, 4_000)], 0, "EUR")), Now);
        var (list, elapsed) = await TimedAsync();
        Assert.Equal((count + 2, 2), (list.Uses, codes.LastRead));
        Assert.Null((await redeemer.RollBackAsync(shop, use.Id, Now)).Problem);
        Assert.Equal(count + 1, (await TimedAsync()).List.Uses);

        // An import that is undone takes its uses with it, and a code without a use has no last one.
        await RunAsync($"delete from paid_orders where coupon_code = '{all[5].ToLowerInvariant()}'");
        Assert.Equal(count, (await TimedAsync()).List.Uses);
        await using (var database = await studio.DbAsync())
        {
            var gone = await database.CouponCodes.SingleAsync(code => code.Code == all[5], Now);
            Assert.Equal((0, null), (gone.Uses, gone.LastUsedAt));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} codes: first list {first.Elapsed.TotalMilliseconds:0} ms, unchanged {again.Elapsed.TotalMilliseconds:0} ms, of it uses {unchanged.TotalMilliseconds:0} ms, two redemptions later {elapsed.TotalMilliseconds:0} ms"));

        async Task<(CodeList List, TimeSpan Elapsed)> TimedAsync()
        {
            var asked = Stopwatch.GetTimestamp();
            var answer = (await codes.ListAsync(shop, new CodeQuestion(Limit: 10), Now)).Value;
            return (answer, Stopwatch.GetElapsedTime(asked));
        }

        async Task RunAsync(string sql)
        {
            await using var session = await warehouse.BeginAsync(Now);
            await session.ExecuteAsync(sql, [], Now);
            await session.CommitAsync(Now);
        }
    }
}
