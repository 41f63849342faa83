using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Worlds;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Jobs;

/// <summary>A studio whose jobs count, wait, break or resume; disposing it is the process's end.</summary>
internal sealed class JobWorld : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _runner;

    private JobWorld(TemporaryStudio studio, WorkspaceScope scope, ConcurrentQueue<string> cleanedUp)
    {
        Studio = studio;
        Scope = scope;
        CleanedUp = cleanedUp;
        _runner = Task.Run(() => studio.Get<JobRunner>().RunAsync(_stop.Token));
    }

    public TemporaryStudio Studio { get; }

    public WorkspaceScope Scope { get; }

    public ConcurrentQueue<string> CleanedUp { get; }

    public JobQueue Queue => Studio.Get<JobQueue>();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public static async Task<JobWorld> OpenAsync(string? folder = null)
    {
        var cleanedUp = new ConcurrentQueue<string>();
        var studio = await TemporaryStudio.OpenAsync(
            services =>
            {
                foreach (var kind in (string[])["count", "wait", "break", "resume", "import"]) services.AddScoped<IJobHandler>(_ => new ToyHandler(kind, cleanedUp));
            },
            folder);
        var id = new WorkspaceId("tea");
        var scope = await studio.Get<WorkspaceDirectory>().FindAsync(id, Now) is null
            ? await studio.WorkspaceAsync()
            : new WorkspaceScope(id, new Actor("Mei", null, Role.Owner));
        return new JobWorld(studio, scope, cleanedUp);
    }

    public async Task<Guid> AskAsync(string kind) => (await Queue.EnqueueAsync(Scope, kind, new { }, Now)).Value;

    public async Task UntilAsync(Guid job, JobState state)
    {
        while ((await Queue.FindAsync(Scope, job, Now))?.State != state) await Task.Delay(10, Now);
    }

    public async Task CheckpointAsync(Guid job)
    {
        await using var db = await Studio.DbAsync();
        while (!db.Jobs.Any(row => row.Id == job && row.CheckpointJson != null)) await Task.Delay(10, Now);
    }

    public async Task<JobSnapshot> EndOfAsync(Guid job)
    {
        JobSnapshot? last = null;
        await foreach (var snapshot in Queue.WatchAsync(Scope, job, Now)) last = snapshot;
        return last!;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _runner;
        _stop.Dispose();
        await Studio.DisposeAsync();
    }

    private sealed class ToyHandler(string kind, ConcurrentQueue<string> cleanedUp) : IJobHandler
    {
        public string Kind => kind;

        public bool Resumes => kind == "resume";

        public async Task<Outcome<JsonNode>> RunAsync(IJobContext job, CancellationToken cancellationToken)
        {
            if (kind == "break") throw new InvalidOperationException("A planted fault.");
            if (kind == "resume" && job.CheckpointJson is { } checkpoint) return new JsonObject { ["resumedFrom"] = checkpoint };
            for (var step = 1; step <= 3; step++) job.Report(new JobProgress([new StageProgress("read", StageState.Running, step, 3, 0)], step / 3.0, null));
            if (kind == "resume") await job.SaveCheckpointAsync("half", cancellationToken);
            if (kind is "resume" or "wait") await Task.Delay(Timeout.Infinite, cancellationToken);
            return new JsonObject { ["counted"] = 3 };
        }

        public Task CleanUpAsync(IJobContext job, CancellationToken cancellationToken)
        {
            cleanedUp.Enqueue(kind);
            return Task.CompletedTask;
        }
    }
}
