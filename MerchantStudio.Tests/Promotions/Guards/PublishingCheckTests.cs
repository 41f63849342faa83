using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Guards;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Replay;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Guards;

public sealed class PublishingCheckTests
{
    private static readonly SentenceStyle English = new(CultureInfo.GetCultureInfo("en"), "EUR", key => key);
    private static readonly SentenceStyle Chinese = new(CultureInfo.GetCultureInfo("zh-CN"), "EUR", key => key);
    private static readonly ConditionContext Context = new(PromotionWorld.Now, TimeZoneInfo.Utc, ImmutableDictionary<Guid, SavedCondition>.Empty);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Products_that_the_offer_could_sell_below_cost_are_named_with_their_worst()
    {
        ImmutableArray<CartLine> items = [new("tea", null, null, 1, 1000, UnitCostMinor: 850), new("mug", null, null, 1, 1000, UnitCostMinor: 500), new("lamp", null, null, 1, 1000), new("old", null, null, 1, 1000, UnitCostMinor: 1200)];
        var below = Catalogue(new Offer(OfferKind.Percent, 2000), items).Single(finding => finding.Key == CatalogueGuard.BelowCost);
        // The lamp's cost is unknown; the old one sells below its cost anyway.
        Assert.Equal((FindingWeight.NeedsJustification, 3, 1), (below.Weight, below.Items, below.Count));
        Assert.Equal(("tea", 800, 850L), (below.Found[0].ItemId, below.Found[0].PaidMinor, below.Found[0].CostMinor));
        Assert.All(Catalogue(new Offer(OfferKind.Percent, 1500), items), finding => Assert.Equal(FindingWeight.Fine, finding.Weight));
    }

    [Fact]
    public void Each_product_is_tried_in_as_many_pieces_as_the_offer_asks_for()
    {
        ImmutableArray<CartLine> items = [new("tea", null, null, 1, 1000, UnitCostMinor: 600)];
        // Three bought, one of them free: 20.00 for what cost 18.00. Two for one: 10.00 for 12.00.
        Assert.Equal(0, Below(new BuyGet(2, 1)).Count);
        Assert.Equal((1, 2), (Below(new BuyGet(1, 1)).Count, Below(new BuyGet(1, 1)).Found[0].Pieces));
        // 15.00 off from 30.00 on: three pieces for 15.00 that cost 18.00.
        var minimum = Catalogue(new Offer(OfferKind.Fixed, AmountMinor: 1500, MinimumSpendMinor: 3000), items).Single(finding => finding.Key == CatalogueGuard.BelowCost);
        Assert.Equal((1, 3, 1500), (minimum.Count, minimum.Found[0].Pieces, minimum.Found[0].PaidMinor));

        CatalogueFinding Below(BuyGet terms) => Catalogue(new Offer(OfferKind.BuyGet) { BuyGet = terms }, items).Single(finding => finding.Key == CatalogueGuard.BelowCost);
    }

    [Fact]
    public void A_rule_behind_another_is_tried_alone_as_well_because_not_everybody_meets_the_other()
    {
        ImmutableArray<CartLine> items = [new("tea", null, null, 1, 1000, UnitCostMinor: 850)];
        var first = Rule(new Offer(OfferKind.Percent, 500)) with { Id = Guid.NewGuid(), Name = "FIVE", Condition = new Comparison("orders", ConditionOperator.AtLeast, ["1"]), Priority = 1 };
        var below = CatalogueGuard.Check(Rule(new Offer(OfferKind.Percent, 9500)), [first], items, Context, "EUR").OfType<CatalogueFinding>().Single(finding => finding.Key == CatalogueGuard.BelowCost);
        Assert.Equal((FindingWeight.NeedsJustification, 1, 50L), (below.Weight, below.Count, below.Found[0].PaidMinor));
        Assert.Empty(below.Found[0].With);
    }

