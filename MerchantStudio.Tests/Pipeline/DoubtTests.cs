using MerchantStudio.Components.Pages.Predictions;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Localization;
using MerchantStudio.Tests.Pipeline.Training;
using Xunit;

namespace MerchantStudio.Tests.Pipeline;

/// <summary>What makes a model doubtful is told wherever somebody decides by it.</summary>
public sealed class DoubtTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_feature_that_gives_the_answer_away_is_told_in_the_run_the_training_and_on_the_card()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await AddClearCutShoppersAsync(world);
        var report = (await world.RunAsync(new PipelineJobInput(HorizonDays: 7))).Value;
        var note = report.Notes.First(note => note.Key == "doubt");
        Assert.Equal("learning.leak", note.Problem!.Code);
        var told = RunNoteWords.Text(new Texts(), note, report, new DateOnly(2026, 5, 1));
        Assert.StartsWith("7 days, ", told, StringComparison.Ordinal);
        Assert.Contains("tells buyers from others", told, StringComparison.Ordinal);
        Assert.DoesNotContain(note.Problem.Arguments[0], told, StringComparison.Ordinal);
        var live = (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value.Single(version => version.IsLive);
        Assert.Contains(live.Figures!.Notes!.Value, doubt => doubt.Code == "learning.leak");

        var training = await TrainingTests.TrainAsync(world, await TrainingTests.PlanAsync(world) with { Families = [new("logistic", int.MaxValue, 1, 1, 1, 1)] });
        Assert.Contains(training.Versions[0].Notes, doubt => doubt.Code == "learning.leak");
        var made = (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value.Single(version => version.Id == training.Versions[0].ModelId);
        Assert.Equal(training.Versions[0].Notes.Select(doubt => doubt.Arguments[0]), made.Figures!.Notes!.Value.Select(doubt => doubt.Arguments[0]));
        Assert.True(training.Versions[0].Notes.Length > 1);
        Assert.Single(DoubtWords.All(new Texts(), made.Figures.Notes));
    }

    [Fact]
    public async Task An_ordinary_shop_raises_no_doubt()
    {
        await using var world = await TrainingTests.PublishedAsync();
        var report = (await world.Studio.Get<PipelineReports>().LatestPublishedAsync(world.Scope, Now))!;
        Assert.DoesNotContain(report.Notes, note => note.Key == "doubt");
        Assert.Empty((await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value.Single(version => version.IsLive).Figures!.Notes!.Value);
    }

    [Fact]
    public void A_gap_is_told_with_what_to_do_and_only_when_it_is_large()
    {
        Assert.Null(DoubtWords.Parts(new Texts(), 0.05, tooFar: false));
        var told = DoubtWords.Parts(new Texts(), 0.23, tooFar: true);
        Assert.Contains("23%", told, StringComparison.Ordinal);
        Assert.Contains("longer period", told, StringComparison.Ordinal);
    }

    /// <summary>Some buy every other day, the others never: what was bought before tells everything.</summary>
    private static async Task AddClearCutShoppersAsync(PipelineWorld world)
    {
        await using var session = await world.Warehouse.BeginAsync(Now);
        await session.ExecuteAsync(
            """
            insert into events (user_id, ts, event_type, item_id, category, price, quantity, import_id, source_line)
            select 'u' || u, cast($1 as timestamp) + interval (d) day + interval (u) minute, case when u % 3 = 0 and d % 2 = 0 then 'purchase' else 'view' end, 'i' || (u % 7), 'c1', 10, 1, 1, (u * 100) + d
            from range(240) t(u), range(40) s(d)
            """, [PipelineWorld.Opening], Now);
        await session.CommitAsync(Now);
    }
}
