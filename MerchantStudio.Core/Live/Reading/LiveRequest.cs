using System.Collections.Immutable;
using MerchantStudio.Core.Live.Journal;

namespace MerchantStudio.Core.Live.Reading;

/// <summary>One event of a request: either its rows and claims, or why it is refused.</summary>
/// <param name="Name">As the sender calls it.</param>
internal sealed record ReadEvent(string? MessageId, string? Name, ImmutableArray<LiveRow> Rows, LiveClaim? Claim, LiveReject? Reject);

/// <summary>Why an event is refused.</summary>
/// <param name="Reason">Code of <see cref="LiveReasons"/>.</param>
/// <param name="Field">Name in the event; null where the whole event is at fault.</param>
internal sealed record LiveReject(string Reason, string? Field, string? Value);

/// <summary>What a request brings to the journal.</summary>
/// <param name="ReceivedAt">Microseconds since 1970 UTC.</param>
/// <param name="Events">The events that are not refused.</param>
internal sealed record LiveRequest(long ReceivedAt, ImmutableArray<ReadEvent> Events, ImmutableArray<ReadEvent> Refused)
{
    private const int MostWarnings = 20;

    /// <param name="repeated">For each event whether its message id was here before.</param>
    public LiveRecord ToRecord(ImmutableArray<bool> repeated)
    {
        var kept = Events.Where((_, index) => !repeated[index]).ToList();
        return new LiveRecord(
            ReceivedAt,
            kept.Count,
            Refused.Length,
            Events.Length - kept.Count,
            [.. kept.SelectMany(item => item.Rows)],
            [.. kept.Where(item => item.Claim is not null).Select(item => item.Claim!)],
            [.. Refused.Take(MostWarnings).Select(item => new LiveWarning(item.Reject!.Reason, item.Reject.Field, item.Reject.Value, item.Name))]);
    }
}
