using System.Collections.Immutable;

namespace MerchantStudio.Core.Live;

public enum LiveStatus
{
    Accepted,

    /// <summary>An event with the same message id is here already; this one changes nothing.</summary>
    Duplicate,
    Rejected,
}

/// <summary>What became of one event of a request.</summary>
/// <param name="Index">Its place in the request, from 0.</param>
/// <param name="Reason">Code of <see cref="Reading.LiveReasons"/>; null unless rejected.</param>
/// <param name="Field">The field at fault; null where the whole event is.</param>
/// <param name="Detail">The reason in words.</param>
public sealed record LiveResult(int Index, string? MessageId, LiveStatus Status, string? Reason = null, string? Field = null, string? Detail = null);

/// <summary>What became of a request's events; those accepted are on the disk.</summary>
public sealed record LiveAnswer(int Accepted, int Duplicates, int Rejected, ImmutableArray<LiveResult> Results);
