using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static MerchantStudio.Tests.Promotions.Redemptions.LedgerWorld;

namespace MerchantStudio.Tests.Promotions.Redemptions;

public sealed class RedemptionLedgerTests() : RedemptionLedgerContract(AppStateOn.Sqlite)
{
    /// <summary>SQLite guesses which index is the narrow one; a wrong guess reads all redemptions of the shop for each new one.</summary>
    [Theory, Trait("Row", "L3")]
    [InlineData("OrderId")]
    [InlineData("ShopperId")]
    public async Task What_stands_on_an_order_or_with_a_shopper_is_found_by_an_index(string column)
    {
        await using var world = await OpenAsync(AppStateOn.Sqlite);
        await using var database = world.Databases.CreateDbContext();
        await database.Database.OpenConnectionAsync(Now);
        await using var command = database.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"explain query plan select \"Id\" from \"Redemptions\" where \"WorkspaceId\" = 'tea' and \"{column}\" = 'one' and \"RolledBackAt\" is null";
        await using var plan = await command.ExecuteReaderAsync(Now);
        Assert.True(await plan.ReadAsync(Now));
        Assert.Contains($"{column}=?", plan.GetString(3), StringComparison.Ordinal);
    }
}

public sealed class RedemptionLedgerOnPostgresTests() : RedemptionLedgerContract(AppStateOn.Postgres)
{
    [Fact, Trait("Row", "R9")]
    public async Task Two_processes_with_a_memory_each_give_out_no_more_than_there_is()
    {
        await using var world = await OpenAsync(AppStateOn.Postgres);
        var ledgers = (RedemptionLedger[])[world.Ledger, world.AnotherLedger()];
        var limits = (CounterLimit[])[OfCampaign(40 * 250), OfRule(100)];
        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(index => Task.Run(() => ledgers[index % 2].AddAsync(Use($"k{index / 2}", $"o{index / 2}", 250, limits: [.. limits]), Now))));
        Assert.Equal(40, answers.Count(answer => answer is LedgerAnswer.Written { Again: false }));
        Assert.Equal((40, 40 * 250L), await world.CheckAsync(limits));
    }

    /// <summary>Read, read, write, write: both saw room for one more, and only the statement that counts can tell them apart.</summary>
    [Theory, Trait("Row", "R10")]
    [InlineData(1, null)]
    [InlineData(null, 999L)]
    public async Task Of_two_who_both_saw_room_for_the_last_use_the_second_is_refused(int? mostUses, long? mostMinor)
    {
        await using var world = await OpenAsync(AppStateOn.Postgres);
        var limit = OfRule(mostUses, mostMinor);
        await using var first = world.Databases.CreateDbContext();
        await using var transaction = await first.Database.BeginTransactionAsync(Now);
        first.RedemptionCounters.Add(new RedemptionCounter { WorkspaceId = Tea, Scope = limit.Scope, Key = limit.Key, Uses = 1, SpentMinor = 500 });
        await first.SaveChangesAsync(Now);
        var second = Task.Run(() => world.Ledger.AddAsync(Use("k2", "o2", limits: [limit]), Now));
        await Task.Delay(300, Now);
        Assert.False(second.IsCompleted);
        await transaction.CommitAsync(Now);
        Assert.Equal(RefusalReason.RuleLimitReached, Assert.IsType<LedgerAnswer.Refused>(await second).Reason);
        Assert.False(await first.Redemptions.AnyAsync(Now));
        Assert.Equal(1, (await first.RedemptionCounters.AsNoTracking().SingleAsync(counter => counter.Scope == limit.Scope, Now)).Uses);
    }

    [Fact, Trait("Row", "R10")]
    public async Task Whoever_pauses_a_rule_waits_for_the_uses_under_way_and_those_that_come_after_find_it_paused()
    {
        await using var world = await OpenAsync(AppStateOn.Postgres);
        await using var paused = world.Databases.CreateDbContext();
        await using var transaction = await paused.Database.BeginTransactionAsync(Now);
        await paused.CouponRules.Where(rule => rule.Id == Rule).ExecuteUpdateAsync(set => set.SetProperty(rule => rule.State, CouponRuleState.Paused), Now);
        var use = Task.Run(() => world.Ledger.AddAsync(Use("k1", "o1"), Now));
        await Task.Delay(300, Now);
        Assert.False(use.IsCompleted);
        await transaction.CommitAsync(Now);
        Assert.IsType<LedgerAnswer.Moved>(await use);
        Assert.Equal((0, 0L), await world.CheckAsync());
    }
}

