using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Ingestion.Quotas;

/// <summary>The uploads that are going on, and the bytes they brought so far.</summary>
internal sealed class UploadTurns
{
    private readonly Lock _lock = new();
    private readonly List<UploadTurn> _turns = [];

    public int Count(WorkspaceId workspace)
    {
        lock (_lock) return _turns.Count(turn => turn.Workspace == workspace);
    }

    public long Bytes(WorkspaceId workspace)
    {
        lock (_lock) return _turns.Where(turn => turn.Workspace == workspace).Sum(turn => turn.Bytes);
    }

    /// <param name="mostHere">Of one workspace.</param>
    /// <param name="most">Of all workspaces.</param>
    /// <returns>Null when there are as many as there may be.</returns>
    public UploadTurn? Take(WorkspaceId workspace, int mostHere, int most)
    {
        lock (_lock)
        {
            if (_turns.Count >= most || _turns.Count(turn => turn.Workspace == workspace) >= mostHere) return null;
            var turn = new UploadTurn(this, workspace);
            _turns.Add(turn);
            return turn;
        }
    }

    public void Release(UploadTurn turn)
    {
        lock (_lock) _turns.Remove(turn);
    }
}

/// <summary>One upload's place; given back when disposed.</summary>
internal sealed class UploadTurn(UploadTurns turns, WorkspaceId workspace) : IDisposable
{
    private long _bytes;

    public WorkspaceId Workspace { get; } = workspace;

    public long Bytes => Volatile.Read(ref _bytes);

    public void Brought(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void Dispose() => turns.Release(this);
}
