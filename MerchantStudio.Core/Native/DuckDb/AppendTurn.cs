namespace MerchantStudio.Core.Native.DuckDb;

/// <summary>Which of a connection's appenders is storing: the connection runs one statement at a time. Used by the one thread that writes.</summary>
internal sealed class AppendTurn
{
    private DuckDbAppender? _storing;

    public bool IsFree => _storing is null;

    /// <summary>Waits until the one that stores has ended its statement.</summary>
    public void Enter(DuckDbAppender appender)
    {
        _storing?.EndStoring();
        _storing = appender;
    }

    public void Leave(DuckDbAppender appender)
    {
        if (_storing == appender) _storing = null;
    }
}
