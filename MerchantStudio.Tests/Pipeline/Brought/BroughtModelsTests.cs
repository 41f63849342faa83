using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Native.OnnxRuntime;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Brought;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.Brought;

public sealed class BroughtModelsTests
{
    [Fact]
    [Trait("Row", "H7")]
    public async Task H7_a_brought_model_is_a_challenger_with_honest_figures_until_a_person_promotes_it()
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(150, 30);
        Assert.Null((await world.RunAsync(new PipelineJobInput(HorizonDays: 7))).Problem);
        var registry = world.Studio.Get<ModelRegistry>();
        var champion = (await registry.ListAsync(world.Scope, PipelineWorld.Now)).Value.Single(model => model.Facts is not null);
        var file = (await world.Studio.Get<ModelExports>().ToOnnxAsync(world.Scope, champion.Id, eightBit: false, PipelineWorld.Now)).Value;
        var before = await world.ScoresAsync();

        var brought = world.Studio.Get<BroughtModels>();
        var opened = (await brought.OpenAsync(world.Scope, "mine.onnx", new MemoryStream(file.Content), PipelineWorld.Now)).Value;
        Assert.Equal([7], opened.Horizons);
        Assert.DoesNotContain(null, opened.Suggested.Features);
        Assert.Equal("models.no-champion", (await brought.TryAsync(world.Scope, opened, opened.Suggested, 30, PipelineWorld.Now)).Problem?.Code);
        var trial = (await brought.TryAsync(world.Scope, opened, opened.Suggested, 7, PipelineWorld.Now)).Value;
        Assert.Equal(150, trial.Shoppers);

        // The same rows as when the champion was judged, so the same figures; the brought one is the champion's own file.
        Assert.Equal(champion.Figures!.Test.Auroc, trial.Champion.Auroc, 9);
        Assert.Equal(champion.Figures.Test.LogLoss, trial.Champion.LogLoss, 9);
        Assert.Equal((champion.Facts!.Test.Shoppers, champion.Facts.Test.Buyers), (trial.Test.Shoppers, trial.Test.Buyers));
        Assert.Equal(trial.Champion.Auroc, trial.Figures.Test.Auroc, 0.02);

        var id = (await brought.RegisterAsync(world.Scope, trial, PipelineWorld.Now)).Value;
        var versions = (await registry.ListAsync(world.Scope, PipelineWorld.Now)).Value;
        var challenger = versions.Single(model => model.Id == id);
        Assert.Equal((2, "onnx", false, "mine.onnx"), (challenger.Number, challenger.Family, challenger.IsLive, challenger.Facts!.BroughtFile));
        Assert.Null(challenger.Facts.Training);
        Assert.True(versions.Single(model => model.Id == champion.Id).IsLive);
        Assert.Equal(before, await world.ScoresAsync());
        Assert.Equal("models.was-brought", (await world.Studio.Get<ModelExports>().ToOnnxAsync(world.Scope, id, eightBit: false, PipelineWorld.Now)).Problem?.Code);

        Assert.True((await registry.PromoteAsync(world.Scope, id, PipelineWorld.Now)).Value.IsLive);
        Assert.NotEqual(before, await world.ScoresAsync());
        Assert.Equal(150, await world.Warehouse.ScalarAsync<long>("select count(*) from intent_scores where horizon_days = 7 and probability between 0 and 1", [], PipelineWorld.Now));
        await registry.PromoteAsync(world.Scope, champion.Id, PipelineWorld.Now);
        Assert.Equal(before, await world.ScoresAsync());
    }

    [Fact]
    public async Task Only_who_manages_models_may_bring_one_and_only_beside_one_in_use()
    {
        await using var world = await PipelineWorld.OpenAsync();
        var brought = world.Studio.Get<BroughtModels>();
        var viewer = world.Scope with { Actor = world.Scope.Actor with { Role = Role.Viewer } };
        Assert.Equal("access.refused", (await brought.OpenAsync(viewer, "a.onnx", new MemoryStream(), PipelineWorld.Now)).Problem?.Code);
        Assert.Equal("model-file.no-graph", (await brought.OpenAsync(world.Scope, "a.onnx", new MemoryStream(), PipelineWorld.Now)).Problem?.Code);
        var sound = Learning.Onnx.Brought.HandmadeModel.Of(("Sigmoid", ["x"], "p"));
        Assert.Equal("models.no-champion", (await brought.OpenAsync(world.Scope, "a.onnx", new MemoryStream(sound), PipelineWorld.Now)).Problem?.Code);
    }
}
