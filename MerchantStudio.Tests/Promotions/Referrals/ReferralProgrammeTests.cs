using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Referrals;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Conditions;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static MerchantStudio.Tests.Promotions.Referrals.ReferralWorld;

namespace MerchantStudio.Tests.Promotions.Referrals;

/// <summary>What a programme may be, who has a code of it, and what is counted.</summary>
public sealed class ReferralProgrammeTests
{
    [Fact]
    public async Task A_customer_who_asks_twice_or_twice_at_once_has_one_code()
    {
        await using var world = await OpenAsync();
        var codes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.Codes.GiveAsync(world.Shop, world.Programme, "ada", Now)));
        Assert.Single(codes.Select(code => code.Value.Code).Distinct(StringComparer.Ordinal));
        Assert.Single(codes, code => !code.Value.Again);
        Assert.True(CodeText.IsWellFormed(codes[0].Value.Code));
        Assert.IsType<ReferralCustomerMissing>((await world.Codes.GiveAsync(world.Shop, world.Programme, " ", Now)).Problem);
        Assert.IsType<ReferralGone>((await world.Codes.GiveAsync(await world.Studio.WorkspaceAsync("coffee"), world.Programme, "ada", Now)).Problem);
        await world.Programmes.PauseAsync(world.Shop, world.Programme, Now);
        Assert.IsType<ReferralNotRunning>((await world.Codes.GiveAsync(world.Shop, world.Programme, "ben", Now)).Problem);
    }

    [Fact]
    public async Task A_programme_whose_offers_cannot_be_kept_is_refused_before_it_starts()
    {
        await using var world = await OpenAsync(reward: rule => rule.UsesPerCustomer = 5);
        var draft = new ReferralDraft("Another", world.Friend.Id, world.Reward.Id, 5);
        Assert.IsType<ReferralRulesUnfit>((await world.Programmes.SaveAsync(world.Shop, null, 0, draft with { RewardRuleId = world.Friend.Id }, Now)).Problem);
        Assert.IsType<ReferralRulesUnfit>((await world.Programmes.SaveAsync(world.Shop, null, 0, draft with { RewardRuleId = Guid.NewGuid() }, Now)).Problem);
        Assert.IsType<ReferralRewardUses>((await world.Programmes.SaveAsync(world.Shop, null, 0, draft with { MostRewards = 6 }, Now)).Problem);
        Assert.IsType<ReferralNameTaken>((await world.Programmes.SaveAsync(world.Shop, null, 0, draft with { Name = "Bring a friend" }, Now)).Problem);
        Assert.IsType<ReferralNotEditable>((await world.Programmes.SaveAsync(world.Shop, world.Programme, 1, new ReferralDraft("Bring a friend", world.Reward.Id, world.Friend.Id, 3), Now)).Problem);
        Assert.IsType<RuleChangedMeanwhile>((await world.Programmes.SaveAsync(world.Shop, world.Programme, 0, draft with { Name = "Renamed" }, Now)).Problem);
        Assert.True((await world.Programmes.SaveAsync(world.Shop, world.Programme, 1, draft with { Name = "Renamed" }, Now)).Succeeded);

        // Without a budget only an owner may let it run: nobody knows how many friends will come.
        var second = (await world.Programmes.SaveAsync(world.Shop, null, 0, draft, Now)).Value;
        var marketer = world.Shop with { Actor = new Actor("Max", null, Role.Marketer) };
        Assert.IsType<ReferralNeedsOwner>((await world.Programmes.StartAsync(marketer, second, Now)).Problem);
        Assert.Null((await world.Programmes.StartAsync(world.Shop, second, Now)).Problem);
    }

    [Fact]
    public async Task Drafted_rules_go_live_with_the_programme_and_give_nobody_a_code_by_themselves()
    {
        await using var world = await OpenAsync();
        await ProfileTables.WriteAsync(await world.Studio.Get<WarehouseRegistry>().OpenAsync(world.Shop.Workspace, Now), PromotionWorld.Now, PromotionWorld.Shoppers(3), Now);
        var rules = world.Studio.Get<CouponRules>();
        var regulars = (await rules.SaveAsync(world.Shop, null, 0, PromotionWorld.Draft(), Now)).Value;
        Assert.IsType<ReferralFriendCondition>((await world.Programmes.SaveAsync(world.Shop, null, 0, new ReferralDraft("Regulars", regulars, world.Reward.Id, 2), Now)).Problem);
        var ids = new List<Guid>();
        foreach (var name in (string[])["For friends", "For advocates"])
            ids.Add((await rules.SaveAsync(world.Shop, null, 0, new RuleDraft(name, Core.Conditions.Condition.Everybody, new Offer(OfferKind.Fixed, AmountMinor: 300), UsesPerCustomer: 2, TotalUses: 100), Now)).Value);
        var id = (await world.Programmes.SaveAsync(world.Shop, null, 0, new ReferralDraft("Drafted", ids[0], ids[1], 2), Now)).Value;
        Assert.Null((await world.Programmes.StartAsync(world.Shop, id, Now)).Problem);
        await using var database = await world.Studio.DbAsync();
        Assert.All(await database.CouponRules.Where(rule => ids.Contains(rule.Id)).ToListAsync(Now), rule => Assert.Equal(CouponRuleState.Live, rule.State));
        Assert.Equal(0, await database.CouponCodes.CountAsync(code => ids.Contains(code.RuleId), Now));
    }

    [Fact]
    public async Task Shares_friends_orders_revenue_and_rewards_are_counted_with_the_rows_behind_them()
    {
        await using var world = await OpenAsync(mostRewards: 1);
        var (ada, fay) = (await world.CodeOfAsync("ada"), await world.CodeOfAsync("fay"));
        Assert.Equal(0, (await world.Reports.ReadAsync(world.Shop, world.Programme, 500, Now)).Value.Shares);
        await world.UseAsync(ada, "ben", "o1");
        await world.UseAsync(ada, "cleo", "o2");
        var third = (await world.UseAsync(ada, "dan", "o3")).Value;
        await world.TakeBackAsync(third.Id);
        await world.RunAsync($"""
            create table paid_orders (order_no varchar, user_id varchar, refunded decimal(18,4));
            insert into paid_orders values ('o1', 'ben', 10), ('o2', 'cleo', 0);
            create table clean_events (user_id varchar, event_type varchar, ts timestamp, item_id varchar, coupon_code varchar, channel varchar);
            insert into clean_events values
                ('ada', 'share', timestamp '2000-01-01', 'cup', null, 'web'), ('ada', 'share', timestamp '2100-01-01', 'cup', null, 'web'), ('ada', 'share', timestamp '2100-01-02', 'cup', '{ada.ToLowerInvariant()}', 'app'),
                ('ada', 'share', timestamp '2100-01-02', 'cup', '{fay}', 'app'), ('gus', 'share', timestamp '2100-01-02', 'cup', null, 'app'), ('gus', 'coupon', timestamp '2100-01-03', null, '{ada}', 'web'), ('ada', 'coupon', timestamp '2100-01-03', null, '{ada}', 'web');
            """);
        var reading = (await world.Reports.ReadAsync(world.Shop, world.Programme, 500, Now)).Value;
        var row = reading.Advocates[0];

        // Ben, Cleo and Dan used it, Gus came with it; Ben sent ten euros' worth back; Dan's order was taken back.
        Assert.Equal(("ada", 2, 4, 2, 3_500 + 3_500 - 1_000, 1, 0), (row.ShopperId, row.Shares, row.Friends, row.Orders, row.RevenueMinor, row.Rewards, row.RewardsUsed));
        Assert.Equal((2, 0, 2), (reading.Shares, reading.RewardsTakenBack, reading.AllAdvocates));
        Assert.Equal((reading, 1), ((await world.Reports.ReadAsync(world.Shop, world.Programme, 1, Now)).Value with { Advocates = reading.Advocates }, (await world.Reports.ReadAsync(world.Shop, world.Programme, 1, Now)).Value.Advocates.Length));
        var rows = (await world.Reports.RowsAsync(world.Shop, world.Programme, "ada", Now)).Value;
        Assert.Equal((row.Shares, 3), (rows.Shares.Length, rows.Orders.Length));
        Assert.Equal([RewardState.None, RewardState.None, RewardState.Given], rows.Orders.OrderByDescending(order => order.OrderId).Select(order => order.Reward));
        using var file = new MemoryStream();
        Assert.Equal(2, (await world.Reports.WriteAsync(world.Shop, world.Programme, ReferralReports.Columns.ToArray(), ExportFormat.Csv, file, Now)).Value);
        var text = System.Text.Encoding.UTF8.GetString(file.ToArray());
        Assert.Contains($"ada,{ada},", text, StringComparison.Ordinal);
        Assert.Contains(",2,4,2,60.00,1,0", text, StringComparison.Ordinal);
    }
}
