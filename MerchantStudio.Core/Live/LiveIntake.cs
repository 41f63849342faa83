using System.Collections.Concurrent;
using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Live.Reading;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Live;

/// <summary>Takes events as they happen: judged one by one, on the disk before the answer, in the warehouse a moment later, each exactly once.</summary>
public sealed class LiveIntake(
    WarehouseRegistry warehouses, StudioPaths paths, LiveShops shops, IContactProtector contacts, IOptions<LiveOptions> options, TimeProvider clock, ILogger<LiveIntake> log) : IAsyncDisposable
{
    private const int BusySeconds = 1;
    private const int BehindSeconds = 5;
    private readonly ConcurrentDictionary<WorkspaceId, WorkspaceIntake> _intakes = new();
    private readonly SemaphoreSlim _opening = new(1, 1);

    /// <summary>Events of this workspace came into the warehouse; raised about once a second while some come, on a thread of the pool.</summary>
    public event Action<WorkspaceId>? Changed;

    /// <summary>Takes a request. Once this returns an answer, its accepted events outlive a crash.</summary>
    /// <param name="body">JSON in our form, Segment's or GA4's: one event or many.</param>
    /// <param name="isPreview">From the studio's own preview of the shop: orders are marked as tests.</param>
    public async Task<Outcome<LiveAnswer>> TakeAsync(LiveShop shop, ReadOnlyMemory<byte> body, bool isPreview, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shop);
        var now = clock.GetUtcNow();
        if (body.Length > options.Value.BodyBytes) return new LiveTooLarge(options.Value.BodyBytes);
        if (!new EventReader(shop.Zone, now, contacts, isPreview).Read(body, options.Value.EventsPerRequest).TryGet(out var events, out var unreadable)) return unreadable;
        var request = new LiveRequest(EventReader.Micros(now), [.. events.Where(item => item.Reject is null)], [.. events.Where(item => item.Reject is not null)]);
        try
        {
            var intake = await OpenAsync(shop.Id, cancellationToken).ConfigureAwait(false);
            if (intake.IsBehind) return new LiveBusy(BehindSeconds);
            return await intake.AppendAsync(request, cancellationToken).ConfigureAwait(false) is { } repeated ? Answer(events, repeated) : new LiveBusy(BusySeconds);
        }
        catch (Exception failure) when (failure is IOException or WarehouseException)
        {
            log.LogError(failure, "Live events of {Workspace} could not be written.", shop.Id);
            return new LiveNotStored();
        }
    }

    /// <summary>Moves journals into the warehouse until stopped; begins with what an earlier process left.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var workspace in Left()) await OpenLeftAsync(workspace, cancellationToken).ConfigureAwait(false);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(options.Value.MoveMilliseconds), clock);
        try
        {
            do
            {
                await Task.WhenAll(_intakes.Keys.Select(workspace => MoveAsync(workspace, cancellationToken))).ConfigureAwait(false);
            }
            while (await beat.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;   // What lies in the journals is moved at the next start.
        }
    }

    /// <summary>Moves what this workspace's journal holds now; for those who want to read it at once.</summary>
    public async Task MoveAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        if (!_intakes.TryGetValue(workspace, out var intake) || !intake.HasRows) return;
        if (await shops.FindAsync(workspace, cancellationToken).ConfigureAwait(false) is null)
        {
            await ForgetAsync(workspace).ConfigureAwait(false);
            return;
        }

        try
        {
            if (await intake.MoveAsync(cancellationToken).ConfigureAwait(false)) Changed?.Invoke(workspace);
        }
        catch (Exception failure) when (failure is WarehouseException or IOException)
        {
            log.LogWarning(failure, "Live events of {Workspace} stay in the journal for now.", workspace);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var intake in _intakes.Values) await intake.DisposeAsync().ConfigureAwait(false);
        _opening.Dispose();
    }

    private static LiveAnswer Answer(ImmutableArray<ReadEvent> events, ImmutableArray<bool> repeated)
    {
        var kept = 0;
        var results = events.Select((item, index) => item.Reject is { } reject
            ? new LiveResult(index, item.MessageId, LiveStatus.Rejected, reject.Reason, reject.Field, LiveReasons.Sentence(reject.Reason))
            : new LiveResult(index, item.MessageId, repeated[kept++] ? LiveStatus.Duplicate : LiveStatus.Accepted)).ToImmutableArray();
        var duplicates = repeated.Count(known => known);
        return new LiveAnswer(repeated.Length - duplicates, duplicates, events.Length - repeated.Length, results);
    }

    private async Task<WorkspaceIntake> OpenAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        if (_intakes.TryGetValue(workspace, out var open)) return open;
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_intakes.TryGetValue(workspace, out open)) return open;
            return _intakes[workspace] = await WorkspaceIntake.OpenAsync(warehouses, paths, workspace, options.Value, clock, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Workspaces in whose folder a journal lies.</summary>
    private IEnumerable<WorkspaceId> Left()
    {
        var root = Path.Combine(paths.Root, "workspaces");
        return Directory.Exists(root)
            ? Directory.GetDirectories(root).Select(Path.GetFileName).Where(WorkspaceId.IsValid).Select(name => new WorkspaceId(name!)).Where(id => Directory.Exists(WorkspaceIntake.FolderOf(paths, id)))
            : [];
    }

    private async Task OpenLeftAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        try
        {
            if (await shops.FindAsync(workspace, cancellationToken).ConfigureAwait(false) is not null) await OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is WarehouseException or IOException)
        {
            log.LogError(failure, "The journal of {Workspace} could not be opened; its events stay there.", workspace);
        }
    }

    /// <summary>A shop that was deleted takes its journal along.</summary>
    private async Task ForgetAsync(WorkspaceId workspace)
    {
        if (!_intakes.TryRemove(workspace, out var intake)) return;
        await intake.DisposeAsync().ConfigureAwait(false);
        var folder = WorkspaceIntake.FolderOf(paths, workspace);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
