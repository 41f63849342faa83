using System.Collections.Immutable;
using System.Text.Json;

namespace MerchantStudio.Core.Ingestion.Formats.Json;

/// <summary>A form of event that holds its items in a list.</summary>
internal abstract class EventShape
{
    /// <summary>Columns that presets look for; they are there even when the first thousand events lack them.</summary>
    public abstract ImmutableArray<string> Columns { get; }

    public abstract bool Is(FlatRecord record);

    /// <summary>Whether a table with these columns may hold such events in its rows, their lists as JSON in cells.</summary>
    public abstract bool MayBeIn(IReadOnlySet<string> columns);

    /// <returns>To be disposed of; empty where the event has no items.</returns>
    public abstract EventItems ItemsOf(FlatRecord record);

    /// <summary>Writes the row of one item, or of an event without items.</summary>
    public abstract void Write(FlatRecord record, EventItems items, int item, FlatRecord row);

    /// <summary>What is known first holds; nothing is put over it.</summary>
    protected static void Put(FlatRecord row, string name, ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty && !row.Has(name)) row.Add(name, text);
    }
}

/// <summary>The objects of a list in a record.</summary>
internal sealed class EventItems : IDisposable
{
    private readonly JsonDocument? _list;
    private readonly ImmutableArray<JsonElement> _items = [];
    private readonly ImmutableArray<ImmutableArray<(string Name, byte[] Text)>> _fields = [];

    /// <param name="json">A list as JSON; anything else is no list.</param>
    /// <param name="beside">Another list of the same event.</param>
    /// <exception cref="InvalidOperationException">A text holds half of a surrogate pair.</exception>
    public EventItems(ReadOnlySpan<byte> json, EventItems? beside = null)
    {
        Beside = beside;
        if (json.IsEmpty || json[0] != (byte)'[') return;
        _list = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { MaxDepth = ConversionLimits.MaxDepth });
        _items = [.. _list.RootElement.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)];
        _fields = [.. _items.Select(item => item.EnumerateObject().Select(field => (field.Name, Text: TextOf(field.Value))).Where(field => field.Text.Length > 0).ToImmutableArray())];
    }

    public EventItems? Beside { get; }

    public int Count => _items.Length;

    public JsonElement this[int item] => _items[item];

    /// <summary>Names and plain values of an item; lists and objects in it are left out.</summary>
    public ImmutableArray<(string Name, byte[] Text)> Fields(int item) => item < _fields.Length ? _fields[item] : [];

    public static byte[] TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => System.Text.Encoding.UTF8.GetBytes(value.GetString()!),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => System.Text.Encoding.UTF8.GetBytes(value.GetRawText()),
        _ => [],
    };

    public void Dispose()
    {
        _list?.Dispose();
        Beside?.Dispose();
    }
}
