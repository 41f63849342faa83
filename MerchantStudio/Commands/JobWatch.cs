using MerchantStudio.Core.Access;
using MerchantStudio.Core.Jobs;

namespace MerchantStudio.Commands;

/// <summary>Follows a job that a command started.</summary>
internal static class JobWatch
{
    /// <summary>Names each stage on standard error as it begins; whoever stops the command cancels the job.</summary>
    /// <returns>The job as it ended.</returns>
    public static async Task<JobSnapshot?> FollowAsync(CommandContext context, WorkspaceScope scope, Guid id, CancellationToken cancellationToken)
    {
        var jobs = context.Services.GetRequiredService<JobQueue>();
        JobSnapshot? last = null;
        var shown = "";
        try
        {
            await foreach (var snapshot in jobs.WatchAsync(scope, id, cancellationToken))
            {
                last = snapshot;
                var stage = snapshot.Progress?.Stages.FirstOrDefault(stage => stage.State == StageState.Running)?.Key ?? "";
                if (stage.Length == 0 || stage == shown) continue;
                shown = stage;
                await context.Error.WriteLineAsync($"{stage} …");
            }
        }
        catch (OperationCanceledException)
        {
            await jobs.CancelAsync(scope, id, CancellationToken.None);
            throw;
        }

        return last;
    }
}
