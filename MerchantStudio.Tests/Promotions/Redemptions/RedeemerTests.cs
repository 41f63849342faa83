using System.Diagnostics;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Conditions;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static MerchantStudio.Tests.Promotions.Redemptions.LedgerWorld;

namespace MerchantStudio.Tests.Promotions.Redemptions;

public sealed class RedeemerTests : IAsyncLifetime
{
    private TemporaryStudio _studio = null!;
    private WorkspaceScope _shop = null!;

    private Redeemer Redeemer => _studio.Get<Redeemer>();

    public async ValueTask InitializeAsync()
    {
        _studio = await TemporaryStudio.OpenAsync();
        _shop = await _studio.WorkspaceAsync();
    }

    public ValueTask DisposeAsync() => _studio.DisposeAsync();

    [Fact]
    public async Task A_code_is_redeemed_once_on_an_order_and_can_be_used_again_when_it_was_taken_back()
    {
        await TestRules.AddAsync(_studio, _shop, "SUMMER", rule => rule.UsesPerCustomer = 1);
        var verdict = (await Redeemer.ValidateAsync(_shop, Use("summer", null), Now)).Value;
        Assert.Equal((null, 500L), (verdict.Reason, verdict.Price?.DiscountMinor ?? 0));
        var use = (await Redeemer.RedeemAsync(_shop, "k1", Use("Summer", "o1"), Now)).Value;
        Assert.Equal(("SUMMER", "o1", 500L, 4_000L, false), (use.Coupon, use.OrderId, use.DiscountMinor, use.OrderMinor, use.Again));
        Assert.Equal([375L, 125L], use.Lines.Select(line => line.DiscountMinor));
        await IsRefusedAsync(RefusalReason.OrderAlreadyRedeemed, "k2", Use("SUMMER", "o1"));
        await IsRefusedAsync(RefusalReason.CustomerLimitReached, "k3", Use("SUMMER", "o2"));
        Assert.Equal(RefusalReason.CustomerLimitReached, (await Redeemer.ValidateAsync(_shop, Use("SUMMER", "o2"), Now)).Value.Reason);
        Assert.NotNull((await Redeemer.RollBackAsync(_shop, use.Id, Now)).Value.RolledBackAt);
        Assert.Equal("o2", (await Redeemer.RedeemAsync(_shop, "k4", Use("SUMMER", "o2"), Now)).Value.OrderId);

        // What was asked first is answered as it was then.
        Assert.True((await Redeemer.RedeemAsync(_shop, "k1", Use("Summer", "o1"), Now)).Value.Again);
        Assert.IsType<IdempotencyKeyTaken>((await Redeemer.RedeemAsync(_shop, "k1", Use("Summer", "o3"), Now)).Problem);
    }

