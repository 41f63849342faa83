using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Promotions.Referrals;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static MerchantStudio.Tests.Promotions.Referrals.ReferralWorld;

namespace MerchantStudio.Tests.Promotions.Referrals;

/// <summary>Friends whose orders came by import alone.</summary>
public sealed class ReferralImportTests
{
    [Theory]
    [InlineData(AppStateOn.Sqlite)]
    [InlineData(AppStateOn.Postgres)]
    public async Task An_imported_order_with_an_advocates_code_counts_the_friend_and_gives_one_reward_however_often_it_comes(AppStateOn on)
    {
        await using var world = await OpenAsync(on);
        var code = await world.CodeOfAsync("ada");
        await OrdersAsync(world, ("o1", "ben", 1, $" {code.ToLowerInvariant().Replace('1', 'l')} ", 0));
        var imports = world.Studio.Get<ReferralImports>();
        Assert.Equal((1, 0), await imports.CountAsync(world.Shop.Workspace, Now));
        var reward = Assert.Single(await world.RewardsAsync());
        Assert.Equal(("ada", "ben"), (reward.AdvocateId, reward.FriendId));
        var row = (await world.Reports.ReadAsync(world.Shop, world.Programme, 10, Now)).Value.Advocates.Single();
        Assert.Equal((1, 1, 3_500L, 1), (row.Friends, row.Orders, row.RevenueMinor, row.Rewards));

        // The same rows again, looked at by another process, and twice at once.
        await OrdersAsync(world, ("o1", "ben", 1, code, 0));
        Assert.Equal((0, 0), await imports.CountAsync(world.Shop.Workspace, Now));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Another(world).CountAsync(world.Shop.Workspace, Now))));
        Assert.Single(await world.RewardsAsync());
        Assert.Equal(RefusalReason.NotFirstOrder, await world.RefusedAsync(code, "ben", "o2"));
        Assert.Null(await world.RefusedAsync(reward.Code, "ada", "o3"));
    }

    [Fact]
    public async Task Only_a_friends_first_order_counts_and_what_the_shop_redeemed_is_not_counted_again()
    {
        await using var world = await OpenAsync();
        var code = await world.CodeOfAsync("ada");
        Assert.Null(await world.RefusedAsync(code, "ben", "o1"));
        var gone = (await world.UseAsync(code, "cleo", "o2")).Value;
        Assert.Null(await world.TakeBackAsync(gone.Id));
        await OrdersAsync(
            world, ("o1", "ben", 1, code, 0), ("o2", "cleo", 1, code, 0), ("own", "ada", 1, code, 0), ("old", "dan", 1, null, 0), ("new", "dan", 2, code, 0), ("first", "eve", 1, code, 0), ("second", "eve", 2, code, 0), ("other", "fay", 1, "SPRING", 0));
        Assert.Equal((1, 0), await world.Studio.Get<ReferralImports>().CountAsync(world.Shop.Workspace, Now));
        Assert.Equal(["ben", "eve"], (await world.RewardsAsync()).Where(reward => reward.TakenBackAt is null).Select(reward => reward.FriendId));
    }

    [Fact]
    public async Task A_refunded_order_and_one_whose_import_was_undone_are_taken_back_and_counted_again_when_they_are_back()
    {
        await using var world = await OpenAsync();
        var code = await world.CodeOfAsync("ada");
        var imports = world.Studio.Get<ReferralImports>();
        await OrdersAsync(world, ("o1", "ben", 1, code, 0), ("o2", "cleo", 1, code, 10));
        Assert.Equal((2, 0), await imports.CountAsync(world.Shop.Workspace, Now));
        await OrdersAsync(world, ("o1", "ben", 1, code, 35), ("o2", "cleo", 1, code, 10));
        Assert.Equal((0, 1), await imports.CountAsync(world.Shop.Workspace, Now));
        Assert.Equal(["cleo"], (await world.RewardsAsync()).Where(reward => reward.TakenBackAt is null).Select(reward => reward.FriendId));
        await OrdersAsync(world, ("o1", "ben", 1, code, 0));
        Assert.Equal((1, 1), await imports.CountAsync(world.Shop.Workspace, Now));
        Assert.Equal(["ben"], (await world.RewardsAsync()).Where(reward => reward.TakenBackAt is null).Select(reward => reward.FriendId));

        // What a person takes back stays taken back.
        var own = (await world.Reports.RowsAsync(world.Shop, world.Programme, "ada", Now)).Value.Orders.Single(order => order.TakenBackAt is null);
        Assert.Equal("o1", own.OrderId);
        await using (var database = await world.Studio.DbAsync())
        {
            Assert.Null(await world.TakeBackAsync(await database.Redemptions.Where(row => row.OrderId == "o1" && row.RolledBackAt == null).Select(row => row.Id).SingleAsync(Now)));
        }

        Assert.Equal((0, 0), await Another(world).CountAsync(world.Shop.Workspace, Now));
        Assert.DoesNotContain(await world.RewardsAsync(), reward => reward.TakenBackAt is null);
    }

    [Fact]
    public async Task An_order_that_came_live_is_left_to_the_shop_for_a_day_and_a_paused_programme_counts_nothing()
    {
        await using var world = await OpenAsync();
        var code = await world.CodeOfAsync("ada");
        await OrdersAsync(world, ("o1", "ben", 0, code, 0), ("o2", "cleo", 0, code, 0));
        await world.RunAsync("update clean_events set import_id = 0 where order_id = 'o1'");
        Assert.Null((await world.Programmes.PauseAsync(world.Shop, world.Programme, Now)).Problem);
        var imports = world.Studio.Get<ReferralImports>();
        Assert.Equal((0, 0), await imports.CountAsync(world.Shop.Workspace, Now));
        Assert.Null((await world.Programmes.StartAsync(world.Shop, world.Programme, Now)).Problem);
        Assert.Equal((1, 0), await imports.CountAsync(world.Shop.Workspace, Now));
        Assert.Equal("cleo", Assert.Single(await world.RewardsAsync()).FriendId);
        Assert.Null(await world.RefusedAsync(code, "ben", "o1"));
        await world.RunAsync("update clean_events set ts = ts - interval 2 day; update paid_orders set ts = ts - interval 2 day");
        Assert.Equal((0, 0), await imports.CountAsync(world.Shop.Workspace, Now));
        Assert.Equal(2, (await world.RewardsAsync()).Count);
    }

    [Fact]
    public async Task A_shop_that_cannot_be_read_does_not_keep_the_look_from_ending()
    {
        await using var world = await OpenAsync();
        var imports = world.Studio.Get<ReferralImports>();
        await world.RunAsync("create table paid_orders (order_no varchar)");
        await imports.CountDueAsync(Now);
        await world.RunAsync("drop table paid_orders");
        var code = await world.CodeOfAsync("ada");
        await OrdersAsync(world, ("o1", "ben", 1, code, 0));
        await imports.CountDueAsync(Now);
        Assert.Equal("ben", Assert.Single(await world.RewardsAsync()).FriendId);
    }

    /// <summary>As another process has it: nothing is remembered.</summary>
    private static ReferralImports Another(ReferralWorld world) => new(
        world.Studio.Get<IDbContextFactory<Core.AppState.StudioDb>>(), world.Studio.Get<Core.Warehouse.WarehouseRegistry>(), world.Studio.Get<RedemptionLedger>(), world.Studio.Get<ReferralFriends>(), TimeProvider.System,
        Microsoft.Extensions.Logging.Abstractions.NullLogger<ReferralImports>.Instance);

    /// <summary>The orders of the shop's data, as a run publishes them: forty euros each, five of them off.</summary>
    private static Task OrdersAsync(ReferralWorld world, params (string Order, string Shopper, int Day, string? Code, int Refunded)[] orders)
    {
        var rows = string.Join(", ", orders.Select(order => $"('{order.Order}', '{order.Shopper}', cast(now() as timestamp) - interval 1 hour - interval {10 - order.Day} minute, {(order.Code is null ? "null" : $"'{order.Code}'")}, {order.Refunded})"));
        return world.RunAsync($"""
            create or replace table paid_orders as
            select order_no, user_id, ts, cast(40 as decimal(18,4)) as gross, cast(5 as decimal(18,4)) as discount, cast(refunded as decimal(18,4)) as refunded, coupon_code from (values {rows}) as o(order_no, user_id, ts, coupon_code, refunded);
            create or replace table clean_events as
            select user_id, 'purchase' as event_type, ts, 'cup' as item_id, coupon_code, 'web' as channel, order_no as order_id, 1 as import_id from paid_orders;
            """);
    }
}
