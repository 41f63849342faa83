using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Pages.Predictions;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Tests.Pipeline;
using Xunit;

namespace MerchantStudio.Tests.Pages.Predictions;

public sealed class IntentViewModelTests
{
    [Fact]
    public async Task Without_a_run_the_page_is_empty()
    {
        await using var world = await PipelineWorld.OpenAsync();
        var model = ModelOf(world);
        await model.ShowAsync(world.Scope, null, null, null, null, PipelineWorld.Now);
        Assert.Equal((PageState.Empty, (PipelineReport?)null), (model.State, model.Run));
    }

    [Fact]
    public async Task It_opens_at_seven_days_with_the_threshold_that_would_have_brought_most()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(200, 30);
        Assert.Null((await world.RunAsync()).Problem);
        var model = ModelOf(world);
        await model.ShowAsync(world.Scope, null, null, null, null, PipelineWorld.Now);
        Assert.Equal((PageState.Ready, 7, true), (model.State, model.Report!.HorizonDays, model.HasMoney));
        Assert.All(model.Report.Thresholds, point => Assert.True(model.ValueOf(point) <= model.ValueOf(model.AtThreshold)));
        Assert.Equal(model.Chances.Count(chance => chance >= model.Threshold), model.Reached);
        Assert.InRange(model.ExpectedBuyers, 0, model.Reached);
        var people = (await model.PeopleAsync(world.Scope, new TableRequest(null, true, null, 0, 1000), PipelineWorld.Now)).Value;
        Assert.Equal(model.Reached, people.Total);
        Assert.Equal(people.Shoppers.OrderByDescending(one => one.Probability).Select(one => one.UserId), people.Shoppers.Select(one => one.UserId));
    }

    [Fact]
    public async Task A_lower_threshold_reaches_more_and_other_amounts_move_the_best_one()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(200, 30);
        await world.RunAsync();
        var model = ModelOf(world);
        await model.ShowAsync(world.Scope, 7, 0.5, 10, 1, PipelineWorld.Now);
        var few = model.Reached;
        await model.ShowAsync(world.Scope, 7, 0.1, 10, 1, PipelineWorld.Now);
        Assert.True(model.Reached >= few);
        var counts = new Confusion(0.1, TruePositives: 7, FalsePositives: 3, FalseNegatives: 2, TrueNegatives: 1);
        Assert.Equal((7 * 10) - (3 * 1), model.ValueOf(counts));
        var cheap = model.BestThreshold().Threshold;
        await model.ShowAsync(world.Scope, 7, null, 10, 50, PipelineWorld.Now);
        Assert.Equal((7 * 10) - (3 * 50), model.ValueOf(counts));
        Assert.True(model.BestThreshold().Threshold > cheap);
        Assert.Equal(model.BestThreshold().Threshold, model.Threshold);
        await model.ShowAsync(world.Scope, 7, null, 500, 50, PipelineWorld.Now);
        Assert.Equal(cheap, model.Threshold);   // fifty times as much of both as at first
    }

    private static IntentViewModel ModelOf(PipelineWorld world) =>
        new(world.Studio.Get<PipelineReports>(), world.Studio.Get<IntentShoppers>(), world.Studio.Get<ModelRegistry>());
}