    [Fact, Trait("Row", "R3")]
    public async Task The_last_use_asked_for_many_times_at_once_under_one_key_is_given_to_each_asker()
    {
        for (var round = 0; round < 5; round++)
        {
            var code = $"LAST{round}";
            await TestRules.AddAsync(_studio, _shop, code, rule => (rule.UsesPerCustomer, rule.TotalUses) = (1, 1));
            var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => Redeemer.RedeemAsync(_shop, $"key {code}", Use(code, $"order {code}"), Now))));

            // None is told that the use is gone which she has had herself.
            Assert.All(answers, answer => Assert.Null(answer.Problem));
            Assert.Single(answers.Select(answer => answer.Value.Id).Distinct());
            Assert.Single(answers, answer => !answer.Value.Again);
        }
    }

    [Fact, Trait("Row", "R8")]
    public async Task Unknown_foreign_unbegun_and_expired_codes_are_one_and_the_same_answer()
    {
        var now = TimeProvider.System.GetUtcNow();
        await TestRules.AddAsync(_studio, _shop, "OVER", rule => rule.EndsAt = now.AddDays(-1));
        await TestRules.AddAsync(_studio, _shop, "SOON", rule => rule.StartsAt = now.AddDays(1));
        await TestRules.AddAsync(_studio, _shop, "DRAFTED", rule => rule.State = CouponRuleState.Draft);
        await TestRules.AddAsync(_studio, await _studio.WorkspaceAsync("coffee"), "FOREIGN");
        var times = new Dictionary<string, List<double>>();
        var codes = (string[])["OVER", "SOON", "DRAFTED", "FOREIGN", "NOTHING"];
        for (var round = 0; round < 25; round++)
        {
            foreach (var code in codes)
            {
                var started = Stopwatch.GetTimestamp();
                var verdict = (await Redeemer.ValidateAsync(_shop, Use(code, "o1"), Now)).Value;
                if (!times.TryGetValue(code, out var list)) times[code] = list = [];
                list.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                Assert.Equal((RefusalReason.CouponNotFound, null, null, 0), (verdict.Reason, verdict.RuleId, verdict.Price, verdict.Trace.Length));
            }
        }

        var medians = times.Values.Select(list => list.Order().ElementAt(list.Count / 2)).ToList();
        Assert.True(medians.Max() - medians.Min() < 5, string.Join(", ", medians));
    }

    [Fact]
    public async Task What_cannot_be_given_is_refused_with_the_one_reason_it_has()
    {
        await TestRules.AddAsync(_studio, _shop, "PAUSED", rule => rule.State = CouponRuleState.Paused);
        await TestRules.AddAsync(_studio, _shop, "FIFTY", rule => rule.OfferJson = TestRules.Off(500, 5_000));
        await TestRules.AddAsync(_studio, _shop, "BUDGET", rule => rule.BudgetMinor = 900);
        await TestRules.AddAsync(_studio, _shop, "ONCE", mostUses: 1);
        await IsRefusedAsync(RefusalReason.CouponPaused, "k1", Use("PAUSED", "o1"));
        await IsRefusedAsync(RefusalReason.MinimumNotMet, "k1", Use("FIFTY", "o1"));
        await IsRefusedAsync(RefusalReason.CustomerUnknown, "k1", Use("BUDGET", "o1") with { ShopperId = null });
        Assert.True((await Redeemer.RedeemAsync(_shop, "k1", Use("BUDGET", "o1"), Now)).Succeeded);
        await IsRefusedAsync(RefusalReason.RuleLimitReached, "k2", Use("BUDGET", "o2"));
        Assert.True((await Redeemer.RedeemAsync(_shop, "k3", Use("ONCE", "o3"), Now)).Succeeded);
        await IsRefusedAsync(RefusalReason.CodeLimitReached, "k4", Use("ONCE", "o4"));
        Assert.IsType<IdempotencyKeyUnfit>((await Redeemer.RedeemAsync(_shop, "", Use("ONCE", "o4"), Now)).Problem);
        Assert.IsType<OrderIdUnfit>((await Redeemer.RedeemAsync(_shop, "k5", Use("ONCE", null), Now)).Problem);
        Assert.IsType<CartQuantityUnfit>((await Redeemer.RedeemAsync(_shop, "k5", new CouponUse("ONCE", "o4", "ann", new Cart([new CartLine("cup", null, null, -1, 100)], 0, "EUR")), Now)).Problem);
        Assert.IsType<CartCurrencyOther>((await Redeemer.RedeemAsync(_shop, "k5", new CouponUse("ONCE", "o4", "ann", new Cart([new CartLine("cup", null, null, 1, 100)], 0, "USD")), Now)).Problem);
    }

    [Fact]
    public async Task A_second_coupon_on_an_order_takes_off_what_the_first_left_and_never_more()
    {
        await TestRules.AddAsync(_studio, _shop, "FIRST", rule => (rule.OfferJson, rule.CombinesWith) = (TestRules.Off(3_900), (int)OfferClasses.All));
        await TestRules.AddAsync(_studio, _shop, "SECOND", rule => (rule.OfferJson, rule.CombinesWith) = (TestRules.Off(3_900), (int)OfferClasses.All));
        await TestRules.AddAsync(_studio, _shop, "THIRD", rule => rule.CombinesWith = (int)OfferClasses.All);
        Assert.Equal(3_900, (await Redeemer.RedeemAsync(_shop, "k1", Use("FIRST", "o1"), Now)).Value.DiscountMinor);
        Assert.Equal(100, (await Redeemer.RedeemAsync(_shop, "k2", Use("SECOND", "o1"), Now)).Value.DiscountMinor);
        await IsRefusedAsync(RefusalReason.NothingToDiscount, "k3", Use("THIRD", "o1"));
    }

    [Fact]
    public async Task A_personal_code_is_good_in_its_owners_hands_only()
    {
        var rule = await TestRules.AddAsync(_studio, _shop, "SUMMER");
        await using (var database = await _studio.DbAsync())
        {
            database.CouponCodes.Add(new CouponCode { WorkspaceId = _shop.Workspace, RuleId = rule.Id, Code = "BEN-1", Lookup = CodeText.Normalise("BEN-1"), ShopperId = "ben", GivenAt = Start });
            await database.SaveChangesAsync(Now);
        }

        await IsRefusedAsync(RefusalReason.RecipientMismatch, "k1", Use("BEN-1", "o1"));
        Assert.Equal("ben", (await Redeemer.RedeemAsync(_shop, "k1", Use("BEN-1", "o1") with { ShopperId = "ben" }, Now)).Value.ShopperId);
    }

    [Fact]
    public async Task Coupons_that_do_not_go_together_are_not_both_given_on_one_order()
    {
        await TestRules.AddAsync(_studio, _shop, "OPEN", rule => rule.CombinesWith = (int)OfferClasses.All);
        await TestRules.AddAsync(_studio, _shop, "ALONE");
        await TestRules.AddAsync(_studio, _shop, "ONE", rule => (rule.CombinesWith, rule.ExclusiveGroup) = ((int)OfferClasses.All, "welcome"));
        await TestRules.AddAsync(_studio, _shop, "OTHER", rule => (rule.CombinesWith, rule.ExclusiveGroup) = ((int)OfferClasses.All, "welcome"));
        var open = (await Redeemer.RedeemAsync(_shop, "k1", Use("OPEN", "o1"), Now)).Value;
        await IsRefusedAsync(RefusalReason.NotCombinable, "k2", Use("ALONE", "o1"));
        Assert.True((await Redeemer.RedeemAsync(_shop, "k3", Use("ONE", "o1"), Now)).Succeeded);
        await IsRefusedAsync(RefusalReason.NotCombinable, "k4", Use("OTHER", "o1"));
        await Redeemer.RollBackAsync(_shop, open.Id, Now);
        await IsRefusedAsync(RefusalReason.NotCombinable, "k5", Use("ALONE", "o1"));
        Assert.True((await Redeemer.RedeemAsync(_shop, "k6", Use("ALONE", "o2"), Now)).Succeeded);
    }

    [Fact]
    public async Task A_margin_floor_makes_a_discount_smaller_and_holds_for_every_coupon_after_it()
    {
        await TestRules.AddAsync(_studio, _shop, "FLOOR", rule => (rule.MarginFloorBasisPoints, rule.CombinesWith) = (2_500, (int)OfferClasses.All));
        await TestRules.AddAsync(_studio, _shop, "AFTER", rule => rule.CombinesWith = (int)OfferClasses.All);
        var order = new CouponUse("FLOOR", "o1", "ann", new Cart([new CartLine("cup", null, null, 1, 1_000, UnitCostMinor: 600)], 0, "EUR"));
        Assert.Equal(200, (await Redeemer.RedeemAsync(_shop, "k1", order, Now)).Value.DiscountMinor);
        await IsRefusedAsync(RefusalReason.MarginFloor, "k2", order with { Code = "AFTER" });
    }

    [Fact]
    public async Task A_day_a_customer_and_a_segment_have_budgets_of_their_own()
    {
        var day = new PromotionWorld.FixedTime(new DateTimeOffset(2026, 11, 22, 22, 59, 0, TimeSpan.Zero));
        await using var studio = await TemporaryStudio.OpenAsync(services => services.AddSingleton<TimeProvider>(day));
        var shop = await studio.WorkspaceAsync();
        await ProfileTables.WriteAsync(await studio.Get<WarehouseRegistry>().OpenAsync(shop.Workspace, Now), PromotionWorld.Now, PromotionWorld.Shoppers(5, 1, 6), Now);
        await TestRules.AddAsync(studio, shop, "DAY", rule => rule.DayBudgetMinor = 900);
        await TestRules.AddAsync(studio, shop, "EACH", rule => rule.CustomerBudgetMinor = 900);
        await TestRules.AddAsync(studio, shop, "LOYAL", rule => rule.SegmentLimitsJson = """[{"segment":"rfm:loyal","uses":1}]""");
        await TestRules.AddAsync(studio, shop, "GONE", rule => rule.SegmentLimitsJson = $$"""[{"segment":"saved:{{Guid.NewGuid():D}}","uses":1}]""");
        Assert.Null(await ReasonAsync("DAY", "a"));
        Assert.Equal(RefusalReason.DailyLimitReached, await ReasonAsync("DAY", "b"));
        day.At = day.At.AddMinutes(2);
        Assert.Null(await ReasonAsync("DAY", "b"));
        Assert.Null(await ReasonAsync("EACH", "a"));
        Assert.Equal(RefusalReason.CustomerLimitReached, await ReasonAsync("EACH", "a"));
        Assert.Null(await ReasonAsync("EACH", "b"));

        // a and c are loyal, b is not, and nobody knows d.
        Assert.Null(await ReasonAsync("LOYAL", "a"));
        Assert.Equal(RefusalReason.SegmentLimitReached, await ReasonAsync("LOYAL", "c"));
        Assert.Null(await ReasonAsync("LOYAL", "b"));
        Assert.Null(await ReasonAsync("LOYAL", "d"));
        Assert.Equal(RefusalReason.ConditionNotMet, await ReasonAsync("GONE", "a"));

        async Task<RefusalReason?> ReasonAsync(string code, string shopper)
        {
            var key = Guid.NewGuid().ToString();
            return (await studio.Get<Redeemer>().RedeemAsync(shop, key, Use(code, key) with { ShopperId = shopper }, Now)).Problem is CouponRefused refused ? refused.Reason : null;
        }
    }

    [Fact]
    public async Task An_offer_without_a_code_is_redeemed_by_its_rule_once_an_order_and_within_its_limits()
    {
        var rule = await TestRules.AddAsync(_studio, _shop, "CODE", rule => rule.UsesPerCustomer = 2);
        await IsRefusedAsync(RefusalReason.CouponNotFound, "k0", Use(RuleCoupon.Of(rule.Id), "o1"));
        await using (var database = await _studio.DbAsync()) await database.CouponRules.Where(row => row.Id == rule.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Method, RuleMethod.Automatic), Now);
        var use = (await Redeemer.RedeemAsync(_shop, "k1", Use(RuleCoupon.Of(rule.Id), "o1"), Now)).Value;
        Assert.Equal((RuleCoupon.Of(rule.Id), 500L), (use.Coupon, use.DiscountMinor));
        await IsRefusedAsync(RefusalReason.OrderAlreadyRedeemed, "k2", Use(RuleCoupon.Of(rule.Id), "o1"));
        Assert.True((await Redeemer.RedeemAsync(_shop, "k3", Use(RuleCoupon.Of(rule.Id), "o2"), Now)).Succeeded);
        await IsRefusedAsync(RefusalReason.CustomerLimitReached, "k4", Use(RuleCoupon.Of(rule.Id), "o3"));
        await IsRefusedAsync(RefusalReason.CouponNotFound, "k5", Use(RuleCoupon.Of(Guid.NewGuid()), "o4"));
        Assert.IsType<RuleNeedsNoCode>((await _studio.Get<CodeBatches>().CreateAsync(_shop, rule.Id, new CodeBatchDraft("x", CodeBatchKind.Shared), Now)).Problem);
    }

    [Fact]
    public async Task Only_whoever_may_redeem_redeems()
    {
        await TestRules.AddAsync(_studio, _shop, "SUMMER");
        foreach (var role in Enum.GetValues<Role>())
        {
            var refused = (await Redeemer.ValidateAsync(_shop with { Actor = new Actor("x", null, role) }, Use("SUMMER", "o1"), Now)).Problem is AccessRefused;
            Assert.Equal(role is not (Role.Owner or Role.Marketer), refused);
        }

        foreach (var kind in Enum.GetValues<ApiKeyKind>())
        {
            var refused = (await Redeemer.ValidateAsync(_shop with { Actor = Actor.OfKey(new KeyHolder(_shop.Workspace, kind, "x")) }, Use("SUMMER", "o1"), Now)).Problem is AccessRefused;
            Assert.Equal(kind != ApiKeyKind.RedeemCoupons, refused);
        }
    }

    [Fact]
    public async Task Unique_codes_are_made_together_no_two_read_alike_and_each_is_good_for_one_use()
    {
        var rule = await TestRules.AddAsync(_studio, _shop, "SUMMER");
        var batch = (await _studio.Get<CodeBatches>().CreateAsync(_shop, rule.Id, new CodeBatchDraft("Flyer", CodeBatchKind.Unique, 3_000, "FLY"), Now)).Value;
        await using var database = await _studio.DbAsync();
        Assert.Equal(3_000, await database.CouponCodes.Where(code => code.BatchId == batch.Id).Select(code => code.Lookup).Distinct().CountAsync(Now));
        var one = await database.CouponCodes.Where(code => code.BatchId == batch.Id).Select(code => code.Code).FirstAsync(Now);
        Assert.True((await Redeemer.RedeemAsync(_shop, "k1", Use(one.ToLowerInvariant(), "o1"), Now)).Succeeded);
        await IsRefusedAsync(RefusalReason.CodeLimitReached, "k2", Use(one, "o2"));
    }

    [Fact]
    public async Task Codes_that_were_printed_elsewhere_are_taken_in_and_every_line_that_is_not_is_named()
    {
        var rule = await TestRules.AddAsync(_studio, _shop, "SUMMER");
        var batches = _studio.Get<CodeBatches>();
        var taken = (await batches.ImportAsync(_shop, rule.Id, "Printed", ["HELLO-1", "hell0-l", "summer;x", "=cmd()", "", "NEW-2,ann"], Now)).Value;
        Assert.Equal((2, 2, 2), (taken.Added, taken.AlreadyTaken, taken.NoCode));
        Assert.Equal([(2, "hell0-l"), (3, "summer")], taken.Taken);
        Assert.Equal([(4, "=cmd()"), (5, "")], taken.Unfit);
        Assert.Equal("HELLO-1", (await Redeemer.RedeemAsync(_shop, "k1", Use("hello-i", "o1"), Now)).Value.Coupon);
        var none = Assert.IsType<CodesNoneNew>((await batches.ImportAsync(_shop, rule.Id, "Again", ["Coupon_Code,shopper", "HELLO-1", "=cmd()"], Now)).Problem);
        Assert.Equal([(2, "HELLO-1")], none.TakenLines);
        Assert.Equal([(3, "=cmd()")], none.UnfitLines);
        Assert.IsType<CodeTaken>((await batches.CreateAsync(_shop, rule.Id, new CodeBatchDraft("x", CodeBatchKind.Shared, Code: "hello-i"), Now)).Problem);
        Assert.Equal(2, (await batches.ListAsync(_shop, rule.Id, Now)).Value.Length);
    }

    private async Task IsRefusedAsync(RefusalReason reason, string key, CouponUse use) =>
        Assert.Equal(reason, Assert.IsType<CouponRefused>((await Redeemer.RedeemAsync(_shop, key, use, Now)).Problem).Reason);

    private static CouponUse Use(string code, string? order) => new(code, order, "ann", new Cart([new CartLine("cup", "kitchen", null, 2, 1_500), new CartLine("spoon", null, null, 1, 1_000)], 490, "EUR"));
}
