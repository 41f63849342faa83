using System.Globalization;
using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Promotions;

public sealed class CouponRuleTests() : CouponRuleContract(AppStateOn.Sqlite);

public sealed class CouponRuleOnPostgresTests() : CouponRuleContract(AppStateOn.Postgres);

public abstract class CouponRuleContract(AppStateOn on)
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, RuleDraft> Faults => new()
    {
        { "rule.no-name", PromotionWorld.Draft() with { Name = " " } },
        { "rule.unfit-percent", PromotionWorld.Draft(offer: new Offer(OfferKind.Percent, 0, CapMinor: 100)) },
        { "rule.unfit-percent", PromotionWorld.Draft(offer: new Offer(OfferKind.Percent, 10_001, CapMinor: 100)) },
        { "rule.unfit-amount", PromotionWorld.Draft(offer: new Offer(OfferKind.Fixed, AmountMinor: 0)) },
        { "rule.unfit-cap", PromotionWorld.Draft(offer: new Offer(OfferKind.Percent, 500, CapMinor: 0)) },
        { "rule.unfit-minimum", PromotionWorld.Draft(offer: new Offer(OfferKind.Percent, 500, CapMinor: 100, MinimumSpendMinor: -1)) },
        { "rule.amount-above-minimum", PromotionWorld.Draft(offer: new Offer(OfferKind.Fixed, AmountMinor: 1000, MinimumSpendMinor: 1000)) },
        { "rule.unfit-buy-get", PromotionWorld.Draft(offer: new Offer(OfferKind.BuyGet, CapMinor: 100) { BuyGet = new BuyGet(0, 1) }) },
        { "rule.unfit-buy-get", PromotionWorld.Draft(offer: new Offer(OfferKind.BuyGet, CapMinor: 100) { BuyGet = new BuyGet(1, 1, 10_001) }) },
        { "rule.unfit-gift", PromotionWorld.Draft(offer: new Offer(OfferKind.Gift) { Gift = new GiftItem("soap", " ", 1) }) },
        { "rule.unfit-gift", PromotionWorld.Draft(offer: new Offer(OfferKind.Gift) { Gift = new GiftItem("soap", "Soap", -1) }) },
        { "rule.unfit-tiers", PromotionWorld.Draft(offer: new Offer(OfferKind.Tiered, CapMinor: 100)) },
        { "rule.unfit-tier", PromotionWorld.Draft(offer: new Offer(OfferKind.Tiered, CapMinor: 100) { Tiers = [new OfferTier(5000, 500), new OfferTier(5000, 600)] }) },
        { "rule.unfit-tier", PromotionWorld.Draft(offer: new Offer(OfferKind.Tiered) { Tiers = [new OfferTier(500, AmountMinor: 500)] }) },
        { "rule.no-items", PromotionWorld.Draft(offer: new Offer(OfferKind.Percent, 500, CapMinor: 100) { Target = OfferTarget.Items }) },
        { "rule.unfit-choice", PromotionWorld.Draft(offer: new Offer(OfferKind.Percent, 500, CapMinor: 100) { Exclude = new ItemChoice([], [], [""]) }) },
        { "rule.unfit-priority", PromotionWorld.Draft() with { Priority = 1001 } },
        { "rule.unfit-group", PromotionWorld.Draft() with { ExclusiveGroup = new string('g', 41) } },
        { "rule.unfit-margin", PromotionWorld.Draft() with { MarginFloorBasisPoints = 10_000 } },
        { "rule.dates-reversed", PromotionWorld.Draft() with { StartsOn = Today.AddDays(5), EndsOn = Today.AddDays(4) } },
        { "rule.already-over", PromotionWorld.Draft() with { EndsOn = Today.AddDays(-1) } },
        { "rule.unfit-uses", PromotionWorld.Draft() with { UsesPerCustomer = 0 } },
        { "rule.unfit-uses", PromotionWorld.Draft() with { UsesPerCustomer = 3, TotalUses = 2 } },
        { "rule.unfit-budget", PromotionWorld.Draft() with { BudgetMinor = 1999 } },
        { "rule.budget-needs-cap", PromotionWorld.Draft(offer: new Offer(OfferKind.Percent, 500)) },
        { "rule.unfit-prefix", PromotionWorld.Draft() with { CodePrefix = "win-" } },
        { "condition.unknown-attribute", PromotionWorld.Draft(new Comparison("shoe_size", ConditionOperator.AtLeast, ["1"])) },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void Each_fault_has_its_own_sentence(string code, RuleDraft draft) => Assert.Contains(code, RuleCheck.Check(draft, Today).Select(problem => problem.Code));

    [Fact]
    public void A_sound_draft_has_no_problem() => Assert.Empty(RuleCheck.Check(PromotionWorld.Draft() with { StartsOn = Today, EndsOn = Today, TotalUses = 10, CodePrefix = "WIN" }, Today));

    [Theory]
    [InlineData(9_530, 1_430)]
    [InlineData(13_334, 2_000)]
    [InlineData(5_999, 0)]
    [InlineData(6_003, 900)]
    public void A_percentage_is_rounded_half_away_from_zero_and_capped(long order, long expected) =>
        Assert.Equal(expected, new Offer(OfferKind.Percent, 1500, CapMinor: 2000, MinimumSpendMinor: 6000).DiscountOn(order));

    [Fact]
    public void Nothing_is_taken_below_zero()
    {
        Assert.Equal(300, new Offer(OfferKind.Fixed, AmountMinor: 1000).DiscountOn(300));
        Assert.Equal(0, new Offer(OfferKind.Fixed, AmountMinor: 1000).DiscountOn(0));
    }

    [Theory]
    [InlineData("en-GB", "once each, on 28 March 2027 only, until €1,000 is given away.")]
    [InlineData("zh-CN", "仅2027年3月28日当天有效")]
    public void A_rule_of_one_day_names_the_day_once(string culture, string said)
    {
        var draft = PromotionWorld.Draft() with { StartsOn = new DateOnly(2027, 3, 28), EndsOn = new DateOnly(2027, 3, 28), UsesPerCustomer = 1 };
        Assert.Contains(said, RuleSentence.Of(draft, new SentenceStyle(CultureInfo.GetCultureInfo(culture), "EUR", _ => "At risk")).Plain(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_reads_back_with_every_limit_in_both_languages()
    {
        var draft = PromotionWorld.Draft(new AllOf([new InSegment(["rfm:at_risk"]), new Comparison("last_order_at", ConditionOperator.MoreThanDaysAgo, ["60"]), new Not(new EventCount("coupon", ConditionOperator.AtLeast, 1, 30))]),
            new Offer(OfferKind.Percent, 1500, CapMinor: 2000, MinimumSpendMinor: 6000)) with
        { StartsOn = new DateOnly(2026, 11, 24), EndsOn = new DateOnly(2026, 12, 20), TotalUses = 1500, BudgetMinor = 400_000 };
        Assert.Equal("Shoppers who are in the segment At risk, last ordered more than 60 days ago, and did not see or use a coupon in the last 30 days get 15% off, at most €20, on orders of €60 or more, "
            + "once each, from 24 November 2026, until 20 December 2026, 1,500 uses in all at most, until €4,000 is given away.",
            RuleSentence.Of(draft, new SentenceStyle(CultureInfo.GetCultureInfo("en-GB"), "EUR", _ => "At risk")).Plain());
        Assert.Equal("向属于流失预警人群，且最近一单在 60 天以前，且最近 30 天内没有看到或使用优惠券的顾客发券：立减 15%（8.5 折），最多减 €20，满 €60 可用，每人限用 1 次，"
            + "2026年11月24日至2026年12月20日有效，全部券合计最多 1,500 次，预算 €4,000 封顶。",
            RuleSentence.Of(draft, new SentenceStyle(CultureInfo.GetCultureInfo("zh-CN"), "EUR", _ => "流失预警")).Plain());
    }

    [Fact]
    public async Task An_estimate_counts_exactly_and_says_what_it_rests_on()
    {
        // Five shoppers, four of them customers with 1, 2, 3 and 4 orders of 50.00 in the last four days.
        await using var world = await PromotionWorld.OpenAsync(on, PromotionWorld.Shoppers(0, 1, 2, 3, 4));
        var draft = PromotionWorld.Draft(new AllOf([new Comparison("orders", ConditionOperator.AtLeast, ["1"]), new Comparison("orders", ConditionOperator.AtLeast, ["2"])])) with { TotalUses = 2 };
        var estimate = (await world.Rules.EstimateAsync(PromotionWorld.As(Role.Marketer), draft, Token)).Value;
        Assert.Equal((3L, 5L, 2L, 4_000L), (estimate.Audience, estimate.Total, estimate.Given, estimate.MostMinor!.Value));
        Assert.Equal([4, 3], estimate.Left);
        Assert.Equal([new LeftOut(0, 1), new LeftOut(1, 1), new LeftOut(null, 1)], estimate.LeftOut);
        // 15 % of 50.00 on one use each; every one of them ordered in the window, so the range has no width.
        Assert.Equal(new CostEstimate(1_500, 1_500, 1, 750, 9, 30, 30, true), estimate.Cost);
    }

    [Fact]
    public async Task Not_in_a_group_holds_for_whoever_is_in_no_group()
    {
        await using var world = await PromotionWorld.OpenAsync(on, new ShopperFacts { UserId = "none" }, new ShopperFacts { UserId = "loyal", RfmGroup = "loyal" }, new ShopperFacts { UserId = "new", RfmGroup = "new" });
        Assert.Equal("loyal", string.Join(' ', await IdsAsync(new InSegment(["rfm:loyal"]))));
        Assert.Equal("new none", string.Join(' ', await IdsAsync(new Not(new InSegment(["rfm:loyal"])))));
        Assert.Equal("none", string.Join(' ', await IdsAsync(new Not(new AnyOf([new InSegment(["rfm:loyal"]), new InSegment(["rfm:new"])])))));
        Assert.Empty(await IdsAsync(new AllOf([new Comparison("spent", ConditionOperator.AtLeast, ["0"])])));
        Assert.Equal("loyal new none", string.Join(' ', await IdsAsync(new Not(new Comparison("spent", ConditionOperator.AtLeast, ["0"])))));
        Assert.Empty(await IdsAsync(new AnyOf([])));
        Assert.Equal(3, (await IdsAsync(new AllOf([]))).Length);

        async Task<string[]> IdsAsync(Condition condition) => [.. (await world.Audiences.IdsAsync(PromotionWorld.As(Role.Viewer), condition, Token)).Value.Order()];
    }

    [Fact]
    public async Task Used_codes_are_counted_from_imported_orders_and_a_withdrawn_import_takes_them_back()
    {
        await using var world = await PromotionWorld.OpenAsync(on, PromotionWorld.Shoppers(1, 2));
        var owner = PromotionWorld.As(Role.Owner);
        var id = (await world.Rules.SaveAsync(owner, null, 0, PromotionWorld.Draft(), Token)).Value;
        await world.Activation.ActivateAsync(owner, id, 0, Token);
        var code = (await world.Codes.ListAsync(owner, new CodeQuestion(id), Token)).Value.Rows.Single(row => row.ShopperId == "a").Code;
        await world.Warehouse.RunAsync($"insert into paid_orders(order_no, user_id, ts, coupon_code) values ('n1', 'a', timestamp '2026-11-23 08:00:00', ' {code.ToLowerInvariant()} '), ('n2', 'b', timestamp '2026-11-23 09:00:00', 'WELCOME10');");
        var used = (await world.Codes.ListAsync(owner, new CodeQuestion(id, Used: true), Token)).Value;
        Assert.Equal((code, 1, 2, 1), (used.Rows.Single().Code, used.Rows.Single().Uses, used.Given, used.Used));
        Assert.Equal(code, (await world.Codes.ListAsync(PromotionWorld.As(Role.Support), new CodeQuestion(Search: code.ToLowerInvariant().Replace('1', 'i')), Token)).Value.Rows.Single().Code);
        await world.Warehouse.RunAsync("delete from paid_orders where order_no = 'n1'");
        Assert.Equal(0, (await world.Codes.ListAsync(owner, new CodeQuestion(id), Token)).Value.Used);
    }

    [Fact]
    public async Task Codes_export_for_people_and_for_WooCommerce()
    {
        await using var world = await PromotionWorld.OpenAsync(on, PromotionWorld.Shoppers(1));
        var owner = PromotionWorld.As(Role.Owner);
        await world.Warehouse.RunAsync("insert into customers(user_id, email_protected, import_id, source_line) values ('a', 'sealed:ann@example.com', 1, 1)");
        var id = (await world.Rules.SaveAsync(owner, null, 0, PromotionWorld.Draft(offer: new Offer(OfferKind.Percent, 1250, CapMinor: 2000, MinimumSpendMinor: 6050)) with { EndsOn = new DateOnly(2026, 12, 20) }, Token)).Value;
        await world.Activation.ActivateAsync(owner, id, 0, Token);
        var code = (await world.Codes.ListAsync(owner, new CodeQuestion(id), Token)).Value.Rows.Single().Code;
        var style = new SentenceStyle(CultureInfo.InvariantCulture, "EUR", key => key);
        var own = await TextAsync(stream => world.Exports.WriteAsync(owner, new CodeQuestion(id), CodeExports.Columns, (offer, _) => RuleSentence.Offer(offer, style), ExportFormat.Csv, stream, Token));
        Assert.Equal(
            ["shopper,email,code,rule,offer,valid_from,valid_until,given_at,uses,last_used_at",
                $"a,ann@example.com,{code},Win back,\"12.5% off, at most €20\",2026-11-22T11:00:00+01:00,2026-12-20T23:59:59+01:00,2026-11-22T11:00:00+01:00,0,"], own);
        var woo = await TextAsync(stream => world.Exports.WriteWooCommerceAsync(owner, new CodeQuestion(id), stream, Token));
        Assert.Equal($"{code},12.50,percent,\"Win back: 12.5% off, at most €20\",2026-12-21,0,yes,,,1,1,,no,,,no,60.50,,ann@example.com,,publish", woo[1]);
        Assert.Equal(21, woo[0].Split(',').Length);
        Assert.Equal("access.refused", (await world.Exports.WriteWooCommerceAsync(PromotionWorld.As(Role.Viewer), new CodeQuestion(id), Stream.Null, Token)).Problem?.Code);
    }

    [Fact]
    public void A_check_letter_catches_a_wrong_and_a_swapped_letter()
    {
        for (var done = 0; done < 500; done++)
        {
            var code = CodeText.New("");
            Assert.True(CodeText.IsWellFormed(code));
            var wrong = code.ToCharArray();
            wrong[done % 10] = wrong[done % 10] == '7' ? '8' : '7';
            Assert.False(CodeText.IsWellFormed(new string(wrong)));
        }
    }

    private static async Task<string[]> TextAsync(Func<Stream, Task> write)
    {
        using var stream = new MemoryStream();
        await write(stream);
        return Encoding.UTF8.GetString(stream.ToArray()).TrimStart('\uFEFF').TrimEnd().Split("\r\n");
    }
}
