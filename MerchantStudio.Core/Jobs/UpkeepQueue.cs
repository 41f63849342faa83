using System.Collections.Concurrent;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Jobs;

/// <summary>Asks for the published figures to be brought up to date after rows have come or gone. Asking costs next to nothing, so whoever changes rows may ask every time.</summary>
public sealed class UpkeepQueue(JobQueue queue, WarehouseRegistry warehouses, TimeProvider clock) : IAfterImport
{
    public const string JobKind = "upkeep";

    /// <summary>A table that the first published run leaves; before it there is nothing to bring up to date.</summary>
    private const string Published = "upkeep_state";

    /// <summary>Live events move every second; their upkeep comes at this pace at most, and takes no more than about a tenth of the time.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);
    private const int Rest = 9;

    private readonly ConcurrentDictionary<WorkspaceId, Task> _later = new();

    Task IAfterImport.RunAsync(WorkspaceScope scope, CancellationToken cancellationToken) => AskAsync(scope.Workspace, cancellationToken);

    /// <summary>Queues the upkeep of a workspace, unless one is waiting already, a run of the pipeline is (it sees to everything), or nothing has ever been published.</summary>
    public async Task AskAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        if (queue.Active(workspace).Any(job => job.Kind is JobKind or "pipeline" && job.StartedAt is null)) return;
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync(Published, cancellationToken).ConfigureAwait(false)) return;
        await queue.EnqueueAsync(new WorkspaceScope(workspace, Actor.Scheduler), JobKind, new object(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks a little later, once for all who ask until then.</summary>
    public void AskSoon(WorkspaceId workspace, CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested || (_later.TryGetValue(workspace, out var waiting) && !waiting.IsCompleted)) return;
        _later[workspace] = LaterAsync(workspace, stopping);
    }

    private async Task LaterAsync(WorkspaceId workspace, CancellationToken stopping)
    {
        var last = queue.LastFinished(workspace, JobKind) is { StartedAt: { } began, FinishedAt: { } ended } ? ended - began : TimeSpan.Zero;
        try
        {
            await Task.Delay(last * Rest > Pace ? last * Rest : Pace, clock, stopping).ConfigureAwait(false);
            await AskAsync(workspace, stopping).ConfigureAwait(false);
        }
        catch (Exception given) when (given is OperationCanceledException or WarehouseException)
        {
            // The process or the workspace is going away. Whatever is asked next, an import or a live event, takes these rows in as well.
        }
    }
}