    [Fact]
    public void An_order_for_nothing_blocks_alone_and_together_with_live_rules()
    {
        ImmutableArray<CartLine> items = [new("sticker", null, null, 1, 300), new("mug", null, null, 1, 2000)];
        var alone = Catalogue(new Offer(OfferKind.Fixed, AmountMinor: 500), items).Single(finding => finding.Key == CatalogueGuard.Free);
        Assert.Equal((FindingWeight.Blocks, 1, "sticker"), (alone.Weight, alone.Count, alone.Found[0].ItemId));
        var half = new CartRule(Guid.NewGuid(), "HALF", new Comparison("orders", ConditionOperator.AtLeast, ["1"]), new Offer(OfferKind.Percent, 5000) { Target = OfferTarget.Items, Include = new ItemChoice([], [], ["mug"]) }, PromotionWorld.Now, CombinesWith: OfferClasses.All);
        var draft = Rule(new Offer(OfferKind.Fixed, AmountMinor: 1000, MinimumSpendMinor: 2000)) with { CombinesWith = OfferClasses.All };
        Assert.Equal(FindingWeight.Fine, Free(CatalogueGuard.Check(draft with { Offer = draft.Offer with { MinimumSpendMinor = 1000 } }, [], items, Context, "EUR")).Weight);
        var stacked = Free(CatalogueGuard.Check(draft with { Offer = draft.Offer with { MinimumSpendMinor = 1000 } }, [half], items, Context, "EUR"));
        Assert.Equal((FindingWeight.Blocks, "mug", "HALF"), (stacked.Weight, stacked.Found[0].ItemId, Assert.Single(stacked.Found[0].With)));

        static CatalogueFinding Free(IEnumerable<Finding> findings) => findings.OfType<CatalogueFinding>().Single(finding => finding.Key == CatalogueGuard.Free);
    }

    [Fact]
    public void A_gap_that_goes_against_loyal_customers_needs_a_reason_and_one_in_their_favour_does_not()
    {
        var newcomers = new Comparison("orders", ConditionOperator.AtMost, ["0"]);
        var against = Fairness(newcomers, ("new", 400, 400), ("loyal", 400, 0)).Single();
        Assert.Equal((FindingWeight.NeedsJustification, DimensionUse.Direct, "loyal"), (against.Weight, against.Usage, against.Reach!.Worst));
        var regulars = new Comparison("orders", ConditionOperator.AtLeast, ["3"]);
        Assert.Equal(FindingWeight.Fine, Fairness(regulars, ("new", 400, 0), ("loyal", 400, 400)).Single().Weight);
        // Nothing in the condition goes along with it: it may be something to look at, but nobody is asked.
        Assert.Equal(FindingWeight.Warns, Fairness(new Comparison("device", ConditionOperator.Is, ["phone"]), ("new", 400, 400), ("loyal", 400, 100)).Single().Weight);
        Assert.Equal(DimensionUse.ByProxy, Fairness(new Comparison("sessions_30d", ConditionOperator.AtMost, ["1"]), ("new", 400, 400), ("loyal", 400, 100)).Single().Usage);
    }

    [Theory]
    [InlineData(400, 400, 400, 320, FindingWeight.Fine)]
    [InlineData(400, 400, 400, 250, FindingWeight.NeedsJustification)]
    [InlineData(40, 20, 40, 14, FindingWeight.Warns)]
    [InlineData(400, 400, 29, 0, FindingWeight.Fine)]
    public void Four_fifths_is_the_line_beyond_chance_and_small_groups_are_left_alone(long here, long hereReached, long there, long thereReached, FindingWeight expected)
    {
        var finding = Fairness("region", new Comparison("region", ConditionOperator.Is, ["north"]), ("north", here, hereReached), ("south", there, thereReached)).Single();
        Assert.Equal(expected, finding.Weight);
        Assert.Equal(there < FairnessGuard.LeastShoppers ? 1 : 0, finding.TooSmall);
    }

    [Fact]
    public void Deeper_discounts_for_one_group_are_a_gap_too()
    {
        ImmutableArray<GroupReach> replayed = [new("device", "phone", 200, 150, 150, 0.20, 0.004), new("device", "desktop", 200, 150, 150, 0.10, 0.004)];
        ImmutableArray<(string, GroupFigure)> reach = [("device", new GroupFigure("phone", 200, 150, null)), ("device", new GroupFigure("desktop", 200, 150, null))];
        var finding = FairnessGuard.Check(reach, replayed, new Comparison("device", ConditionOperator.Known, []), Context).Single();
        Assert.Equal((FindingWeight.NeedsJustification, "desktop", 0.5), (finding.Weight, finding.Depth!.Worst, finding.Depth.Ratio));
        Assert.Equal(1, finding.Reach!.Ratio);
    }

