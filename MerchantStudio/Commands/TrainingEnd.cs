using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Commands;

/// <summary>Follows a training that was started here to its end and prints what it brought about.</summary>
internal static class TrainingEnd
{
    /// <param name="started">The job's id, or why it could not be started.</param>
    /// <param name="list">Trainings of its kind, newest first; so many at most.</param>
    public static async Task<int> PrintAsync<TReport>(CommandContext context, WorkspaceScope scope, Outcome<Guid> started, Func<int, Task<Outcome<ImmutableArray<TrainingEntry<TReport>>>>> list, CancellationToken cancellationToken)
        where TReport : class
    {
        if (!started.TryGet(out var id, out var refused)) return await context.FailAsync(refused);
        var last = await JobWatch.FollowAsync(context, scope, id, cancellationToken);
        if (last?.Problem is { } problem) return await context.FailAsync(problem);
        if (!(await list(50)).TryGet(out var found, out var unread)) return await context.FailAsync(unread);
        return found.FirstOrDefault(training => training.JobId == id)?.Report is { } report ? await context.SucceedAsync(report) : await context.FailAsync(new TrainingNotFound());
    }
}
