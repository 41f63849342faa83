using MerchantStudio.Core.Features;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Pipeline.WhatIf;
using MerchantStudio.Core.Shop;
using Xunit;

namespace MerchantStudio.Tests.Pipeline;

public sealed class ShopperWhatIfTests
{
    [Fact]
    public async Task A_shopper_can_be_asked_about_what_a_shop_can_bring_about_and_nothing_else()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(260, 35);
        await world.RunAsync();
        var whatIf = world.Studio.Get<ShopperWhatIf>();
        var (user, chance) = (await world.Warehouse.QueryAsync("select user_id, probability from intent_scores where horizon_days = 7 order by probability limit 1 offset 60", row => (row.Text(0)!, row.Double(1)), [], PipelineWorld.Now))[0];
        var shopper = (await whatIf.OpenAsync(world.Scope, new ShopperId(user), 7, PipelineWorld.Now)).Value;

        Assert.Equal(chance, shopper.Chance, 1e-6);   // the published one
        Assert.InRange(shopper.Features.Length, 1, 4);
        Assert.All(shopper.Features, feature => Assert.True(FeatureCatalog.Find(feature.Feature)!.IsActionable));
        Assert.Equal(shopper.Features.Select(feature => feature.Spread).OrderDescending(), shopper.Features.Select(feature => feature.Spread));
        var first = shopper.Features[0];
        Assert.Equal(shopper.Chance, shopper.With(new Dictionary<string, double> { [first.Feature] = first.Value }).Value, 1e-6);
        Assert.NotEqual(shopper.With(new Dictionary<string, double> { [first.Feature] = first.Low }).Value, shopper.With(new Dictionary<string, double> { [first.Feature] = first.High }).Value);
        Assert.Equal(shopper.With(new Dictionary<string, double> { [first.Feature] = first.High }).Value, shopper.With(new Dictionary<string, double> { [first.Feature] = first.High + 1e6 }).Value);
        Assert.All(shopper.Suggestions, way =>
        {
            Assert.NotEqual(shopper.Chance >= shopper.Threshold, way.Chance >= shopper.Threshold);
            Assert.Equal(way.Chance, shopper.With(way.Changes.ToDictionary(change => change.Feature, change => change.To)).Value, 1e-6);
        });
        Assert.Equal("models.not-actionable", shopper.With(new Dictionary<string, double> { ["tenure_days"] = 5 }).Problem?.Code);

        Assert.Equal("models.not-found", (await whatIf.OpenAsync(world.Scope, new ShopperId(user), 30, PipelineWorld.Now)).Problem?.Code);
        Assert.Equal("customers.unknown", (await whatIf.OpenAsync(world.Scope, new ShopperId("nobody"), 7, PipelineWorld.Now)).Problem?.Code);
    }

    [Fact]
    public void More_of_something_in_a_week_is_more_of_it_in_a_month_and_was_done_in_these_days()
    {
        Assert.Equal([("views_30d", ConsequenceKind.Along, 0f), ("hours_since_event", ConsequenceKind.AtMost, 168f)], Of("views_7d"));
        Assert.Equal(["orders_90d", "orders_all", "hours_since_event", "days_since_order"], Of("orders_30d").Select(one => one.Key));
        Assert.Equal(["hours_since_event", "hours_since_cart"], Of("open_cart_value").Select(one => one.Key));
        Assert.Equal([("hours_since_event", ConsequenceKind.AtMostTimes, 24f)], Of("days_since_order"));
        Assert.All(FeatureCatalog.All.SelectMany(FeatureCatalog.Consequences), one => Assert.NotNull(FeatureCatalog.Find(one.Key)));

        static IEnumerable<(string Key, ConsequenceKind Kind, float Number)> Of(string feature) => FeatureCatalog.Consequences(FeatureCatalog.Find(feature)!);
    }
}
