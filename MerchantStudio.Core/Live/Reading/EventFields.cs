using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Live.Reading;

/// <summary>An event cannot be kept; caught by the reader, which turns it into the event's answer.</summary>
internal sealed class LiveRejectException(LiveReject reject) : Exception(reject.Reason)
{
    public LiveReject Reject { get; } = reject;
}

/// <summary>Looks a value up under its names in several objects of an event; the first that has it wins.</summary>
internal readonly struct EventFields(params JsonElement[] objects)
{
    private const int MostLetters = 1_000;
    private static readonly NumberParser Numbers = new(decimalComma: false);

    public IReadOnlyList<JsonElement> Objects { get; } = [.. objects.Where(item => item.ValueKind == JsonValueKind.Object)];

    /// <summary>The text of a string, number or truth value; null where there is none or it is empty.</summary>
    public string? Text(params ReadOnlySpan<string> names) => Text(MostLetters, names);

    /// <param name="most">Letters that it may have.</param>
    public string? Text(int most, params ReadOnlySpan<string> names)
    {
        if (!TryFind(names, out var value, out var name)) return null;
        var text = value.ValueKind switch
        {
            JsonValueKind.String => Whole(value, name),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw new LiveRejectException(new LiveReject(LiveReasons.NotText, name, null)),
        };
        text = text.Trim();
        if (text.Length > most) throw new LiveRejectException(new LiveReject(LiveReasons.TooLong, name, text));
        return text.Length == 0 ? null : text;
    }

    /// <returns>Ten-thousandths.</returns>
    public long? Amount(params ReadOnlySpan<string> names)
    {
        if (!TryFind(names, out var value, out var name)) return null;
        var text = Bytes(value, name);
        if (text.Length == 0) return null;
        return Numbers.TryAmount(text, out var amount) ? amount : throw new LiveRejectException(new LiveReject(LiveReasons.NotANumber, name, Encoding.UTF8.GetString(text)));
    }

    public int? Whole(params ReadOnlySpan<string> names)
    {
        if (!TryFind(names, out var value, out var name)) return null;
        var text = Bytes(value, name);
        if (text.Length == 0) return null;
        return Numbers.TryWhole(text, out var whole) ? whole : throw new LiveRejectException(new LiveReject(LiveReasons.NotAWholeNumber, name, Encoding.UTF8.GetString(text)));
    }

    /// <returns>Microseconds since 1970 UTC; null where the event says none.</returns>
    public long? Time(TimestampParser times, params ReadOnlySpan<string> names)
    {
        if (!TryFind(names, out var value, out var name)) return null;
        var text = Bytes(value, name);
        if (text.Length == 0) return null;
        return times.TryParse(text, out var micros) ? micros : throw new LiveRejectException(new LiveReject(LiveReasons.NotATime, name, Encoding.UTF8.GetString(text)));
    }

    public JsonElement? List(params ReadOnlySpan<string> names)
    {
        foreach (var item in Objects)
        {
            foreach (var name in names)
            {
                if (item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array) return value;
            }
        }

        return null;
    }

    private bool TryFind(ReadOnlySpan<string> names, out JsonElement value, out string found)
    {
        foreach (var item in Objects)
        {
            foreach (var name in names)
            {
                if (!item.TryGetProperty(name, out value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) continue;
                found = name;
                return true;
            }
        }

        value = default;
        found = "";
        return false;
    }

    private static byte[] Bytes(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Number => Encoding.UTF8.GetBytes(value.GetRawText()),
        JsonValueKind.String => Encoding.UTF8.GetBytes(Whole(value, name).Trim()),
        _ => throw new LiveRejectException(new LiveReject(LiveReasons.NotText, name, null)),
    };

    /// <summary>Half a surrogate pair is no text, and a zero byte is none that any shop means.</summary>
    private static string Whole(JsonElement value, string name)
    {
        string? text;
        try
        {
            text = value.GetString();
        }
        catch (InvalidOperationException)
        {
            text = null;
        }

        return text is null || text.Contains('\0', StringComparison.Ordinal) ? throw new LiveRejectException(new LiveReject(LiveReasons.NotText, name, null)) : text;
    }
}
