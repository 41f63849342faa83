using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Promotions;

public sealed class RuleActivationTests() : RuleActivationContract(AppStateOn.Sqlite);

public sealed class RuleActivationOnPostgresTests() : RuleActivationContract(AppStateOn.Postgres);

public abstract class RuleActivationContract(AppStateOn on)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Activation_freezes_the_audience_and_gives_everybody_in_it_one_code_of_their_own()
    {
        await using var world = await PromotionWorld.OpenAsync(on, PromotionWorld.Shoppers(1, 0, 5));
        var marketer = PromotionWorld.As(Role.Marketer);
        var id = await SaveAsync(world, PromotionWorld.Draft() with { CodePrefix = "WIN" });
        var activation = (await world.Activation.ActivateAsync(marketer, id, 0, Token)).Value;
        Assert.Equal(new Activation(false, 2, 2), activation);
        var codes = (await world.Codes.ListAsync(marketer, new CodeQuestion(id), Token)).Value;
        Assert.Equal(["a", "c"], codes.Rows.Select(row => row.ShopperId).Order());
        Assert.All(codes.Rows, row => Assert.True(row.Code.StartsWith("WIN-", StringComparison.Ordinal) && CodeText.IsWellFormed(row.Code), row.Code));
        var rule = (await world.Rules.FindAsync(marketer, id, Token)).Value;
        Assert.Equal((CouponRuleState.Live, 2, 2, 0), (rule.State, rule.AudienceCount, rule.Given, rule.Used));
        await using var database = world.Databases.CreateDbContext();
        Assert.Equal(["rule.activated", "rule.created"], database.Audit.Select(entry => entry.Action).Order().ToArray());
    }

    [Fact]
    public async Task Of_many_clicks_at_once_one_gives_codes_out_and_all_get_its_answer()
    {
        await using var world = await PromotionWorld.OpenAsync(on, PromotionWorld.Shoppers([.. Enumerable.Repeat(2, 20)]));
        var marketer = PromotionWorld.As(Role.Marketer);
        var id = await SaveAsync(world, PromotionWorld.Draft());
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => world.Activation.ActivateAsync(marketer, id, 0, Token), Token)));
        Assert.All(answers, answer => Assert.Equal(new Activation(false, 20, 20), answer.Succeeded ? answer.Value : throw new InvalidOperationException(answer.Problem!.ToString())));
        Assert.Equal(20, (await world.Codes.ListAsync(marketer, new CodeQuestion(id), Token)).Value.Given);
    }

    [Fact]
    public async Task A_stop_in_the_middle_leaves_a_draft_without_codes()
    {
        await using var world = await PromotionWorld.OpenAsync(on, Many(20_000));
        var marketer = PromotionWorld.As(Role.Marketer);
        var id = await SaveAsync(world, PromotionWorld.Draft() with { BudgetMinor = null, Offer = new Offer(OfferKind.Fixed, AmountMinor: 10) });
        using var stop = new CancellationTokenSource();
        var running = world.Activation.ActivateAsync(marketer, id, 0, stop.Token);
        await Task.Delay(120, Token);
        await stop.CancelAsync();
        var stopped = await Record.ExceptionAsync(() => running) is not null;
        var rule = (await world.Rules.FindAsync(marketer, id, Token)).Value;
        Assert.Equal(stopped ? (CouponRuleState.Draft, 0) : (CouponRuleState.Live, 20_000), (rule.State, rule.Given));
        Assert.Equal(20_000, (await world.Activation.ActivateAsync(marketer, id, rule.Revision, Token)).Value.Given);
    }

    [Theory]
    [InlineData(3, 1, null, 3)]
    [InlineData(5, 2, null, 2)]
    [InlineData(null, 1, 7_000L, 3)]
    [InlineData(2, 1, 7_000L, 2)]
    [InlineData(null, 3, 12_000L, 2)]
    public async Task Codes_are_given_only_as_far_as_no_limit_can_break(int? totalUses, int each, long? budget, int expected)
    {
        await using var world = await PromotionWorld.OpenAsync(on, PromotionWorld.Shoppers(1, 2, 3, 4, 5));
        var draft = PromotionWorld.Draft(offer: new Offer(OfferKind.Percent, 1000, CapMinor: 2000)) with { TotalUses = totalUses, UsesPerCustomer = each, BudgetMinor = budget };
        var id = await SaveAsync(world, draft);
        var given = (await world.Activation.ActivateAsync(PromotionWorld.As(Role.Owner), id, 0, Token)).Value.Given;
        Assert.Equal(expected, given);
        Assert.True(totalUses is null || given * each <= totalUses);
        Assert.True(budget is null || given * each * 2000L <= budget);
        // Who spent most comes first.
        Assert.Equal(new[] { "e", "d", "c", "b", "a" }.Take(expected).Order(), (await world.Codes.ListAsync(PromotionWorld.As(Role.Owner), new CodeQuestion(id), Token)).Value.Rows.Select(row => row.ShopperId).Order());
    }

    [Fact]
    public async Task A_budget_above_the_shops_limit_waits_for_an_owner()
    {
        await using var world = await PromotionWorld.OpenAsync(on, PromotionWorld.Shoppers(1, 2));
        var id = await SaveAsync(world, PromotionWorld.Draft() with { BudgetMinor = 250_001 });
        Assert.Equal(new Activation(true, 2, 0), (await world.Activation.ActivateAsync(PromotionWorld.As(Role.Marketer), id, 0, Token)).Value);
        var waiting = (await world.Rules.FindAsync(PromotionWorld.As(Role.Marketer), id, Token)).Value;
        Assert.Equal((CouponRuleState.AwaitingApproval, 0), (waiting.State, waiting.Given));
        Assert.Equal(2, (await world.Activation.ActivateAsync(PromotionWorld.As(Role.Owner), id, waiting.Revision, Token)).Value.Given);
        Assert.Equal("Owner", (await world.Rules.FindAsync(PromotionWorld.As(Role.Marketer), id, Token)).Value.ApprovedBy);
    }

    [Fact]
    public async Task An_owner_sends_a_waiting_rule_back_with_what_is_to_change()
    {
        await using var world = await PromotionWorld.OpenAsync(on, PromotionWorld.Shoppers(1, 2));
        var (marketer, owner) = (PromotionWorld.As(Role.Marketer), PromotionWorld.As(Role.Owner));
        var dear = PromotionWorld.Draft() with { BudgetMinor = 250_001 };
        var id = await SaveAsync(world, dear);
        Assert.Equal("rule.unfit-state", (await world.Activation.SendBackAsync(owner, id, 0, "Half the budget will do.", Token)).Problem?.Code);
        await world.Activation.ActivateAsync(marketer, id, 0, Token);
        Assert.Equal("access.refused", (await world.Activation.SendBackAsync(marketer, id, 1, "Half the budget will do.", Token)).Problem?.Code);
        Assert.Equal("rule.sent-back-unexplained", (await world.Activation.SendBackAsync(owner, id, 1, "   no  ", Token)).Problem?.Code);
        Assert.Equal("rule.changed-meanwhile", (await world.Activation.SendBackAsync(owner, id, 0, "Half the budget will do.", Token)).Problem?.Code);
        Assert.True((await world.Activation.SendBackAsync(owner, id, 1, " Half the budget will do. ", Token)).Succeeded);
        var back = (await world.Rules.FindAsync(marketer, id, Token)).Value;
        Assert.Equal((CouponRuleState.Draft, new SentBack("Owner", "Half the budget will do."), 0), (back.State, back.SentBack, back.Given));
        // The reason is read until the rule is sent anew.
        await world.Rules.SaveAsync(marketer, id, back.Revision, dear with { BudgetMinor = 250_002 }, Token);
        Assert.NotNull((await world.Rules.FindAsync(marketer, id, Token)).Value.SentBack);
        Assert.True((await world.Activation.ActivateAsync(marketer, id, back.Revision + 1, Token)).Value.AwaitsApproval);
        Assert.Null((await world.Rules.FindAsync(marketer, id, Token)).Value.SentBack);
        await using var database = await world.Databases.CreateDbContextAsync(Token);
        Assert.EndsWith("sent back: Half the budget will do.", (await database.Audit.SingleAsync(entry => entry.Action == "rule.sent-back", Token)).After);
    }

    [Fact]
    public async Task Only_roles_that_may_publish_take_a_rule_live_and_a_stale_page_is_refused()
    {
        await using var world = await PromotionWorld.OpenAsync(on, PromotionWorld.Shoppers(1));
        var id = await SaveAsync(world, PromotionWorld.Draft());
        foreach (var role in (Role[])[Role.Viewer, Role.Support, Role.Analyst])
            Assert.Equal("access.refused", (await world.Activation.ActivateAsync(PromotionWorld.As(role), id, 0, Token)).Problem?.Code);
        Assert.True((await world.Rules.SaveAsync(PromotionWorld.As(Role.Marketer), id, 0, PromotionWorld.Draft() with { Name = "Changed" }, Token)).Succeeded);
        Assert.Equal("rule.changed-meanwhile", (await world.Activation.ActivateAsync(PromotionWorld.As(Role.Marketer), id, 0, Token)).Problem?.Code);
        Assert.Equal("rule.changed-meanwhile", (await world.Rules.SaveAsync(PromotionWorld.As(Role.Marketer), id, 0, PromotionWorld.Draft(), Token)).Problem?.Code);
    }

    [Fact]
    public async Task A_live_rule_pauses_resumes_ends_and_keeps_its_terms()
    {
        await using var world = await PromotionWorld.OpenAsync(on, PromotionWorld.Shoppers(1));
        var marketer = PromotionWorld.As(Role.Marketer);
        var id = await SaveAsync(world, PromotionWorld.Draft() with { EndsOn = new DateOnly(2026, 11, 30) });
        Assert.Equal("rule.unfit-state", (await world.Activation.PauseAsync(marketer, id, Token)).Problem?.Code);
        await world.Activation.ActivateAsync(marketer, id, 0, Token);
        Assert.Equal("rule.not-editable", (await world.Rules.SaveAsync(marketer, id, 1, PromotionWorld.Draft(), Token)).Problem?.Code);
        Assert.Equal("rule.not-editable", (await world.Rules.DeleteAsync(marketer, id, Token)).Problem?.Code);
        Assert.True((await world.Activation.PauseAsync(marketer, id, Token)).Succeeded);
        Assert.True((await world.Activation.ResumeAsync(marketer, id, Token)).Succeeded);
        // The last second of the last day in Vienna is 22:59:59 UTC.
        world.Time.At = new DateTimeOffset(2026, 11, 30, 22, 59, 59, TimeSpan.Zero);
        Assert.Equal(CouponRuleState.Live, (await world.Rules.FindAsync(marketer, id, Token)).Value.State);
        world.Time.At = new DateTimeOffset(2026, 11, 30, 23, 0, 0, TimeSpan.Zero);
        Assert.Equal(CouponRuleState.Ended, (await world.Rules.FindAsync(marketer, id, Token)).Value.State);
    }

    [Fact]
    public async Task A_hundred_thousand_codes_are_given_out_in_seconds_and_are_all_different()
    {
        await using var world = await PromotionWorld.OpenAsync(on, Many(100_000));
        var id = await SaveAsync(world, PromotionWorld.Draft() with { BudgetMinor = null, Offer = new Offer(OfferKind.Fixed, AmountMinor: 1) });
        var watch = Stopwatch.StartNew();
        Assert.Equal(100_000, (await world.Activation.ActivateAsync(PromotionWorld.As(Role.Owner), id, 0, Token)).Value.Given);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"100,000 codes in {watch.Elapsed.TotalSeconds:F2} s"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(on == AppStateOn.Sqlite ? 10 : 20), watch.Elapsed.ToString());
        await using var database = world.Databases.CreateDbContext();
        Assert.Equal(100_000, await database.CouponCodes.Select(code => code.Code).Distinct().CountAsync(Token));
    }

    private static ImmutableArray<ShopperFacts> Many(int count) =>
        [.. Enumerable.Range(0, count).Select(index => new ShopperFacts { UserId = index.ToString(CultureInfo.InvariantCulture), Orders = 1 })];

    private static async Task<Guid> SaveAsync(PromotionWorld world, RuleDraft draft) => (await world.Rules.SaveAsync(PromotionWorld.As(Role.Marketer), null, 0, draft, Token)).Value;
}
