using System.Collections.Immutable;
using MerchantStudio.Core.Live.Journal;
using MerchantStudio.Core.Live.Moving;
using MerchantStudio.Core.Live.Reading;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Live;

/// <summary>One workspace's journal and the way of its rows into the warehouse.</summary>
internal sealed class WorkspaceIntake : IAsyncDisposable
{
    private readonly WarehouseRegistry _warehouses;
    private readonly WorkspaceId _workspace;
    private readonly JournalFolder _folder;
    private readonly LiveOptions _options;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _moving = new(1, 1);
    private JournalPosition _position;
    private long _backlog;

    private WorkspaceIntake(WarehouseRegistry warehouses, WorkspaceId workspace, JournalFolder folder, JournalPosition position, EventJournal journal, LiveOptions options, TimeProvider clock)
    {
        _warehouses = warehouses;
        _workspace = workspace;
        _folder = folder;
        _position = position;
        _options = options;
        _clock = clock;
        Journal = journal;
    }

    public EventJournal Journal { get; }

    /// <summary>Opens the journal; rows that a stopped process left there wait to be moved, and their ids are known.</summary>
    public static async Task<WorkspaceIntake> OpenAsync(WarehouseRegistry warehouses, StudioPaths paths, WorkspaceId workspace, LiveOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var folder = new JournalFolder(FolderOf(paths, workspace));
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        var position = await EventMover.PositionAsync(warehouse, cancellationToken).ConfigureAwait(false);
        folder.DeleteBefore(position.Segment);
        var recent = new RecentIds(options.RememberedIds);
        var segments = folder.Segments();
        foreach (var segment in segments)
        {
            var records = JournalRecords.Read(folder.PathOf(segment), segment == position.Segment ? position.Offset : 0, folder.LengthOf(segment), int.MaxValue, out _, out _);
            recent.Add(records.SelectMany(record => record.Rows.Select(row => row.MessageId).Concat(record.Claims.Select(claim => claim.MessageId))).Where(id => id is not null).Select(id => RecentIds.Of(id!)));
        }

        // A new segment for each start: the last one may end in half a record.
        var next = Math.Max(segments.DefaultIfEmpty(0).Max(), position.Segment) + 1;
        return new WorkspaceIntake(warehouses, workspace, folder, position, new EventJournal(folder, recent, next, options.WaitingEvents), options, clock);
    }

    public static string FolderOf(StudioPaths paths, WorkspaceId workspace) => Path.Combine(paths.WorkspaceFolder(workspace), "live");

    /// <summary>Whether more lies on the disk than the warehouse keeps up with.</summary>
    public bool IsBehind => Interlocked.Read(ref _backlog) > _options.BacklogBytes;

    /// <summary>Whether a record waits to be moved.</summary>
    public bool HasRows => _position != Journal.Durable;

    public Task<ImmutableArray<bool>?> AppendAsync(LiveRequest request, CancellationToken cancellationToken) => Journal.AppendAsync(request, cancellationToken);

    /// <summary>Moves everything that is on the disk into the warehouse.</summary>
    /// <returns>Whether anything was moved.</returns>
    public async Task<bool> MoveAsync(CancellationToken cancellationToken)
    {
        await _moving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var any = false;
            var durable = Journal.Durable;
            var warehouse = await _warehouses.OpenAsync(_workspace, cancellationToken).ConfigureAwait(false);
            while (_position != durable)
            {
                Interlocked.Exchange(ref _backlog, _folder.Segments().Sum(_folder.LengthOf) - _position.Offset);
                var (position, rows, damaged) = await EventMover.MoveAsync(warehouse, _folder, _position, durable, _clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
                any |= position != _position;
                if (damaged && position.Segment == durable.Segment) Journal.Rotate();
                if (position == _position) break;
                _position = position;
                _folder.DeleteBefore(_position.Segment);
            }

            if (_position == durable) Interlocked.Exchange(ref _backlog, 0);
            Journal.RotateAfter(_position);
            return any;
        }
        finally
        {
            _moving.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync().ConfigureAwait(false);
        _moving.Dispose();
    }
}
