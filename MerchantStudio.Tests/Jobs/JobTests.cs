using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Jobs;

public sealed class JobTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_runs_in_the_background_and_keeps_its_result()
    {
        await using var world = await JobWorld.OpenAsync();
        var job = await world.AskAsync("count");

        Assert.Equal(JobState.Succeeded, (await world.EndOfAsync(job)).State);
        Assert.Equal("""{"counted":3}""", (await world.EndOfAsync(job)).ResultJson);
    }

    [Fact]
    public async Task Whoever_watches_sees_the_progress_and_then_the_end()
    {
        await using var world = await JobWorld.OpenAsync();
        var job = await world.AskAsync("count");
        var seen = new List<JobSnapshot>();
        await foreach (var snapshot in world.Queue.WatchAsync(world.Scope, job, Now)) seen.Add(snapshot);

        Assert.True(seen[^1].IsFinished);
        Assert.Equal(1, seen[^1].Progress!.Fraction);
        Assert.Empty(world.Queue.Active(world.Scope.Workspace));
    }

    [Fact]
    public async Task One_job_at_a_time_runs_in_a_workspace()
    {
        await using var world = await JobWorld.OpenAsync();
        var first = await world.AskAsync("wait");
        var second = await world.AskAsync("count");
        await world.UntilAsync(first, JobState.Running);

        Assert.Equal(JobState.Queued, (await world.Queue.FindAsync(world.Scope, second, Now))!.State);
        await world.Queue.CancelAsync(world.Scope, first, Now);
        Assert.Equal(JobState.Succeeded, (await world.EndOfAsync(second)).State);
    }

    [Fact]
    public async Task A_cancelled_job_stops_and_cleans_up()
    {
        await using var world = await JobWorld.OpenAsync();
        var job = await world.AskAsync("wait");
        await world.UntilAsync(job, JobState.Running);
        await world.Queue.CancelAsync(world.Scope, job, Now);

        Assert.Equal(JobState.Cancelled, (await world.EndOfAsync(job)).State);
        Assert.Equal(["wait"], world.CleanedUp);
    }

    [Fact]
    public async Task A_fault_in_a_handler_fails_the_job_and_nothing_else()
    {
        await using var world = await JobWorld.OpenAsync();
        var broken = await world.AskAsync("break");

        Assert.Equal("job.failed", (await world.EndOfAsync(broken)).Problem!.Code);
        Assert.Equal(JobState.Succeeded, (await world.EndOfAsync(await world.AskAsync("count"))).State);
    }

    [Fact]
    public async Task After_a_restart_a_job_that_can_resume_goes_on_from_its_checkpoint()
    {
        var folder = TemporaryStudio.NewFolder();
        Guid job;
        await using (var before = await JobWorld.OpenAsync(folder))
        {
            job = await before.AskAsync("resume");
            await before.CheckpointAsync(job);
        }

        await using var after = await JobWorld.OpenAsync(folder);
        Assert.Equal("""{"resumedFrom":"half"}""", (await after.EndOfAsync(job)).ResultJson);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task After_a_restart_a_job_that_cannot_resume_is_cleaned_up_and_says_so()
    {
        var folder = TemporaryStudio.NewFolder();
        Guid job;
        await using (var before = await JobWorld.OpenAsync(folder))
        {
            job = await before.AskAsync("wait");
            await before.UntilAsync(job, JobState.Running);
        }

        await using var after = await JobWorld.OpenAsync(folder);
        var end = await after.EndOfAsync(job);
        Assert.Equal((JobState.Interrupted, "job.interrupted"), (end.State, end.Problem!.Code));
        Assert.Equal(["wait"], after.CleanedUp);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Another_workspace_neither_sees_nor_stops_the_job()
    {
        await using var world = await JobWorld.OpenAsync();
        var job = await world.AskAsync("wait");
        var stranger = await world.Studio.WorkspaceAsync("coffee");

        Assert.Null(await world.Queue.FindAsync(stranger, job, Now));
        Assert.Equal("job.not-found", (await world.Queue.CancelAsync(stranger, job, Now)).Problem!.Code);
    }

    [Fact]
    public async Task A_viewer_may_start_nothing()
    {
        await using var world = await JobWorld.OpenAsync();
        var viewer = world.Scope with { Actor = new Actor("Vi", null, Role.Viewer) };

        Assert.IsType<AccessRefused>((await world.Queue.EnqueueAsync(viewer, "pipeline", new { }, Now)).Problem);
    }

    [Fact]
    public async Task The_pipeline_follows_an_import_where_the_shop_wants_it()
    {
        await using var world = await JobWorld.OpenAsync();
        await using (var db = await world.Studio.DbAsync())
        {
            db.Workspaces.Single().RunAfterImport = true;
            await db.SaveChangesAsync(Now);
        }

        await world.EndOfAsync(await world.AskAsync("import"));
        await using var later = await world.Studio.DbAsync();
        while (!later.Jobs.Any(job => job.Kind == "pipeline" && job.RequestedBy == "scheduler")) await Task.Delay(20, Now);
    }
}
