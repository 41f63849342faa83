using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using Xunit;

namespace MerchantStudio.Tests.Conditions;

public sealed class BasketConditionTests
{
    private static readonly TimeZoneInfo Vienna = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna");
    private static readonly ConditionContext Context = new(new DateTimeOffset(2026, 3, 20, 12, 0, 0, TimeSpan.Zero), Vienna, ImmutableDictionary<Guid, SavedCondition>.Empty);
    private static readonly ImmutableArray<BasketLine> Lines =
    [
        new("lamp", "Lighting", "Linden", 2, 91m, Stock: 7),
        new("candle", "Lighting", "Lark", 3, 15m, OnSale: true, Stock: 3),
        new("mystery", null, null, 1, 4m),
    ];

    public static TheoryData<Condition, bool, bool> TruthTable => new()
    {
        // line; with the basket above; without any basket
        { new Comparison("basket_total", ConditionOperator.AtLeast, ["110"]), true, false },
        { new Comparison("basket_total", ConditionOperator.AtLeast, ["110.01"]), false, false },
        { new Comparison("basket_total_not_on_sale", ConditionOperator.Between, ["95", "95"]), true, false },
        { new Comparison("basket_pieces", ConditionOperator.AtMost, ["5"]), false, false },
        { new Comparison("basket_lowest_stock", ConditionOperator.AtMost, ["3"]), true, false },
        { new Comparison("order_channel", ConditionOperator.Is, ["app", "web"]), true, false },
        { new Comparison("first_order", ConditionOperator.Is, ["true"]), true, true },
        { new BasketHolds(BasketPart.Category, ["Lighting"], 5), true, false },
        { new BasketHolds(BasketPart.Category, ["Lighting"], 6), false, false },
        { new BasketHolds(BasketPart.Category, ["Lighting"], null, 106m), true, false },
        { new BasketHolds(BasketPart.Brand, ["Lark", "Linden"], null, 106.01m), false, false },
        { new BasketHolds(BasketPart.Item, ["mystery"], 1), true, false },
        { new InSegment(["rfm:at_risk"]), false, false },
        { new Not(new InSegment(["rfm:at_risk"])), true, true },
        { new Not(new Comparison("basket_total", ConditionOperator.AtLeast, ["110"])), false, true },
        { new Not(new BasketHolds(BasketPart.Item, ["lamp"], 1)), false, true },
        { new AllOf([new Not(new InSegment(["rfm:at_risk"])), new Comparison("basket_pieces", ConditionOperator.AtLeast, ["6"])]), true, false },
        { new AnyOf([]), false, false },
        { new AllOf([]), true, true },
    };

    [Theory]
    [MemberData(nameof(TruthTable), DisableDiscoveryEnumeration = true)]
    public void What_is_missing_is_false_and_its_negation_true(Condition condition, bool with, bool without)
    {
        Assert.Null(ConditionCheck.Shape(condition));
        var test = ConditionTest.Compile(condition, Context);
        Assert.Equal((with, without), (test(Facts(Context.AsOf)), test(new ShopperFacts { UserId = "nobody" })));
        Assert.Equal(ConditionJson.Write(condition), ConditionJson.Write(ConditionJson.Read(ConditionJson.Write(condition)).Value));
    }

    [Fact]
    public void Before_there_is_a_basket_its_lines_are_what_is_still_possible()
    {
        var asked = new Comparison("basket_total", ConditionOperator.AtLeast, ["60"]);
        var group = new InSegment(["rfm:at_risk"]);
        Assert.Equal("""{"all":[{"all":[]},{"segments":["rfm:at_risk"]}]}""", ConditionJson.Write(ConditionProjection.Of(new AllOf([asked, group]))));
        Assert.Equal("""{"not":{"any":[{"any":[]},{"segments":["rfm:at_risk"]}]}}""", ConditionJson.Write(ConditionProjection.Of(new Not(new AnyOf([asked, group])))));
        Assert.Equal("""{"not":{"not":{"all":[]}}}""", ConditionJson.Write(ConditionProjection.Of(new Not(new Not(asked)))));
    }

