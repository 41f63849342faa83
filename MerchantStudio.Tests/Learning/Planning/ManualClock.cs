namespace MerchantStudio.Tests.Learning.Planning;

/// <summary>A clock that only moves with the work that it is told of, so that a loaded machine changes nothing.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _ticks;

    public double Seconds => Interlocked.Read(ref _ticks) / (double)TimestampFrequency;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    /// <returns>One round.</returns>
    public int Advance(double seconds)
    {
        Interlocked.Add(ref _ticks, (long)(seconds * TimestampFrequency));
        return 1;
    }
}
