using System.Collections.Immutable;
using System.Threading.Channels;
using MerchantStudio.Core.Live.Reading;

namespace MerchantStudio.Core.Live.Journal;

/// <summary>
/// The workspace's write-ahead journal. A request is answered once its record is on the disk; requests that come meanwhile share
/// the next write and its fsync. One writer, so that repeated message ids are judged in the order in which they came.
/// </summary>
internal sealed class EventJournal : IAsyncDisposable
{
    private const long SegmentBytes = 8L * 1024 * 1024;
    private const long WorthRotating = 1024 * 1024;

    private readonly JournalFolder _folder;
    private readonly RecentIds _recent;
    private readonly int _mostWaiting;
    private readonly Channel<Waiting> _queue = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _writing;
    private FileStream? _file;
    private long _segment;
    private long _length;
    private int _waiting;
    private bool _rotate;
    private (long Segment, long Length) _durable;
    private readonly Lock _durableLock = new();

    /// <param name="next">Number of the first segment to write; no segment of this number exists.</param>
    public EventJournal(JournalFolder folder, RecentIds recent, long next, int mostWaiting)
    {
        _folder = folder;
        _recent = recent;
        _segment = next - 1;
        _durable = (next, 0);
        _mostWaiting = mostWaiting;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Up to here everything is on the disk.</summary>
    public JournalPosition Durable
    {
        get
        {
            lock (_durableLock) return new JournalPosition(_durable.Segment, _durable.Length);
        }
    }

    /// <summary>Puts a request on the disk.</summary>
    /// <returns>For each of its events whether its message id was here already; null where too much waits.</returns>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public async Task<ImmutableArray<bool>?> AppendAsync(LiveRequest request, CancellationToken cancellationToken)
    {
        var events = Math.Max(1, request.Events.Length);
        if (Interlocked.Add(ref _waiting, events) > _mostWaiting)
        {
            Interlocked.Add(ref _waiting, -events);
            return null;
        }

        try
        {
            var waiting = new Waiting(request);
            await _queue.Writer.WriteAsync(waiting, cancellationToken).ConfigureAwait(false);
            return await waiting.Done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Add(ref _waiting, -events);
        }
    }

    /// <summary>Begins a new segment with the next write when this one has grown: the old one can then be deleted.</summary>
    public void RotateAfter(JournalPosition moved)
    {
        if (moved.Offset >= WorthRotating && moved == Durable) _rotate = true;
    }

    /// <summary>Begins a new segment with the next write: this one cannot be read to its end.</summary>
    public void Rotate() => _rotate = true;

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
        if (_file is not null) await _file.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        var group = new List<Waiting>();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            group.Clear();
            while (_queue.Reader.TryRead(out var waiting)) group.Add(waiting);
            Write(group);
        }
    }

    private void Write(List<Waiting> group)
    {
        var fresh = new HashSet<UInt128>();
        var answers = new List<ImmutableArray<bool>>(group.Count);
        using var bytes = new MemoryStream();
        try
        {
            foreach (var waiting in group)
            {
                var repeated = waiting.Request.Events.Select(item => item.MessageId is { } id && IsRepeated(id, fresh)).ToImmutableArray();
                JournalRecords.Write(waiting.Request.ToRecord(repeated), bytes);
                answers.Add(repeated);
            }

            var file = Segment();
            file.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
            file.Flush(flushToDisk: true);
            _length += bytes.Length;
            lock (_durableLock) _durable = (_segment, _length);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // After a failed write nobody knows what the file holds: what comes next goes into a new one.
            _rotate = true;
            foreach (var waiting in group) waiting.Done.TrySetException(new IOException(failure.Message, failure));
            return;
        }

        _recent.Add(fresh);
        for (var i = 0; i < group.Count; i++) group[i].Done.TrySetResult(answers[i]);
    }

    private bool IsRepeated(string messageId, HashSet<UInt128> fresh)
    {
        var id = RecentIds.Of(messageId);
        return _recent.Contains(id) || !fresh.Add(id);
    }

    private FileStream Segment()
    {
        if (_file is not null && !_rotate && _length < SegmentBytes) return _file;
        _rotate = false;
        _file?.Dispose();
        _folder.Create();
        _segment++;
        _length = 0;

        // No buffer of its own: a group is one write.
        return _file = new FileStream(_folder.PathOf(_segment), FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
    }

    private sealed class Waiting(LiveRequest request)
    {
        public LiveRequest Request { get; } = request;

        public TaskCompletionSource<ImmutableArray<bool>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
