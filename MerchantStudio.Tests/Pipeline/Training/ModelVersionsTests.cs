using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Core.Shop;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.Training;

/// <summary>What a merchant does with the versions of a training: compare, put in place, go back, train again.</summary>
public sealed class ModelVersionsTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_takes_the_live_ones_place_and_one_step_leads_back()
    {
        await using var world = await TrainingTests.PublishedAsync();
        var registry = world.Studio.Get<ModelRegistry>();
        var before = await world.ScoresAsync();
        var run = (await VersionsAsync(world)).Single(version => version.IsLive);
        Assert.DoesNotContain(await VersionsAsync(world), version => version.ServedBefore);
        var trained = (await TrainingTests.TrainAsync(world, await TrainingTests.PlanAsync(world))).Versions.First(version => version.Family != run.Family);
        Assert.Null((await registry.PromoteAsync(world.Scope, trained.ModelId, Now)).Problem);
        Assert.NotEqual(before, await world.ScoresAsync());

        var versions = await VersionsAsync(world);
        Assert.Equal((trained.ModelId, run.Id), (versions.Single(version => version.IsLive).Id, versions.Single(version => version.ServedBefore).Id));
        Assert.Null((await registry.PromoteAsync(world.Scope, run.Id, Now)).Problem);
        Assert.Equal(before, await world.ScoresAsync());
        Assert.Equal(trained.ModelId, (await VersionsAsync(world)).Single(version => version.ServedBefore).Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-1)]
    public async Task A_version_whose_file_is_cut_or_gone_is_never_put_in_place(int bytesLeft)
    {
        await using var world = await TrainingTests.PublishedAsync();
        var scores = await world.ScoresAsync();
        var live = (await VersionsAsync(world)).Single(version => version.IsLive);
        var trained = (await TrainingTests.TrainAsync(world, await TrainingTests.PlanAsync(world))).Versions.First(version => version.Family != live.Family);
        var hash = (await VersionsAsync(world)).Single(version => version.Id == trained.ModelId).FileHash;
        var file = Path.Combine(world.Studio.Get<StudioPaths>().Models, hash, "model.bin");
        if (bytesLeft < 0) File.Delete(file);
        else await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Now))[..bytesLeft], Now);
        Assert.Equal("models.file-gone", (await world.Studio.Get<ModelRegistry>().PromoteAsync(world.Scope, trained.ModelId, Now)).Problem!.Code);
        Assert.Equal(live.Id, (await VersionsAsync(world)).Single(version => version.IsLive).Id);
        Assert.Equal(scores, await world.ScoresAsync());
    }

    [Fact]
    public async Task Two_versions_are_compared_on_todays_shoppers_without_touching_the_scores()
    {
        await using var world = await TrainingTests.PublishedAsync();
        var comparisons = world.Studio.Get<ModelComparisons>();
        var live = (await VersionsAsync(world)).Single(version => version.IsLive);
        var trained = (await TrainingTests.TrainAsync(world, await TrainingTests.PlanAsync(world))).Versions;
        var scores = await world.ScoresAsync();
        var same = (await comparisons.CompareAsync(world.Scope, live.Id, trained.Single(version => version.Family == live.Family).ModelId, Now)).Value;
        Assert.Equal((260, 1.0, 0.0, 0, 0), (same.Shoppers, same.Agreement, same.MeanDifference, same.Up, same.Down));
        foreach (var version in trained.Where(version => version.Family != live.Family))
        {
            var there = (await comparisons.CompareAsync(world.Scope, live.Id, version.ModelId, Now)).Value;
            var back = (await comparisons.CompareAsync(world.Scope, version.ModelId, live.Id, Now)).Value;
            Assert.Equal((there.Up, there.Down, there.Agreement), (back.Down, back.Up, back.Agreement));
            Assert.Equal(1 - ((there.Up + there.Down) / 260.0), there.Agreement, 9);
            Assert.True(there.MeanDifference > 0);
            Assert.Equal(Math.Min(20, there.Up + there.Down), there.Moved.Length);
        }

        Assert.Equal(scores, await world.ScoresAsync());
        Assert.Equal("models.not-found", (await comparisons.CompareAsync(world.Scope, live.Id, Guid.NewGuid(), Now)).Problem!.Code);
    }

    [Fact]
    public async Task A_version_trained_again_is_the_same_bit_for_bit_until_its_data_change()
    {
        await using var world = await TrainingTests.PublishedAsync();
        var repeats = world.Studio.Get<ModelRepeats>();
        var plan = await TrainingTests.PlanAsync(world);
        var half = plan with { Families = [.. plan.Families.Select(family => family with { Rows = family.Rows / 2 })] };
        await TrainingTests.TrainAsync(world, half);
        foreach (var version in await VersionsAsync(world))
        {
            var repeat = (await repeats.RepeatAsync(world.Scope, version.Id, Now)).Value;
            Assert.Equal((RepeatEnding.Same, version.FileHash), (repeat.Ending, repeat.FileHash));
        }

        await using (var session = await world.Warehouse.BeginAsync(Now))
        {
            await session.ExecuteAsync("delete from clean_events where user_id = 'u001'", [], Now);
            await session.CommitAsync(Now);
        }

        var changed = (await repeats.RepeatAsync(world.Scope, (await VersionsAsync(world))[0].Id, Now)).Value;
        Assert.Equal((RepeatEnding.DataChanged, (string?)null), (changed.Ending, changed.FileHash));
    }

    private static async Task<IReadOnlyList<ModelSummary>> VersionsAsync(PipelineWorld world) => (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value;
}
