using System.Collections.Immutable;
using System.Text;
using MerchantStudio.Core.Ingestion.Recognition;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>The file's event names, each looked up once.</summary>
internal sealed class EventTypes(ImportMapping mapping)
{
    /// <summary>A file of events has a few names; more than this are faults and not worth remembering.</summary>
    private const int Remembered = 256;

    private readonly List<EventType> _seen = [];
    private readonly Dictionary<(string Name, OrderPart Part), EventType> _byName = [];
    private EventType? _last;

    /// <returns>Null for a name that is not known.</returns>
    public EventType? Find(ReadOnlySpan<byte> written)
    {
        if (_last is { } last && written.SequenceEqual(last.Written)) return last.Known;
        foreach (var type in _seen)
        {
            if (!written.SequenceEqual(type.Written)) continue;
            _last = type;
            return type.Known;
        }

        var text = Encoding.UTF8.GetString(written);
        var name = mapping.EventNames.TryGetValue(text, out var chosen) && EventNames.All.Contains(chosen) ? chosen : EventNames.Find(text);
        var found = new EventType(written.ToArray(), name is null ? null : Named(name, name == "purchase" ? EventNames.PartOf(text) : OrderPart.None));
        if (_seen.Count < Remembered) _seen.Add(found);
        return found.Known;
    }

    public EventType Named(string name, OrderPart part = OrderPart.None)
    {
        if (_byName.TryGetValue((name, part), out var known)) return known;
        return _byName[(name, part)] = new EventType(Encoding.UTF8.GetBytes(name), null) { IsSale = name == "purchase", IsRefund = name == "refund", IsReview = name == "review", Name = name, Part = part };
    }

    public ImmutableArray<EventCount> Counts =>
        [.. _byName.Values.Where(type => type.Rows > 0).GroupBy(type => type.Name).Select(types => new EventCount(types.Key, types.Sum(type => type.Rows))).OrderByDescending(count => count.Rows)];
}

/// <param name="Written">The name in the file, or ours for one of the vocabulary.</param>
/// <param name="Known">What a name of the file means.</param>
internal sealed record EventType(byte[] Written, EventType? Known)
{
    public string Name { get; init; } = "";
    public bool IsSale { get; init; }
    public bool IsRefund { get; init; }
    public bool IsReview { get; init; }
    public OrderPart Part { get; init; }
    public long Rows { get; set; }
}
