using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Tests.Worlds;
using Xunit;
using static MerchantStudio.Tests.Promotions.Referrals.ReferralWorld;

namespace MerchantStudio.Tests.Promotions.Referrals;

/// <summary>Who gets a reward for whose order, once.</summary>
public sealed class ReferralRewardTests
{
    [Fact]
    public async Task A_friends_first_order_gives_the_advocate_one_reward_that_only_she_can_use_once()
    {
        await using var world = await OpenAsync();
        var code = await world.CodeOfAsync("ada");
        Assert.Equal(500, (await world.UseAsync(code, "ben", "o1", "k1")).Value.DiscountMinor);
        Assert.True((await world.UseAsync(code, "ben", "o1", "k1")).Value.Again);
        var reward = Assert.Single(await world.RewardsAsync());
        Assert.Equal(("ada", "ben", null), (reward.AdvocateId, reward.FriendId, reward.UsedIn));
        Assert.Equal(RefusalReason.RecipientMismatch, await world.RefusedAsync(reward.Code, "ben", "o2"));
        var used = (await world.UseAsync(reward.Code, "ada", "o3")).Value;
        Assert.Equal(used.Id, Assert.Single(await world.RewardsAsync()).UsedIn);
        Assert.Equal(RefusalReason.CodeLimitReached, await world.RefusedAsync(reward.Code, "ada", "o4"));
    }

    [Fact]
    public async Task Nobody_is_her_own_friend_whatever_she_calls_herself()
    {
        await using var world = await OpenAsync();
        var code = await world.CodeOfAsync("ada");
        await world.RunAsync("""
            insert into identities (alias, customer) values ('visitor-1', 'ada');
            insert into customers (user_id, email_hash) values ('ada', 'h1'), ('ada-again', 'h1'), ('ben', 'h2');
            """);
        foreach (var self in (string[])["ada", "visitor-1", "ada-again"]) Assert.Equal(RefusalReason.SelfReferral, await world.RefusedAsync(code, self, $"o-{self}"));
        Assert.Empty(await world.RewardsAsync());
        Assert.Null(await world.RefusedAsync(code, "ben", "o1"));
    }

    [Fact]
    public async Task Only_a_first_order_counts_whether_the_shop_redeemed_it_or_its_data_shows_it()
    {
        await using var world = await OpenAsync();
        var (ada, cleo) = (await world.CodeOfAsync("ada"), await world.CodeOfAsync("cleo"));
        await world.RunAsync("create table paid_orders (order_no varchar, user_id varchar, refunded decimal(18,4)); insert into paid_orders (order_no, user_id) values ('old', 'dan'), ('o9', 'eve');");
        Assert.Equal(RefusalReason.NotFirstOrder, await world.RefusedAsync(ada, "dan", "o1"));

        // The order itself may have arrived as an event before it is redeemed.
        Assert.Null(await world.RefusedAsync(ada, "eve", "o9"));
        Assert.Null(await world.RefusedAsync(ada, "ben", "o2"));
        Assert.Equal(RefusalReason.NotFirstOrder, await world.RefusedAsync(ada, "ben", "o3"));
        Assert.Equal(RefusalReason.NotFirstOrder, await world.RefusedAsync(cleo, "ben", "o4"));
        Assert.Equal(2, (await world.RewardsAsync()).Count);
    }

    [Fact]
    public async Task A_reward_goes_with_the_friends_order_unless_it_was_used_and_then_when_it_is_free_again()
    {
        await using var world = await OpenAsync();
        var code = await world.CodeOfAsync("ada");
        var first = (await world.UseAsync(code, "ben", "o1")).Value;
        var reward = Assert.Single(await world.RewardsAsync());
        Assert.Null(await world.TakeBackAsync(first.Id));
        Assert.NotNull(Assert.Single(await world.RewardsAsync()).TakenBackAt);
        Assert.Equal(RefusalReason.CouponNotFound, await world.RefusedAsync(reward.Code, "ada", "o2"));

        // The friend comes back: her first order, once more.
        var second = (await world.UseAsync(code, "ben", "o3")).Value;
        var again = Assert.Single(await world.RewardsAsync(), one => one.TakenBackAt is null);
        var used = (await world.UseAsync(again.Code, "ada", "o4")).Value;
        Assert.Null(await world.TakeBackAsync(second.Id));
        Assert.Null((await world.RewardsAsync()).Single(one => one.Id == again.Id).TakenBackAt);
        Assert.Null(await world.TakeBackAsync(used.Id));
        Assert.All(await world.RewardsAsync(), one => Assert.NotNull(one.TakenBackAt));
        Assert.Equal(RefusalReason.CouponNotFound, await world.RefusedAsync(again.Code, "ada", "o5"));
    }

