using MerchantStudio.Components.Pages.Predictions;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Pages.Predictions;

public sealed class RunsViewModelTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_with_a_run_at_work_is_read_again_until_it_is_done_or_the_right_to_see_it_is_gone()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        await using (var db = await studio.DbAsync())
        {
            db.PipelineRuns.Add(new PipelineRun { Id = Guid.NewGuid(), Number = 1, WorkspaceId = scope.Workspace, State = JobState.Running, StartedAt = DateTimeOffset.UnixEpoch, SettingsJson = "{}", RequestedBy = "Mei" });
            await db.SaveChangesAsync(Now);
        }

        var model = new RunsViewModel(studio.Get<PipelineRuns>(), studio.Get<JobQueue>()) { Pace = TimeSpan.FromMilliseconds(5) };
        await model.ShowAsync(scope, Now);
        var looks = 0;
        await model.FollowAsync(() => Task.FromResult<Outcome<WorkspaceScope>>(++looks < 3 ? scope : new RunNotFound()), TimeProvider.System, () => Task.CompletedTask, Now);
        Assert.True(model.IsMoving);
        Assert.Equal(3, looks);

        var told = new List<JobState>();
        await model.FollowAsync(() => Task.FromResult<Outcome<WorkspaceScope>>(scope), TimeProvider.System, async () =>
        {
            told.Add(model.Runs[0].State);
            if (told.Count > 1) return;
            await using var db = await studio.DbAsync();
            await db.PipelineRuns.ExecuteUpdateAsync(run => run.SetProperty(row => row.State, JobState.Succeeded), Now);
        }, Now);
        Assert.Equal([JobState.Running, JobState.Succeeded], told);
        await model.FollowAsync(() => throw new InvalidOperationException("Nothing moves."), TimeProvider.System, () => Task.CompletedTask, Now);
    }
}
