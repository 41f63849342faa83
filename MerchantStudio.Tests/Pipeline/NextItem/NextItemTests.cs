using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Native.OnnxRuntime;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.NextItem;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Learning.Onnx;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.NextItem;

/// <summary>Which product next, learnt from the shop's own histories, judged on each shopper's last product, kept, put in use and shown.</summary>
public sealed class NextItemTests
{
    private const int Shoppers = 240;
    private const int Products = 30;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_a_shop_of_chains_the_models_beat_popularity_and_the_live_one_names_the_next_link_and_its_reason()
    {
        await using var world = await ChainsAsync();
        var report = await TrainAsync(world);
        Assert.Equal((Products, Shoppers), (report.Items, report.Histories));
        Assert.Equal(["blend", "gru", "ials", "item-knn"], report.Versions.Select(version => version.Family).Order());
        Assert.Equal(report.Versions.OrderByDescending(version => version.Metrics.Validation.Ndcg).Select(version => version.Family), report.Versions.Select(version => version.Family));
        var neighbours = report.Versions.Single(version => version.Family == "item-knn");
        Assert.True(neighbours.Metrics.Test.HitLow > report.Popularity.HitRate, $"{neighbours.Metrics.Test} beside {report.Popularity}");
        Assert.All(report.Versions, version => Assert.Equal((report.Popularity.Rows, Shoppers), (version.Metrics.Test.Rows, version.Metrics.Test.Rows)));

        // The next plan reckons with the epochs that the network took.
        var epochs = await world.Studio.Get<NextItemTrainings>().EpochsAsync(world.Scope, Now);
        Assert.Equal([("gru", report.Versions.Single(version => version.Family == "gru").Facts.Epochs)], epochs.Select(pair => (pair.Key, pair.Value)));
        Assert.InRange(epochs["gru"], 6, 30);

        await ExportedAlikeAsync(world, report);

        // Nothing serves until somebody puts a version in use; then the one before can come back.
        var items = world.Studio.Get<NextItems>();
        var shopper = new ShopperId("s000");
        Assert.Null((await items.OfAsync(world.Scope, shopper, 5, Now)).Value);
        var registry = world.Studio.Get<ModelRegistry>();
        Assert.Equal("access.refused", (await registry.PromoteAsync(world.Scope with { Actor = new Actor("Viewer", null, Role.Viewer) }, neighbours.ModelId, Now)).Problem!.Code);
        Assert.True((await registry.PromoteAsync(world.Scope, neighbours.ModelId, Now)).Succeeded);
        var likely = (await items.OfAsync(world.Scope, shopper, 5, Now)).Value!;
        Assert.Equal(("item-knn", neighbours.Number, 5), (likely.Family, likely.Number, likely.Items.Length));
        var met = await ItemHistories.OfAsync(world.Warehouse, "s000", Now);
        Assert.Empty(likely.Items.Select(one => one.Item).Intersect(met));
        Assert.Equal(Following(met[^1]), likely.Items[0].Item);
        Assert.Contains(likely.Items[0].Because, met);

        var card = (await registry.ListAsync(world.Scope, Now)).Value.Single(version => version.Id == neighbours.ModelId);
        Assert.True(card.IsLive);
        Assert.Equal((neighbours.Facts, neighbours.Metrics), (card.NextItem!.Facts, card.NextItem.Metrics));
    }