    [Fact]
    public void The_day_on_which_the_budget_ends_comes_from_the_pace_of_the_replay()
    {
        var today = new DateOnly(2026, 11, 22);
        var replay = Replay(1000, new Core.Promotions.Replay.Span(800, 2000));
        var draft = PromotionWorld.Draft() with { BudgetMinor = 20_000, EndsOn = today.AddDays(60) };
        Assert.Equal(new RunOutFinding(FindingWeight.Warns, today.AddDays(20), today.AddDays(10), today.AddDays(25), draft.EndsOn), RunOutGuard.Check(draft, replay, today));
        Assert.Equal((FindingWeight.Fine, null), (RunOutGuard.Check(draft with { EndsOn = today.AddDays(5) }, replay, today)!.Weight, RunOutGuard.Check(draft with { EndsOn = today.AddDays(5) }, replay, today)!.On));
        Assert.Equal(today.AddDays(25), RunOutGuard.Check(draft with { StartsOn = today.AddDays(5) }, replay, today)!.On);
        Assert.Null(RunOutGuard.Check(draft with { BudgetMinor = null }, replay, today));
    }

    [Fact]
    public void A_past_order_for_nothing_blocks_one_below_cost_asks_for_a_reason_and_one_below_the_floor_warns()
    {
        Assert.Equal([(FindingWeight.Fine, 0L), (FindingWeight.Fine, 0L)], Of(new MarginOutcome(40, 40, 0, 0, null, 0, 0, 0, 0, 0, [], [])));
        Assert.Equal([(FindingWeight.NeedsJustification, 3L), (FindingWeight.Fine, 0L)], Of(new MarginOutcome(40, 40, 0, 0, null, 0, 0, 3, 5, 0, ["1"], [])));
        Assert.Equal([(FindingWeight.Fine, 0L), (FindingWeight.Blocks, 2L)], Of(new MarginOutcome(40, 40, 0, 0, null, 0, 0, 0, 0, 2, [], ["2"])));
        Assert.Equal("No past order would have lost money", FindingSentence.Of(Findings(new MarginOutcome(0, 0, 0, 0, null, 0, 0, 0, 0, 0, [], []))[0], English).Headline);
        // Without any known cost nothing can be said of losses.
        Assert.Equal((FindingWeight.Warns, 0L), Of(new MarginOutcome(0, 40, 0, 0, null, 0, 0, 0, 0, 0, [], []))[0]);
        var floor = Findings(new MarginOutcome(40, 40, 0, 0, 1500, 4, 6, 0, 0, 0, [], [])).OfType<FloorFinding>().Single();
        Assert.Equal((FindingWeight.Warns, 1500), (floor.Weight, floor.FloorBasisPoints));

        static Finding[] Findings(MarginOutcome margin) => [.. PublishingCheck.OfReplay(Replay(0, new Core.Promotions.Replay.Span(0, 0)) with { Margin = margin }, PromotionWorld.Draft() with { BudgetMinor = null, TotalUses = null }, new DateOnly(2026, 11, 22))];
        static (FindingWeight Weight, long Count)[] Of(MarginOutcome margin) => [.. Findings(margin).OfType<PastOrdersFinding>().Select(finding => (finding.Weight, finding.Count))];
    }

