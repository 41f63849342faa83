using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using Xunit;

namespace MerchantStudio.Tests.Promotions;

public sealed class RuleVersionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_save_that_changes_something_keeps_a_version()
    {
        await using var world = await PromotionWorld.OpenAsync(PromotionWorld.Shoppers(1));
        var marketer = PromotionWorld.As(Role.Marketer);
        var versions = new RuleVersions(world.Databases);
        var draft = PromotionWorld.Draft();
        var id = (await world.Rules.SaveAsync(marketer, null, 0, draft, Token)).Value;
        await world.Rules.SaveAsync(marketer, id, 0, draft, Token);
        var better = draft with
        {
            Condition = new AllOf([draft.Condition, new Comparison("basket_total", ConditionOperator.AtLeast, ["60"])]),
            EndsOn = new DateOnly(2026, 12, 20),
            CombinesWith = OfferClasses.Shipping,
            MarginFloorBasisPoints = 2500,
            Priority = 5,
            Offer = new Offer(OfferKind.BuyGet, CapMinor: 2000) { BuyGet = new BuyGet(2, 1, 5000, 1, new ItemChoice(["Lighting"], [], [])) },
        };
        Assert.True((await world.Rules.SaveAsync(marketer, id, 1, better, Token)).Succeeded);
        var saved = (await versions.ListAsync(marketer, id, Token)).Value;
        Assert.Equal([(2, "Marketer"), (1, "Marketer")], saved.Select(version => (version.Number, version.SavedBy)));
        var english = new SentenceStyle(CultureInfo.GetCultureInfo("en-GB"), "EUR", key => key);
        Assert.Equal(
        [
            "condition: placed 1 or more paid orders -> placed 1 or more paid orders and order for €60 or more",
            "offer: 15% off, at most €20 -> 1 item of Lighting at 50% off with every 2 bought, the cheapest first, once an order, at most €20",
            "ends:  -> 20 December 2026", "priority: 0 -> 5", "combines: nothing else -> free shipping", "margin:  -> 25%",
        ], RuleVersions.Compare(saved[1].Draft!, saved[0].Draft!, english).Select(change => $"{change.Term}: {change.Before} -> {change.After}"));
        Assert.Equal("不与其他优惠叠加 -> 包邮", RuleVersions.Compare(saved[1].Draft!, saved[0].Draft!, english with { Culture = CultureInfo.GetCultureInfo("zh-CN") })
            .Where(change => change.Term == "combines").Select(change => $"{change.Before} -> {change.After}").Single());
        Assert.Empty(RuleVersions.Compare(saved[0].Draft!, better, english));
    }

    [Fact]
    public async Task New_terms_take_the_place_of_the_old_rule_when_they_go_live()
    {
        await using var world = await PromotionWorld.OpenAsync(PromotionWorld.Shoppers(1, 2));
        var marketer = PromotionWorld.As(Role.Marketer);
        var old = (await world.Rules.SaveAsync(marketer, null, 0, PromotionWorld.Draft(), Token)).Value;
        await world.Activation.ActivateAsync(marketer, old, 0, Token);
        Assert.Equal("rule.not-editable", (await world.Rules.SaveAsync(marketer, old, 1, PromotionWorld.Draft(), Token)).Problem?.Code);
        var next = (await world.Rules.SaveAsync(marketer, null, 0, PromotionWorld.Draft() with { Name = "Win back, dearer" }, old, Token)).Value;
        Assert.Equal(CouponRuleState.Live, (await world.Rules.FindAsync(marketer, old, Token)).Value.State);
        Assert.Equal(2, (await world.Activation.ActivateAsync(marketer, next, 0, Token)).Value.Given);
        Assert.Equal(CouponRuleState.Ended, (await world.Rules.FindAsync(marketer, old, Token)).Value.State);
        Assert.Equal((CouponRuleState.Live, (Guid?)old), ((await world.Rules.FindAsync(marketer, next, Token)).Value is var rule ? (rule.State, rule.Replaces) : default));
    }

    [Fact]
    public async Task Templates_fit_the_shops_own_figures_and_can_be_saved_as_they_are()
    {
        await using var world = await PromotionWorld.OpenAsync(PromotionWorld.Shoppers(3, 1));
        var marketer = PromotionWorld.As(Role.Marketer);
        var figures = await new RuleTemplates(world.Warehouse.Registry).FiguresAsync(marketer, "EUR", Token);
        Assert.Equal(new TemplateFigures(5000, 7), figures);
        foreach (var (currency, order) in new[] { ("EUR", 5000L), ("EUR", 30L), ("JPY", 8_000L), ("KWD", 123_456_789L) })
        {
            foreach (var template in RuleTemplates.Of(new TemplateFigures(order, 12), currency, new DateOnly(2026, 11, 22)))
                Assert.True(RuleCheck.Check(template.Draft with { Name = template.Key }, new DateOnly(2026, 11, 22)) is { IsEmpty: true }, $"{template.Key} {currency} {order}");
        }
    }
}
