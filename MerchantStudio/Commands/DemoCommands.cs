using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Demo;
using MerchantStudio.Core.Jobs;

namespace MerchantStudio.Commands;

internal sealed class DemoGenerateCommand : IStudioCommand
{
    public string Name => "demo generate";

    public string Usage => "[--seed N] [--out DIR]";

    public string Summary => "Writes the demo shop's files: demo.db, the same rows as compressed CSV, and the planted truth.";

    public bool UsesDataFolder => false;

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var typed = context.Arguments["seed"] ?? "1";
        if (!int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)) throw new CommandUsageException($"'{typed}' is not a seed: a whole number from 0 on.");
        return await context.SucceedAsync(await DemoGenerator.WriteAsync(seed, context.FullPath(context.Arguments["out"] ?? "sample-data"), cancellationToken));
    }
}

internal sealed class DemoResetCommand : IStudioCommand
{
    private static readonly WorkspaceScope Scope = new(WorkspaceDirectory.Demo, Actor.CommandLine);

    public string Name => "demo reset";

    public string Usage => "";

    public string Summary => "Throws the demo shop's data, models and rules away, loads it anew and runs its pipeline. Own shops are not touched.";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var started = await context.Services.GetRequiredService<DemoWorkspace>().ResetAsync(Actor.CommandLine, cancellationToken);
        if (!started.TryGet(out var job, out var problem)) return await context.FailAsync(problem);
        var jobs = context.Services.GetRequiredService<JobQueue>();
        if (await FailureAsync(context, jobs, job, cancellationToken) is { } failure) return failure;
        var run = jobs.Active(WorkspaceDirectory.Demo).FirstOrDefault(active => active.Kind == "pipeline");
        if (run is not null && await FailureAsync(context, jobs, run.Id, cancellationToken) is { } failed) return failed;
        return await context.SucceedAsync(new { Workspace = WorkspaceDirectory.Demo.Value, Loaded = true, Published = run is not null });
    }

    /// <summary>Waits for the job and tells its stages; null when it succeeded.</summary>
    private static async Task<int?> FailureAsync(CommandContext context, JobQueue jobs, Guid? jobId, CancellationToken cancellationToken)
    {
        if (jobId is not { } id) return null;
        var told = "";
        JobSnapshot? last = null;
        await foreach (var job in jobs.WatchAsync(Scope, id, cancellationToken))
        {
            last = job;
            var stage = job.Progress?.Stages.LastOrDefault(stage => stage.State == StageState.Running)?.Key ?? job.Kind;
            if (stage == told) continue;
            told = stage;
            await context.Error.WriteLineAsync(stage);
        }
        if (last is { State: JobState.Succeeded }) return null;
        return last?.Problem is { } problem ? await context.FailAsync(problem) : 1;
    }
}
