using System.Text.Json;

namespace MerchantStudio.Core.Ingestion.Formats.Json;

/// <summary>One JSON object as a row: nested objects become columns <c>a.b</c>, lists stay JSON text, numbers stay as they are written.</summary>
internal sealed class FlatRecord
{
    private const int LongestName = 1_000;
    private readonly NameCache _names = new();
    private readonly char[] _name = new char[LongestName];
    private byte[] _text = new byte[16 * 1024];
    private int _length;

    /// <summary>Name and place of each value, in the order of the record. Spans hold until the next <see cref="TryRead"/>.</summary>
    public List<(string Name, int From, int Length)> Values { get; } = [];

    /// <summary>Begins a record that is put together instead of read.</summary>
    public void Clear()
    {
        Values.Clear();
        _length = 0;
    }

    public void Add(string name, ReadOnlySpan<byte> text)
    {
        if (_length + text.Length > _text.Length) Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + text.Length));
        text.CopyTo(_text.AsSpan(_length));
        Values.Add((name, _length, text.Length));
        _length += text.Length;
    }

    /// <returns>Empty when the record has no such field, or nothing in it.</returns>
    public ReadOnlySpan<byte> Find(string name)
    {
        foreach (var (known, from, length) in Values)
        {
            if (known == name) return Text(from, length);
        }

        return default;
    }

    public bool Has(string name) => Values.Exists(value => value.Name == name);

    public ReadOnlySpan<byte> Text(int from, int length) => _text.AsSpan(from, length);

    /// <summary>False when it is not an object, is not JSON, is nested too deeply or holds letters that do not exist.</summary>
    public bool TryRead(ReadOnlySpan<byte> json)
    {
        Clear();
        if (_text.Length < json.Length) _text = new byte[json.Length];
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ConversionLimits.MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            if (!TryReadObject(ref reader, json, 0)) return false;
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return false;
        }
    }

    private bool TryReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, int prefix)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if ((reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length) + prefix + 1 > LongestName) return false;
            var end = prefix;
            if (prefix > 0) _name[end++] = '.';
            end += reader.CopyString(_name.AsSpan(end));
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    if (!TryReadObject(ref reader, json, end)) return false;
                    break;
                case JsonTokenType.StartArray:
                    var from = (int)reader.TokenStartIndex;
                    reader.Skip();
                    Keep(end, json[from..(int)reader.BytesConsumed]);
                    break;
                case JsonTokenType.String:
                    var written = reader.CopyString(_text.AsSpan(_length));
                    Values.Add((Name(end), _length, written));
                    _length += written;
                    break;
                case JsonTokenType.Null:
                    Values.Add((Name(end), 0, 0));
                    break;
                default:
                    Keep(end, reader.ValueSpan);
                    break;
            }
        }

        return true;
    }

    private void Keep(int end, ReadOnlySpan<byte> raw)
    {
        raw.CopyTo(_text.AsSpan(_length));
        Values.Add((Name(end), _length, raw.Length));
        _length += raw.Length;
    }

    private string Name(int end) => _names.Of(_name.AsSpan(0, end));
}