    [Fact]
    public async Task Rewards_end_where_the_rewards_rule_has_no_room_and_friends_still_get_theirs()
    {
        await using var world = await OpenAsync(reward: rule => (rule.BudgetMinor, rule.UsesPerCustomer) = (1_000, 50));
        var code = await world.CodeOfAsync("ada");
        for (var friend = 0; friend < 3; friend++) Assert.Null(await world.RefusedAsync(code, $"friend-{friend}", $"o{friend}"));
        Assert.Equal(2, (await world.RewardsAsync()).Count);
    }

    [Theory]
    [InlineData(AppStateOn.Sqlite)]
    [InlineData(AppStateOn.Postgres)]
    public async Task Many_friends_at_once_bring_no_more_rewards_than_allowed_and_one_friend_brings_one(AppStateOn on)
    {
        await using var world = await OpenAsync(on);
        var code = await world.CodeOfAsync("ada");
        await Task.WhenAll(Enumerable.Range(0, 8).SelectMany(friend => Enumerable.Range(0, 2).Select(attempt => world.UseAsync(code, $"friend-{friend}", $"o{friend}", $"k{friend}"))));
        var rewards = await world.RewardsAsync();
        Assert.Equal(3, rewards.Count);
        Assert.Distinct(rewards.Select(reward => reward.FriendId));

        // One that is taken back makes room for one more.
        Assert.Null(await world.TakeBackAsync(rewards[0].RedemptionId));
        Assert.Null(await world.RefusedAsync(code, "late", "o99"));
        Assert.Equal(3, (await world.RewardsAsync()).Count(reward => reward.TakenBackAt is null));
    }

    [Theory]
    [InlineData(AppStateOn.Sqlite)]
    [InlineData(AppStateOn.Postgres)]
    public async Task A_reward_is_used_or_taken_back_and_never_both(AppStateOn on)
    {
        await using var world = await OpenAsync(on, mostRewards: 100);
        var code = await world.CodeOfAsync("ada");
        for (var round = 0; round < 6; round++)
        {
            var friend = (await world.UseAsync(code, $"friend-{round}", $"f{round}")).Value;
            var reward = (await world.RewardsAsync()).Single(one => one.RedemptionId == friend.Id);
            var using_ = world.UseAsync(reward.Code, "ada", $"a{round}");
            var taking = world.TakeBackAsync(friend.Id);
            await Task.WhenAll(using_, taking);
            var now = (await world.RewardsAsync()).Single(one => one.Id == reward.Id);
            Assert.Equal((await using_).Succeeded, now.UsedIn is not null);
            Assert.NotEqual(now.UsedIn is null, now.TakenBackAt is null);
        }
    }

    [Fact]
    public async Task A_paused_or_ended_programme_gives_nothing_and_rewards_that_were_given_stay()
    {
        await using var world = await OpenAsync();
        var code = await world.CodeOfAsync("ada");
        Assert.Null(await world.RefusedAsync(code, "ben", "o1"));
        Assert.Null((await world.Programmes.PauseAsync(world.Shop, world.Programme, Now)).Problem);
        Assert.Equal(RefusalReason.CouponPaused, await world.RefusedAsync(code, "cleo", "o2"));
        Assert.Null((await world.Programmes.EndAsync(world.Shop, world.Programme, Now)).Problem);
        Assert.Equal(RefusalReason.CouponNotFound, await world.RefusedAsync(code, "cleo", "o2"));
        Assert.Null(await world.RefusedAsync(Assert.Single(await world.RewardsAsync()).Code, "ada", "o3"));
    }
}