public abstract class RedemptionLedgerContract(AppStateOn on)
{
    [Fact, Trait("Row", "R1")]
    public async Task Of_many_at_once_exactly_as_many_succeed_as_the_coupon_has_uses_and_the_budget_is_met_to_the_cent()
    {
        await using var world = await OpenAsync(on);
        var limit = OfRule(50, 50 * 333);
        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(index => Task.Run(() => world.Ledger.AddAsync(Use($"k{index}", $"o{index}", 333, limits: [limit]), Now))));
        Assert.Equal(50, answers.Count(answer => answer is LedgerAnswer.Written { Again: false }));
        Assert.Equal(950, answers.Count(answer => answer is LedgerAnswer.Refused { Reason: RefusalReason.RuleLimitReached }));
        Assert.Equal((50, 50 * 333L), await world.CheckAsync(limit));
    }

    [Fact, Trait("Row", "R3")]
    public async Task The_same_request_many_times_at_once_has_one_effect_and_one_answer()
    {
        await using var world = await OpenAsync(on);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => world.Ledger.AddAsync(Use("k1", "o1", limits: [OfRule(5)]), Now))));
        var rows = answers.Cast<LedgerAnswer.Written>().ToList();
        Assert.Single(rows, row => !row.Again);
        Assert.Single(rows.Select(row => (row.Row.Id, row.Row.At.UtcTicks, row.Row.DetailJson)).Distinct());
        Assert.Equal((1, 500L), await world.CheckAsync());
    }

    [Fact, Trait("Row", "R4")]
    public async Task A_key_is_good_for_one_request_and_in_one_shop()
    {
        await using var world = await OpenAsync(on);
        Assert.IsType<LedgerAnswer.Written>(await world.Ledger.AddAsync(Use("k1", "o1"), Now));
        Assert.IsType<LedgerAnswer.KeyTaken>(await world.Ledger.AddAsync(Use("k1", "o2", hash: "other"), Now));
        Assert.False(Assert.IsType<LedgerAnswer.Written>(await world.Ledger.AddAsync(Use("k1", "o1", shop: Coffee), Now)).Again);
        Assert.Equal((2, 1_000L), await world.CheckAsync());
    }

    [Fact, Trait("Row", "R5")]
    public async Task A_day_and_an_hour_later_the_key_still_answers_and_the_order_still_stops_a_second_use()
    {
        await using var world = await OpenAsync(on);
        var first = Assert.IsType<LedgerAnswer.Written>(await world.Ledger.AddAsync(Use("k1", "o1"), Now));
        world.Time.At += TimeSpan.FromHours(25);
        var again = Assert.IsType<LedgerAnswer.Written>(await world.Ledger.AddAsync(Use("k1", "o1"), Now));
        Assert.True(again.Again);
        Assert.Equal(first.Row.Id, again.Row.Id);
        Assert.Equal(RefusalReason.OrderAlreadyRedeemed, Assert.IsType<LedgerAnswer.Refused>(await world.Ledger.AddAsync(Use("k2", "o1"), Now)).Reason);

        // A clock that was set back neither.
        world.Time.At -= TimeSpan.FromDays(3);
        Assert.Equal(RefusalReason.OrderAlreadyRedeemed, Assert.IsType<LedgerAnswer.Refused>(await world.Ledger.AddAsync(Use("k3", "o1"), Now)).Reason);
        Assert.Equal((1, 500L), await world.CheckAsync());
    }

    [Fact]
    public async Task Taking_back_gives_every_limit_its_share_once_and_frees_the_order()
    {
        await using var world = await OpenAsync(on);
        var limits = (CounterLimit[])[OfCampaign(1_200), OfRule(2), OfCustomer("ann", 1), OfCode("TEA", 2)];
        var first = Assert.IsType<LedgerAnswer.Written>(await world.Ledger.AddAsync(Use("k1", "o1", 700, shopper: "ann", limits: [.. limits]), Now));
        Assert.Equal(RefusalReason.CampaignLimitReached, Assert.IsType<LedgerAnswer.Refused>(await world.Ledger.AddAsync(Use("k2", "o2", 700, shopper: "ann", limits: [.. limits]), Now)).Reason);
        Assert.Equal(RefusalReason.CustomerLimitReached, Assert.IsType<LedgerAnswer.Refused>(await world.Ledger.AddAsync(Use("k2", "o2", 500, shopper: "ann", limits: [.. limits]), Now)).Reason);
        var undone = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => world.Ledger.TakeBackAsync(Tea, first.Row.Id, "Nora", Now))));
        Assert.Single(undone, answer => answer is LedgerAnswer.Written { Again: false });
        Assert.All(undone, answer => Assert.Equal(Start, Assert.IsType<LedgerAnswer.Written>(answer).Row.RolledBackAt));
        Assert.Equal((0, 0L), await world.CheckAsync(limits));
        Assert.IsType<LedgerAnswer.Written>(await world.Ledger.AddAsync(Use("k3", "o1", 700, shopper: "ann", limits: [.. limits]), Now));
        Assert.Equal((1, 700L), await world.CheckAsync(limits));
        Assert.IsType<LedgerAnswer.Unknown>(await world.Ledger.TakeBackAsync(Coffee, first.Row.Id, "Nora", Now));
    }

    [Fact, Trait("Row", "R10")]
    public async Task A_rule_that_was_paused_changed_or_ended_meanwhile_gives_nothing_by_its_old_terms()
    {
        await using var world = await OpenAsync(on);
        await using var database = world.Databases.CreateDbContext();
        Task SetAsync(CouponRuleState state, int revision, DateTimeOffset? ends) => database.CouponRules.Where(rule => rule.Id == Rule)
            .ExecuteUpdateAsync(set => set.SetProperty(rule => rule.State, state).SetProperty(rule => rule.Revision, revision).SetProperty(rule => rule.EndsAt, ends), Now);
        foreach (var (state, revision, ends) in ((CouponRuleState, int, DateTimeOffset?)[])[(CouponRuleState.Paused, 1, null), (CouponRuleState.Live, 2, null), (CouponRuleState.Live, 1, Start.AddSeconds(-1))])
        {
            await SetAsync(state, revision, ends);
            Assert.IsType<LedgerAnswer.Moved>(await world.Ledger.AddAsync(Use("k1", "o1"), Now));
        }

        await SetAsync(CouponRuleState.Live, 1, Start);
        Assert.IsType<LedgerAnswer.Written>(await world.Ledger.AddAsync(Use("k1", "o1"), Now));
        Assert.Equal((1, 500L), await world.CheckAsync());
    }

    [Fact]
    public async Task Two_coupons_on_one_order_are_judged_one_after_the_other()
    {
        await using var world = await OpenAsync(on);
        var first = Assert.IsType<LedgerAnswer.Written>(await world.Ledger.AddAsync(Use("k1", "o1"), Now));
        Assert.IsType<LedgerAnswer.Moved>(await world.Ledger.AddAsync(Use("k2", "o1", coupon: "MORE"), Now));
        Assert.IsType<LedgerAnswer.Written>(await world.Ledger.AddAsync(Use("k2", "o1", coupon: "MORE") with { OnOrder = [first.Row.Id] }, Now));
        Assert.Equal((2, 1_000L), await world.CheckAsync());
    }

    [Fact]
    public async Task One_request_that_the_database_refuses_takes_none_of_its_neighbours_with_it()
    {
        await using var world = await OpenAsync(on);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(index => Task.Run(async () =>
        {
            try
            {
                // No workspace of that name: the foreign key fails.
                return (await world.Ledger.AddAsync(index == 7 ? Use("k", "o", shop: new("nowhere")) : Use($"k{index}", $"o{index}"), Now)).GetType().Name;
            }
            catch (System.Data.Common.DbException)
            {
                return "fault";
            }
        })));
        Assert.Equal(39, answers.Count(answer => answer == nameof(LedgerAnswer.Written)));
        Assert.Equal((39, 39 * 500L), await world.CheckAsync());
    }
}