    [Fact]
    public async Task Activation_refuses_while_a_finding_stands_and_goes_on_once_it_is_justified()
    {
        // Forty newcomers and forty regulars; only newcomers are asked for.
        await using var world = await PromotionWorld.OpenAsync([.. Enumerable.Range(0, 80).Select(number => new ShopperFacts { UserId = $"s{number:00}", Orders = number < 40 ? 0 : 5, LastSeen = PromotionWorld.Now })]);
        var marketer = PromotionWorld.As(Role.Marketer);
        var id = (await world.Rules.SaveAsync(marketer, null, 0, PromotionWorld.Draft(new Comparison("orders", ConditionOperator.AtMost, ["0"])), Token)).Value;
        Assert.Equal("rule.unjustified", (await world.Activation.ActivateAsync(marketer, id, 0, Token)).Problem?.Code);
        Assert.Equal(CouponRuleState.Draft, (await world.Rules.FindAsync(marketer, id, Token)).Value.State);
        Assert.Equal("rule.unfit-justification", (await world.Guards.JustifyAsync(marketer, id, "fairness.loyalty", "because", Token)).Problem?.Code);
        Assert.Equal("rule.justification-not-asked", (await world.Guards.JustifyAsync(marketer, id, "fairness.region", "A welcome for people who have never ordered.", Token)).Problem?.Code);
        Assert.Null((await world.Guards.JustifyAsync(marketer, id, "fairness.loyalty", "A welcome for people who have never ordered.", Token)).Problem);
        var report = (await world.Guards.CheckAsync(marketer, id, Token)).Value;
        Assert.Equal(("A welcome for people who have never ordered.", "Marketer"), (report.Findings.Single(finding => finding.Key == "fairness.loyalty").Reason!.Text, report.Findings.Single(finding => finding.Key == "fairness.loyalty").Reason!.By));
        await using (var database = world.Databases.CreateDbContext())
            Assert.Equal("A welcome for people who have never ordered.", (await database.Audit.SingleAsync(entry => entry.Action == "rule.justified", Token)).Reason);

        // Other terms need a reason of their own.
        var changed = PromotionWorld.Draft(new Comparison("orders", ConditionOperator.AtMost, ["0"]), new Offer(OfferKind.Percent, 2000, CapMinor: 2000));
        Assert.Equal(id, (await world.Rules.SaveAsync(marketer, id, 0, changed, Token)).Value);
        Assert.Equal("rule.unjustified", (await world.Activation.ActivateAsync(marketer, id, 1, Token)).Problem?.Code);
        Assert.Null((await world.Guards.JustifyAsync(marketer, id, "fairness.loyalty", "A welcome for people who have never ordered.", Token)).Problem);
        Assert.Equal(40, (await world.Activation.ActivateAsync(marketer, id, 1, Token)).Value.Given);
    }

    [Fact]
    public async Task An_offer_that_makes_orders_free_cannot_go_live_whatever_is_said()
    {
        await using var world = await PromotionWorld.OpenAsync(PromotionWorld.Shoppers(1, 2, 3));
        await world.Warehouse.RunAsync("insert into products (item_id, price) values ('sticker', 3), ('mug', 20)");
        var marketer = PromotionWorld.As(Role.Owner);
        var id = (await world.Rules.SaveAsync(marketer, null, 0, PromotionWorld.Draft(offer: new Offer(OfferKind.Fixed, AmountMinor: 500)), Token)).Value;
        Assert.Equal("rule.blocked", (await world.Activation.ActivateAsync(marketer, id, 0, Token)).Problem?.Code);
        Assert.Equal("rule.justification-not-asked", (await world.Guards.JustifyAsync(marketer, id, CatalogueGuard.Free, "Stickers may well be free this month.", Token)).Problem?.Code);
        Assert.Equal(id, (await world.Rules.SaveAsync(marketer, id, 0, PromotionWorld.Draft(offer: new Offer(OfferKind.Fixed, AmountMinor: 500, MinimumSpendMinor: 1000)), Token)).Value);
        Assert.Equal(3, (await world.Activation.ActivateAsync(marketer, id, 1, Token)).Value.Given);
    }

    [Fact]
    public async Task Rules_for_the_same_people_on_the_same_days_are_named()
    {
        await using var world = await PromotionWorld.OpenAsync(PromotionWorld.Shoppers(1, 2, 3));
        var marketer = PromotionWorld.As(Role.Marketer);
        var live = (await world.Rules.SaveAsync(marketer, null, 0, PromotionWorld.Draft() with { Name = "First" }, Token)).Value;
        Assert.Equal(3, (await world.Activation.ActivateAsync(marketer, live, 0, Token)).Value.Given);
        var id = (await world.Rules.SaveAsync(marketer, null, 0, PromotionWorld.Draft(), Token)).Value;
        var clash = Assert.Single((await world.Guards.CheckAsync(marketer, id, Token)).Value.Findings.OfType<ClashFinding>());
        Assert.Equal((live, "First", true), (clash.RuleId, clash.Name, clash.SameAudience));
    }

