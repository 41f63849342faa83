using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Shadow;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Learning;
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
    public async Task A_run_scores_the_challengers_beside_its_own_model_and_what_shoppers_did_since_judges_both()
    {
        await using var world = await TrainingTests.PublishedAsync();
        var comparisons = world.Studio.Get<ModelComparisons>();
        var former = (await VersionsAsync(world)).Single(version => version is { IsLive: true, Task: "intent-7" });
        await TrainingTests.TrainAsync(world, await TrainingTests.PlanAsync(world));
        var first = (await comparisons.CompareAsync(world.Scope, former.Id, (await VersionsAsync(world)).First(version => version is { IsLive: false, Task: "intent-7" }).Id, Now)).Value;
        Assert.Null(first.Since);

        // Three days later some outcomes are known; another model serves, and the versions that do not have scored the same shoppers.
        await world.AddShoppersAsync(260, 3, from: PipelineWorld.Opening.AddDays(TrainingTests.Days), seed: 6);
        Assert.Null((await world.RunAsync(new PipelineJobInput(HorizonDays: 7))).Problem);
        var versions = (await VersionsAsync(world)).Where(version => version.Task == "intent-7").ToList();
        var live = versions.Single(version => version.IsLive);
        foreach (var challenger in versions.Where(version => !version.IsLive))
        {
            var compared = (await comparisons.CompareAsync(world.Scope, live.Id, challenger.Id, Now)).Value;
            Assert.True(compared.AsOf > first.AsOf);
            Assert.Equal(260, compared.Shoppers);
            Assert.Null(compared.Since);
        }

        var early = versions.Where(version => !version.IsLive && version.Id != former.Id && version.FileHash != former.FileHash).First();
        var partly = (await comparisons.CompareAsync(world.Scope, former.Id, early.Id, Now)).Value.Since!;
        Assert.Equal((first.AsOf, false), (partly.AsOf, partly.Complete));

        // After another week all days have passed; the figures are those of the very shoppers and of nobody else.
        await world.AddShoppersAsync(300, 8, from: PipelineWorld.Opening.AddDays(TrainingTests.Days + 3), seed: 7);
        Assert.Null((await world.RunAsync(new PipelineJobInput(HorizonDays: 7))).Problem);
        var since = (await comparisons.CompareAsync(world.Scope, former.Id, early.Id, Now)).Value.Since!;
        Assert.True(since.Complete);
        Assert.Equal((260, since.AsOf.AddDays(7)), (since.Shoppers, since.Until));
        Assert.Equal(await BuyersAsync(world, since.AsOf, since.Until), since.Buyers);
        Assert.InRange(since.First.Auroc, 0.55, 1);
        Assert.NotEqual(since.First.LogLoss, since.Second.LogLoss);
        Assert.Equal(260, since.First.Calibration.Sum(bin => bin.Rows));
        Assert.Equal(since.Buyers, since.Second.Calibration.Sum(bin => bin.Rows * bin.Observed), 6);
    }

    [Fact]
    public void Moments_are_kept_as_far_back_as_outcomes_take_and_no_closer_than_a_quarter_of_it()
    {
        var now = PipelineWorld.Opening.AddDays(100);
        var daily = Enumerable.Range(1, 100).Select(day => now.AddDays(-day)).Reverse().ToList();
        var kept = VersionScores.Kept(daily, 28, now).ToList();
        Assert.Equal(Enumerable.Range(0, 8).Select(step => now.AddDays(-56 + (7 * step))), kept);
        Assert.Contains(kept, moment => moment.AddDays(28) <= now);
    }

    [Fact]
    public async Task A_version_that_cannot_score_is_told_of_in_the_run_and_holds_nobody_up()
    {
        await using var world = await TrainingTests.PublishedAsync();
        var live = (await VersionsAsync(world)).Single(version => version is { IsLive: true, Task: "intent-7" });
        File.Delete(Path.Combine(world.Studio.Get<StudioPaths>().Models, live.FileHash, "model.bin"));
        await world.AddShoppersAsync(260, 1, from: PipelineWorld.Opening.AddDays(TrainingTests.Days), seed: 6);
        var report = (await world.RunAsync(new PipelineJobInput(HorizonDays: 7))).Value;
        Assert.Equal("models.file-gone", report.Notes.First(note => note.Key == "shadow-failed" && note.Arguments[0] == "7").Problem!.Code);
        var next = (await VersionsAsync(world)).Single(version => version is { IsLive: true, Task: "intent-7" });
        Assert.Equal("models.not-scored-together", (await world.Studio.Get<ModelComparisons>().CompareAsync(world.Scope, next.Id, live.Id, Now)).Problem!.Code);
    }

    [Fact]
    public async Task What_served_before_stands_in_for_a_version_that_is_switched_off_and_only_where_it_cannot_the_newest()
    {
        await using var world = await TrainingTests.PublishedAsync();
        var registry = world.Studio.Get<ModelRegistry>();
        var (champion, second, newest) = await TrainTwoAsync(world);
        foreach (var fileIsThere in (bool[])[true, false])
        {
            Assert.Null((await registry.PromoteAsync(world.Scope, second, Now)).Problem);
            if (!fileIsThere) File.Delete(Path.Combine(world.Studio.Get<StudioPaths>().Models, (await VersionsAsync(world)).Single(version => version.Id == champion).FileHash, "model.bin"));
            await using var db = await world.Studio.DbAsync();
            Assert.Null(await registry.StandInAsync(world.Scope.Workspace, db.Models.Single(version => version.Id == second), Now));
            Assert.Equal(fileIsThere ? champion : newest, (await VersionsAsync(world)).Single(version => version.IsLive).Id);
        }
    }

    [Fact]
    public async Task A_version_that_learnt_from_other_features_is_refused_and_the_live_one_stays()
    {
        await using var world = await TrainingTests.PublishedAsync();
        var (x, y) = LearningWorld.Shoppers(400, 3);
        var window = new IntentWindow(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(7), x, [.. y]);
        var other = IntentTrainer.Fit(IntentFamilies.Find("logistic")!, new IntentQuestion(7, window, window, window, Seed: 1), 1, TimeProvider.System, null, Now).Value;
        var hash = await world.Studio.Get<ModelStore>().SaveAsync(other.Model.Save, Now);
        await using var db = await world.Studio.DbAsync();
        var live = db.Models.Single(version => version.IsLive);
        var draft = new VersionDraft(live.Task, "logistic", hash, live.DataHash, live.Seed, live.ParametersJson, live.MetricsJson);
        var added = await draft.AddAsync(db, world.Scope.Workspace, null, live.CreatedAt, live: false, Now);
        await db.SaveChangesAsync(Now);
        Assert.Equal("models.inputs-changed", (await world.Studio.Get<ModelRegistry>().PromoteAsync(world.Scope, added.Id, Now)).Problem!.Code);
        Assert.Equal(live.Id, Assert.Single(await VersionsAsync(world), version => version.IsLive).Id);
    }

    [Fact]
    public async Task Of_two_promotions_at_once_one_version_is_left_and_the_scores_are_its_own()
    {
        await using var world = await TrainingTests.PublishedAsync();
        var registry = world.Studio.Get<ModelRegistry>();
        var (champion, second, newest) = await TrainTwoAsync(world);
        var scores = new Dictionary<Guid, string[]>();
        foreach (var version in (Guid[])[second, newest])
        {
            Assert.Null((await registry.PromoteAsync(world.Scope, version, Now)).Problem);
            scores[version] = await world.ScoresAsync();
        }

        for (var round = 0; round < 5; round++)
        {
            Assert.Null((await registry.PromoteAsync(world.Scope, champion, Now)).Problem);
            var ended = await Task.WhenAll(((Guid[])[second, newest]).Select(version => Task.Run(() => registry.PromoteAsync(world.Scope, version, Now), Now)));
            Assert.All(ended, promoted => Assert.Null(promoted.Problem));
            Assert.Equal(scores[Assert.Single(await VersionsAsync(world), version => version.IsLive).Id], await world.ScoresAsync());
        }
    }

    [Fact]
    public async Task A_promotion_that_fails_halfway_leaves_the_former_version_with_its_scores()
    {
        await using var world = await TrainingTests.PublishedAsync();
        var (champion, second, _) = await TrainTwoAsync(world);
        var scores = await world.ScoresAsync();
        await using (var session = await world.Warehouse.BeginAsync(Now))
        {
            await session.ExecuteAsync("alter table shopper_profile drop column intent_7", [], Now);
            await session.CommitAsync(Now);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => world.Studio.Get<ModelRegistry>().PromoteAsync(world.Scope, second, Now));
        Assert.Equal(champion, Assert.Single(await VersionsAsync(world), version => version.IsLive).Id);
        Assert.Equal(scores, await world.ScoresAsync());
    }

    /// <summary>Two versions beside the live one, of other families and so with other files.</summary>
    private static async Task<(Guid Champion, Guid Second, Guid Newest)> TrainTwoAsync(PipelineWorld world)
    {
        var champion = (await VersionsAsync(world)).Single(version => version.IsLive);
        var plan = await TrainingTests.PlanAsync(world);
        var trained = (await TrainingTests.TrainAsync(world, plan with { Families = [.. plan.Families.Where(family => family.Family != BinaryModels.Perceptron && family.Family != champion.Family).Take(2)] })).Versions.OrderBy(version => version.Number).ToList();
        return (champion.Id, trained[0].ModelId, trained[1].ModelId);
    }

    private static Task<long> BuyersAsync(PipelineWorld world, DateTimeOffset from, DateTimeOffset to) =>
        world.Warehouse.ScalarAsync<long>(
            "select count(distinct user_id) from clean_events where event_type = 'purchase' and ts >= cast($1 as timestamp) and ts < cast($2 as timestamp) and user_id in (select user_id from version_scores where as_of = cast($1 as timestamp))", [from, to], Now);

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