    [Fact]
    public async Task A_training_that_was_cut_off_goes_on_behind_the_last_finished_family_and_gives_the_same_files()
    {
        await using var world = await ChainsAsync();
        var request = new NextItemRequest(Plan());
        var cut = new TestJob(world.Scope, request) { CutOffAt = 1 };
        await Assert.ThrowsAsync<ProcessEnded>(() => world.HandlerOf("next-item").RunAsync(cut, Now));
        var next = new TestJob(world.Scope, request) { JobId = cut.JobId, CheckpointJson = cut.CheckpointJson };
        Assert.True((await world.HandlerOf("next-item").RunAsync(next, Now)).Succeeded);
        Assert.Equal(2, next.Checkpoints);
        await TrainAsync(world);
        var files = (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value.Where(version => version.Task == NextItems.Task).GroupBy(version => version.Family);
        Assert.All(files, family => Assert.Single(family.Select(version => version.FileHash).Distinct()));
    }

    [Fact]
    public async Task Too_few_histories_and_missing_rights_are_told()
    {
        await using var world = await PipelineWorld.OpenAsync();
        var trainings = world.Studio.Get<NextItemTrainings>();
        Assert.Equal("training.nothing-published", (await trainings.MeasureAsync(world.Scope, Now)).Problem!.Code);
        Assert.Equal("access.refused", (await trainings.MeasureAsync(world.Scope with { Actor = new Actor("Viewer", null, Role.Viewer) }, Now)).Problem!.Code);
        await AddChainsAsync(world, 20);
        Assert.Null((await world.RunAsync()).Problem);
        Assert.Equal("next-item.too-few", (await trainings.MeasureAsync(world.Scope, Now)).Problem!.Code);
    }

    [Fact]
    public async Task The_plan_is_measured_on_the_shops_own_histories()
    {
        await using var world = await ChainsAsync();
        var measure = (await world.Studio.Get<NextItemTrainings>().MeasureAsync(world.Scope, Now)).Value;
        Assert.Equal((Shoppers, Shoppers, Products), (measure.Histories, measure.Judged, measure.Items));
        Assert.Equal(NextItemFamilies.All.Select(family => family.Key), measure.Costs.Select(cost => cost.Family));
        Assert.True(measure.Plan(["item-knn", "gru"], new ComputeBudget(300, 4096)).Fits);
        Assert.Equal("training.no-family", (await world.Studio.Get<NextItemTrainings>().StartAsync(world.Scope, new NextItemRequest(measure.Plan([], new ComputeBudget(300, 4096))), Now)).Problem!.Code);
    }

    [Fact]
    public async Task What_histories_left_out_might_have_added_is_told_from_a_quarter_of_the_others()
    {
        await using var world = await ChainsAsync();
        var (some, quarter) = (await OfAsync(120), await OfAsync(30));
        Assert.Equal(new RowsGivenUp(120, Shoppers, quarter.Metrics.Validation.Ndcg, some.Metrics.Validation.Ndcg), some.GivenUp);
        Assert.Null((await OfAsync(Shoppers)).GivenUp);

        async Task<NextItemVersion> OfAsync(int rows) => Assert.Single((await TrainAsync(world, Plan() with { Families = [new PlannedFamily("item-knn", rows, 1, 1, 1, 1)] })).Versions);
    }

    [Fact]
    public async Task A_blend_for_which_no_time_is_left_or_that_the_plan_leaves_out_is_not_made()
    {
        await using var world = await ChainsAsync();
        var late = await TrainAsync(world, Of(new PlannedFamily("blend", Shoppers, 1, 1, 1_000, 1)));
        Assert.Equal(("ials item-knn", "blend"), (Families(late), string.Join(' ', late.Skipped)));
        var leftOut = await TrainAsync(world, Of(new PlannedFamily("blend", 0, 0, 1, 0, 0)));
        Assert.Equal(("ials item-knn", ""), (Families(leftOut), string.Join(' ', leftOut.Skipped)));

        static TrainingPlan Of(PlannedFamily blend) => Plan() with { Families = [.. Plan().Families.Where(family => family.Family is "item-knn" or "ials"), blend] };
        static string Families(NextItemReport report) => string.Join(' ', report.Versions.Select(version => version.Family).Order());
    }

    /// <summary>What has a form is handed out as a file that names the next link too; with 8-bit numbers, the network alone, and their cost begins at the figures of the card.</summary>
    private static async Task ExportedAlikeAsync(PipelineWorld world, NextItemReport report)
    {
        var exports = world.Studio.Get<ModelExports>();
        var listed = (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value;
        var met = await ItemHistories.OfAsync(world.Warehouse, "s000", Now);
        foreach (var version in report.Versions)
        {
            var made = await exports.ToOnnxAsync(world.Scope, version.ModelId, eightBit: false, Now);
            var why = version.Family is "ials" or "blend" ? "models.solves-equations" : null;
            Assert.Equal((why, why), (made.Problem?.Code, listed.Single(one => one.Id == version.ModelId).NoForm?.Code));
            if (!made.Succeeded) continue;
            var export = made.Value;
            Assert.Equal(($"next-item-v{version.Number}.onnx", ExportedRows.Histories), (export.FileName, export.Rows));
            Assert.InRange(export.LargestDifference, 0, 1e-5);
            if (OnnxRuntimeLibrary.Version is null) continue;
            Assert.Equal(Shoppers, export.Compared);
            var items = UnusualHistories.Listed(export.Content, "items");
            var scores = UnusualHistories.Run(export.Content, [[.. met.Select(item => 1 + items.IndexOf(item))]], "score");
            Assert.Equal(Following(met[^1]), items.Except(met).MaxBy(item => scores[items.IndexOf(item)]));
            var rounded = await exports.ToOnnxAsync(world.Scope, version.ModelId, eightBit: true, Now);
            Assert.Equal(version.Family == "gru" ? null : "models.no-weights", rounded.Problem?.Code);
            if (!rounded.Succeeded) continue;
            var cost = Assert.IsType<RankingRounding>(rounded.Value.Rounding);
            Assert.Equal((export.Content.Length, Shoppers, version.Metrics.Test.HitRate, version.Metrics.Test.Ndcg), (cost.Bytes, cost.Rows, cost.HitRateBefore, cost.NdcgBefore));
            Assert.Equal(cost.NdcgBefore, cost.Ndcg, 0.05);
            Assert.True(rounded.Value.Content.Length < 0.7 * export.Content.Length, $"{rounded.Value.Content.Length} of {export.Content.Length} bytes");
        }

        var viewer = world.Scope with { Actor = new Actor("Viewer", null, Role.Viewer) };
        Assert.Equal("access.refused", (await exports.ToOnnxAsync(viewer, report.Versions[0].ModelId, eightBit: false, Now)).Problem!.Code);
    }

    private static TrainingPlan Plan() => new([.. new[] { "item-knn", "ials", "gru", "blend" }.Select(family => new PlannedFamily(family, int.MaxValue, 1, 1, 1, 1))], Shoppers, 1, 1, new ComputeBudget(600, 4096), Fits: true);

    private static async Task<NextItemReport> TrainAsync(PipelineWorld world, TrainingPlan? plan = null) =>
        PipelineJson.Read<NextItemReport>((await world.HandlerOf("next-item").RunAsync(new TestJob(world.Scope, new NextItemRequest(plan ?? Plan())), Now)).Value.ToJsonString());

    internal static async Task<PipelineWorld> ChainsAsync()
    {
        var world = await PipelineWorld.OpenAsync();
        await AddChainsAsync(world, Shoppers);
        Assert.Null((await world.RunAsync()).Problem);
        return world;
    }

    private static string Following(string item) => FormattableString.Invariant($"i{(int.Parse(item[1..], CultureInfo.InvariantCulture) + 1) % Products:00}");

    /// <summary>Each shopper goes through the products from one drawn for her, one after the other: 6 to 9 of them.</summary>
    private static async Task AddChainsAsync(PipelineWorld world, int shoppers)
    {
        var random = new SeededRandom(3);
        await using var session = await world.Warehouse.BeginAsync(Now);
        for (var shopper = 0; shopper < shoppers; shopper++)
        {
            var (first, steps) = (random.NextInt(Products), 6 + random.NextInt(4));
            await session.ExecuteAsync(
                """
                insert into events (user_id, ts, event_type, item_id, category, price, quantity, import_id, source_line)
                select $1, cast($2 as timestamp) + interval (s) hour, 'view', 'i' || lpad(cast((cast($3 as integer) + s) % 30 as varchar), 2, '0'), 'c1', 10, 1, 1, ($4 * 100) + s from range($5) t(s)
                """, [FormattableString.Invariant($"s{shopper:000}"), PipelineWorld.Opening.AddMinutes(shopper), (long)first, (long)shopper, (long)steps], Now);
        }

        await session.CommitAsync(Now);
    }
}