    [Fact]
    public void A_rule_that_met_another_in_past_orders_is_told_of_it_though_they_are_for_different_people()
    {
        var rule = Rule(new Offer(OfferKind.Percent, 1_000));
        var other = rule with { Id = Guid.NewGuid(), Name = "Other", Condition = new Comparison("orders", ConditionOperator.AtMost, ["0"]) };
        var replay = Replay(0, new Core.Promotions.Replay.Span(0, 0)) with { Rivals = [new RivalOutcome(other.Id, "Other", 3, 2, 1, 4)] };
        var clash = Assert.Single(PublishingCheck.Clashes(PromotionWorld.Draft(), rule, [other], replay));
        Assert.Equal((other.Id, FindingWeight.Warns, 6L, false, null), (clash.RuleId, clash.Weight, clash.Met!.Carts, clash.SameAudience, clash.ExclusiveGroup));
        Assert.Empty(PublishingCheck.Clashes(PromotionWorld.Draft(), rule, [other], null));
        Assert.Equal("one", Assert.Single(PublishingCheck.Clashes(PromotionWorld.Draft(), rule with { ExclusiveGroup = "one" }, [other with { ExclusiveGroup = "one" }], null)).ExclusiveGroup);
    }

    [Fact]
    public async Task The_compliance_report_names_the_law_the_groups_and_the_reason_in_both_languages()
    {
        await using var world = await PromotionWorld.OpenAsync([.. Enumerable.Range(0, 80).Select(number => new ShopperFacts { UserId = $"s{number:00}", Orders = number < 40 ? 0 : 5, LastSeen = PromotionWorld.Now })]);
        var marketer = PromotionWorld.As(Role.Marketer);
        var id = (await world.Rules.SaveAsync(marketer, null, 0, PromotionWorld.Draft(new Comparison("orders", ConditionOperator.AtMost, ["0"])) with { Name = "<Welcome>" }, Token)).Value;
        Assert.Null((await world.Guards.JustifyAsync(marketer, id, "fairness.loyalty", "A welcome for people who have never <ordered>.", Token)).Problem);
        var compliance = new ComplianceReport(world.Guards, world.Rules, world.Databases);
        var english = (await compliance.HtmlAsync(marketer, id, English, Token)).Value;
        Assert.Contains("Article 24", english, StringComparison.Ordinal);
        Assert.Contains("never &lt;ordered&gt;", english, StringComparison.Ordinal);
        Assert.DoesNotContain("<Welcome>", english, StringComparison.Ordinal);
        Assert.Contains("第二十四条", (await compliance.HtmlAsync(marketer, id, Chinese, Token)).Value, StringComparison.Ordinal);
        using var file = new MemoryStream();
        Assert.Null((await compliance.CsvAsync(marketer, id, English, file, Token)).Problem);
        var lines = Encoding.UTF8.GetString(file.ToArray()).Split("\r\n");
        Assert.Contains(lines, line => line.Contains("new (no order yet),40,40,100.0", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("loyal (3 orders or more),40,0,0.0", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_finding_has_its_words_in_both_languages()
    {
        var gap = new GroupGap("south", 0.1, "north", 0.5, 0.2, new Core.Promotions.Replay.Span(0.1, 0.3));
        var item = new CatalogueItem("tea", 2, 1000, 0, 600, ["HALF"]);
        var met = new RivalOutcome(Guid.Empty, "X", 1, 2, 3, 4);
        Finding[] findings =
        [
            new CatalogueFinding(CatalogueGuard.Free, FindingWeight.Blocks, 2, 1, [item]), new CatalogueFinding(CatalogueGuard.Free, FindingWeight.Fine, 2, 0, []),
            new CatalogueFinding(CatalogueGuard.BelowCost, FindingWeight.NeedsJustification, 2, 1, [item]), new CatalogueFinding(CatalogueGuard.BelowCost, FindingWeight.Fine, 2, 0, []), new CatalogueFinding(CatalogueGuard.BelowCost, FindingWeight.Warns, 0, 0, []),
            new PastOrdersFinding("below-cost.replay", FindingWeight.NeedsJustification, 2, 9, ["A"]), new PastOrdersFinding("below-cost.replay", FindingWeight.Fine, 0, 9, []), new PastOrdersFinding("below-cost.replay", FindingWeight.Warns, 0, 0, []),
            new PastOrdersFinding("free-order.replay", FindingWeight.Blocks, 1, 9, ["A"]), new PastOrdersFinding("free-order.replay", FindingWeight.Fine, 0, 9, []),
            new FloorFinding(FindingWeight.Fine, 2500, 0, 6), new FloorFinding(FindingWeight.Warns, 2500, 1, 1),
            new ClashFinding(FindingWeight.Warns, Guid.Empty, "X", met, false, null), new ClashFinding(FindingWeight.Warns, Guid.Empty, "X", null, true, null), new ClashFinding(FindingWeight.Warns, Guid.Empty, "X", null, false, "g"),
            new RunOutFinding(FindingWeight.Warns, new DateOnly(2026, 12, 16), new DateOnly(2026, 12, 10), new DateOnly(2026, 12, 24), new DateOnly(2026, 12, 31)), new RunOutFinding(FindingWeight.Fine, null, null, null, null),
            new FairnessFinding(FindingWeight.NeedsJustification, "region", DimensionUse.Direct, gap, null, [], 1), new FairnessFinding(FindingWeight.Fine, "loyalty", DimensionUse.None, gap with { Worst = "new", Best = "loyal" }, null, [], 0),
            new FairnessFinding(FindingWeight.Warns, "price_paid", DimensionUse.ByProxy, null, gap with { Worst = "higher", Best = "lower" }, [], 2), new FairnessFinding(FindingWeight.Fine, "gender", DimensionUse.None, null, null, [], 2),
            new NoReplayFinding(true), new NoReplayFinding(false),
        ];
        foreach (var finding in findings)
        {
            var (english, chinese) = (FindingSentence.Of(finding, English), FindingSentence.Of(finding, Chinese));
            Assert.True(english.Headline.Length > 5 && english.Detail.Length > 3, finding.ToString());
            Assert.DoesNotContain(english.Headline, letter => letter > 0x2fff);
            Assert.Contains(chinese.Headline, letter => letter is >= '一' and <= '鿿');
        }

        Assert.Equal("1 past order would have cost nothing", FindingSentence.Of(findings[8], English).Headline);
        Assert.Equal("9 baskets", FindingSentence.Of(new ClashFinding(FindingWeight.Warns, Guid.Empty, "WELCOME10", met with { ThisFirst = 9, OtherFirst = 0, Both = 0 }, false, null), English).Headline[..9]);
    }

    private static CartRule Rule(Offer offer) => new(Guid.Parse("11111111-0000-0000-0000-000000000000"), "Draft", new Comparison("orders", ConditionOperator.AtLeast, ["1"]), offer, PromotionWorld.Now.AddDays(-1));

    private static CatalogueFinding[] Catalogue(Offer offer, ImmutableArray<CartLine> items) => [.. CatalogueGuard.Check(Rule(offer), [], items, Context, "EUR").Cast<CatalogueFinding>()];

    private static IEnumerable<FairnessFinding> Fairness(Condition condition, params (string Group, long Shoppers, long Reached)[] groups) => Fairness("loyalty", condition, groups);

    private static IEnumerable<FairnessFinding> Fairness(string dimension, Condition condition, params (string Group, long Shoppers, long Reached)[] groups) =>
        FairnessGuard.Check([.. groups.Select(group => (dimension, new GroupFigure(group.Group, group.Shoppers, group.Reached, null)))], [], condition, Context);

    private static ReplayResult Replay(double dailyCost, Core.Promotions.Replay.Span span)
    {
        var none = new Core.Promotions.Replay.Span(0, 0);
        return new ReplayResult(
            PromotionWorld.Now.AddDays(-90), PromotionWorld.Now, "EUR", new JudgedCarts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), new CameAnyway(0, 0, 0, 0, 0, 0, none), new ExtraOrders(0, 0, none, 0, 0, 0), ResponseAssumption.Range,
            null, null, new ReplayStop(null, 0, 0, 0, dailyCost, span, 1, none), new MarginOutcome(0, 0, 0, 0, null, 0, 0, 0, 0, 0, [], []), [], [], [], [], 0);
    }
}
