using System.Collections.Immutable;

namespace MerchantStudio.Core.Ingestion.Formats.Json;

/// <summary>Puts events that hold their items in a list into the table with a row for each item; everything else as it is.</summary>
internal sealed class NestedEvents(FlatTable table)
{
    private static readonly ImmutableArray<EventShape> Shapes = [new Ga4Event(), .. SegmentCall.Forms];
    private readonly FlatRecord _row = new();
    private EventShape? _declared;

    public static bool IsEvent(FlatRecord record) => ShapeOf(record) is not null;

    /// <summary>Whether a table with these columns may hold such events.</summary>
    public static bool MayBeIn(IEnumerable<string> columns)
    {
        var names = columns.ToHashSet(StringComparer.Ordinal);
        return Shapes.Any(shape => shape.MayBeIn(names));
    }

    /// <summary>To be called before the first row of a table, whose columns are known from the start.</summary>
    public void Expect(IReadOnlyCollection<string> columns)
    {
        var names = columns.ToHashSet(StringComparer.Ordinal);
        table.Declare(columns);
        if (Shapes.FirstOrDefault(shape => shape.MayBeIn(names)) is { } expected) table.Declare((_declared = expected).Columns);
    }

    /// <param name="position">Of the event in the file.</param>
    public void Add(long position, FlatRecord record, ReadOnlySpan<byte> raw)
    {
        if (ShapeOf(record) is not { } shape)
        {
            table.Add(position, record, raw);
            return;
        }

        if (_declared is null) table.Declare((_declared = shape).Columns);
        try
        {
            using var items = shape.ItemsOf(record);
            for (var item = 0; item < Math.Max(1, items.Count); item++)
            {
                shape.Write(record, items, item, _row);
                table.Add(RecordPlace.Of(position, item), _row, raw);
            }
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair in an item or a parameter: they are looked at before the first row is written.
            table.Broken(position, raw);
        }
    }

    private static EventShape? ShapeOf(FlatRecord record)
    {
        foreach (var shape in Shapes)
        {
            if (shape.Is(record)) return shape;
        }

        return null;
    }
}
