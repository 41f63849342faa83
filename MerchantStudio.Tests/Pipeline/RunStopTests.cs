using MerchantStudio.Components.Pages.Predictions;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Pipeline;
using Xunit;

namespace MerchantStudio.Tests.Pipeline;

/// <summary>The two buttons of a run at work: stop here keeps the best models so far, cancel keeps nothing.</summary>
public sealed class RunStopTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, JobState.Succeeded)]
    [InlineData(true, JobState.Cancelled)]
    public async Task A_run_that_learns_is_stopped_with_what_it_has_or_cancelled(bool cancels, JobState expected)
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(400, 40);
        using var stop = new CancellationTokenSource();
        var runner = Task.Run(() => world.Studio.Get<JobRunner>().RunAsync(stop.Token), Now);
        Assert.True((await world.Studio.Get<JobQueue>().EnqueueAsync(world.Scope, "pipeline", new PipelineJobInput(), Now)).Succeeded);
        var model = new RunViewModel(world.Studio.Get<PipelineRuns>(), world.Studio.Get<JobQueue>());
        do
        {
            await Task.Delay(20, Now);
            await model.ShowAsync(world.Scope, 1, Now);
        }
        while (model.Run is null || !model.IsWorking);

        var asked = false;
        await model.FollowAsync(world.Scope, 1, async () =>
        {
            if (asked || !model.MayStopHere) return;
            asked = true;
            if (cancels) await model.CancelAsync(world.Scope, Now);
            else await model.StopHereAsync(world.Scope, Now);
            Assert.Null(model.Problem);
            Assert.Equal(!cancels, model.IsStopping);
        }, Now);
        Assert.True(asked, "The run never offered to stop.");
        Assert.Equal(expected, model.Job!.State);
        Assert.False(model.MayStopHere);
        Assert.Equal(!cancels, (await world.Studio.Get<PipelineReports>().LatestPublishedAsync(world.Scope, Now)) is not null);
        await stop.CancelAsync();
        await runner;
    }
}
