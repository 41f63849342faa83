namespace MerchantStudio.Core.Live;

/// <summary>Limits of live events. Bound from "Studio:Live".</summary>
public sealed class LiveOptions
{
    /// <summary>Largest body of one request, bytes.</summary>
    public int BodyBytes { get; set; } = 1024 * 1024;

    /// <summary>Most events of one request.</summary>
    public int EventsPerRequest { get; set; } = 500;

    /// <summary>Events that one key may send in the long run; it may save up two seconds' worth. A kilobyte of a body counts as an event at least.</summary>
    public int EventsPerSecond { get; set; } = 5_000;

    /// <summary>Events of one shop that may wait for the disk; beyond them a sender is told to come back.</summary>
    public int WaitingEvents { get; set; } = 10_000;

    /// <summary>Bytes on disk that may wait for the warehouse; beyond them a sender is told to come back.</summary>
    public long BacklogBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>How long rows lie in the journal before they are moved to the warehouse.</summary>
    public int MoveMilliseconds { get; set; } = 1_000;

    /// <summary>Message ids that are remembered to recognise a repeated one at once; older ones are found in the warehouse.</summary>
    public int RememberedIds { get; set; } = 200_000;
}
