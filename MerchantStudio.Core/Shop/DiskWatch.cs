namespace MerchantStudio.Core.Shop;

/// <summary>Cancels work as soon as it has used up too much of the room that must stay free, whoever writes: this program's files, a database's log, or what an engine sets aside.</summary>
public sealed class DiskWatch : IDisposable
{
    /// <summary>A fast disk takes some ten megabytes meanwhile, which is little beside what must stay free.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _source;
    private readonly DiskRoom _disk;
    private readonly Timer _timer;
    private volatile bool _foundTooLittle;

    /// <param name="cancellationToken">Cancels the work as well.</param>
    public DiskWatch(DiskRoom disk, CancellationToken cancellationToken)
    {
        _disk = disk;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Token = _source.Token;
        _timer = new Timer(static watch => ((DiskWatch)watch!).Look(), this, LookEvery, LookEvery);
    }

    /// <summary>What the work is to go by.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the work was cancelled because of the disk.</summary>
    public bool FoundTooLittle => _foundTooLittle;

    public void Dispose()
    {
        using var last = new ManualResetEvent(false);
        if (_timer.Dispose(last)) last.WaitOne();   // a look still under way must not meet what is gone
        _source.Dispose();
    }

    private void Look()
    {
        if (_foundTooLittle || !_disk.IsLow) return;
        _foundTooLittle = true;
        _source.Cancel();
    }
}