    [Fact]
    public void Of_a_shopper_who_was_chosen_only_the_basket_is_still_asked_about()
    {
        var asked = new Comparison("basket_total", ConditionOperator.AtLeast, ["60"]);
        var group = new InSegment(["rfm:at_risk"]);
        Assert.Equal("""{"all":[{"attribute":"basket_total","operator":"at_least","values":["60"]},{"all":[]}]}""", ConditionJson.Write(ConditionProjection.ForChosen(new AllOf([asked, group]))));
        Assert.Equal("""{"not":{"any":[{"attribute":"basket_total","operator":"at_least","values":["60"]},{"any":[]}]}}""", ConditionJson.Write(ConditionProjection.ForChosen(new Not(new AnyOf([asked, group])))));
    }

    [Fact]
    public void A_segment_cannot_ask_about_a_basket()
    {
        var saved = Guid.Parse("00000000-0000-0000-0000-000000000009");
        var asks = new Not(new AllOf([new InSegment(["rfm:at_risk"]), new Comparison("basket_total", ConditionOperator.AtLeast, ["60"])]));
        Assert.Equal("condition.asks-basket", ConditionCheck.WithoutBasket(asks)?.Code);
        Assert.Equal("condition.asks-basket", ConditionCheck.Against(new InSegment([$"saved:{saved:D}"]), Context with { Saved = Context.Saved.Add(saved, new SavedCondition(saved, "big baskets", asks)) })?.Code);
        Assert.Null(ConditionCheck.Against(asks, Context));
    }

    /// <summary>Vienna has no 02:30 on 29 March 2026 and two of them on 25 October.</summary>
    [Theory]
    [InlineData("2026-03-29T00:30:00Z", false)]
    [InlineData("2026-03-29T01:30:00Z", false)]
    [InlineData("2026-10-25T00:30:00Z", true)]
    [InlineData("2026-10-25T01:30:00Z", true)]
    [InlineData("2026-10-25T02:30:00Z", false)]
    public void The_hour_is_the_one_on_the_shops_clock(string at, bool fits) =>
        Assert.Equal(fits, ConditionTest.Compile(new Comparison("order_hour", ConditionOperator.Between, ["2", "2"]), Context)(Facts(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture))));

    [Theory]
    [InlineData("2026-03-20T20:59:00Z", false)]
    [InlineData("2026-03-20T21:00:00Z", true)]
    [InlineData("2026-03-21T04:59:59Z", true)]
    [InlineData("2026-03-21T05:00:00Z", false)]
    public void Evening_to_morning_passes_midnight(string at, bool fits) =>
        Assert.Equal(fits, ConditionTest.Compile(new Comparison("order_hour", ConditionOperator.Between, ["22", "5"]), Context)(Facts(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture))));

    [Fact]
    public void The_weekday_turns_at_the_shops_midnight()
    {
        var saturday = ConditionTest.Compile(new Comparison("order_weekday", ConditionOperator.Is, ["6", "7"]), Context);
        Assert.False(saturday(Facts(new DateTimeOffset(2026, 3, 20, 22, 59, 0, TimeSpan.Zero))));
        Assert.True(saturday(Facts(new DateTimeOffset(2026, 3, 20, 23, 0, 0, TimeSpan.Zero))));
        Assert.True(saturday(Facts(new DateTimeOffset(2026, 3, 22, 21, 0, 0, TimeSpan.Zero))));
    }

    [Fact]
    public void The_trace_shows_what_the_basket_has()
    {
        var trace = ConditionTrace.Of(new AllOf([new Comparison("basket_total", ConditionOperator.AtLeast, ["200"]), new Not(new BasketHolds(BasketPart.Brand, ["Lark"], 9))]), Context, Facts(Context.AsOf));
        Assert.Equal([(false, false, (object?)110m, AttributeKind.Money), (true, true, 3L, AttributeKind.Count)], trace.Select(line => (line.Negated, line.Fits, line.Actual, line.Kind!.Value)));
    }

    private static ShopperFacts Facts(DateTimeOffset at) => new() { UserId = "marta", Basket = BasketFacts.Of(Lines, "web", at, Vienna) };
}
