namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>The first and last instant seen, in microseconds since 1970 UTC.</summary>
internal struct TimeRange()
{
    private long _first = long.MaxValue;
    private long _last = long.MinValue;

    public readonly DateTimeOffset? First => _first == long.MaxValue ? null : DateTimeOffset.UnixEpoch.AddTicks(_first * 10);

    public readonly DateTimeOffset? Last => _last == long.MinValue ? null : DateTimeOffset.UnixEpoch.AddTicks(_last * 10);

    public void Add(long micros)
    {
        if (micros < _first) _first = micros;
        if (micros > _last) _last = micros;
    }
}
