using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Conditions;

/// <summary>Writes a tree as JSON and reads it back strictly: an unknown name, a missing part or too deep a nesting is a problem, never a guess.</summary>
public static class ConditionJson
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions ReaderOptions = new() { MaxDepth = 2 * ConditionCheck.DepthLimit + 4, AllowDuplicateProperties = false };

    public static string Write(Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions)) Write(writer, condition);
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Reads and checks against the catalogue; whether saved segments exist is checked by <see cref="ConditionCheck"/> with a context.</summary>
    public static Outcome<Condition> Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json, ReaderOptions);
            var condition = Read(document.RootElement, "$");
            return ConditionCheck.Shape(condition) is { } problem ? problem : condition;
        }
        catch (JsonException exception)
        {
            return exception.Message.Contains("depth", StringComparison.OrdinalIgnoreCase)
                ? new ConditionTooDeep(ConditionCheck.DepthLimit)
                : new ConditionUnreadable(exception.Path ?? "$");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape, shows itself only when the text is read.
            return new ConditionUnreadable("$");
        }
    }

    private static void Write(Utf8JsonWriter writer, Condition condition)
    {
        writer.WriteStartObject();
        switch (condition)
        {
            case AllOf all:
                WriteParts(writer, "all", all.Parts);
                break;
            case AnyOf any:
                WriteParts(writer, "any", any.Parts);
                break;
            case Not not:
                writer.WritePropertyName("not");
                Write(writer, not.Part);
                break;
            case Comparison comparison:
                writer.WriteString("attribute", comparison.Attribute);
                writer.WriteString("operator", NameOf(comparison.Operator));
                WriteTexts(writer, "values", comparison.Values);
                break;
            case EventCount count:
                writer.WriteString("event", count.EventType);
                writer.WriteString("operator", NameOf(count.Operator));
                writer.WriteNumber("times", count.Times);
                if (count.Days is { } days) writer.WriteNumber("days", days);
                if (count.Category is { } category) writer.WriteString("category", category);
                break;
            case CategoryInterest interest:
                writer.WriteString("interest", interest.Category);
                writer.WriteNumber("share", interest.Share);
                break;
            case BasketHolds holds:
                writer.WriteString("basket_holds", NameOf(holds.Part));
                WriteTexts(writer, "names", holds.Names);
                if (holds.Pieces is { } pieces) writer.WriteNumber("pieces", pieces);
                if (holds.Amount is { } amount) writer.WriteNumber("amount", amount);
                break;
            case InSegment segment:
                WriteTexts(writer, "segments", segment.Keys);
                break;
            default:
                throw new InvalidOperationException($"No JSON for {condition.GetType().Name}.");
        }

        writer.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter writer, string name, ImmutableArray<Condition> parts)
    {
        writer.WriteStartArray(name);
        foreach (var part in parts) Write(writer, part);
        writer.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, ImmutableArray<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private static Condition Read(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object) throw Unreadable(path);
        var names = element.EnumerateObject().Select(property => property.Name).ToHashSet();
        return names switch
        {
            _ when Has(names, "all") => new AllOf(ReadParts(element.GetProperty("all"), $"{path}.all")),
            _ when Has(names, "any") => new AnyOf(ReadParts(element.GetProperty("any"), $"{path}.any")),
            _ when Has(names, "not") => new Not(Read(element.GetProperty("not"), $"{path}.not")),
            _ when Has(names, "segments") => new InSegment(ReadTexts(element.GetProperty("segments"), $"{path}.segments")),
            _ when Has(names, "attribute", "operator", "values") =>
                new Comparison(Text(element, "attribute", path), Operator(element, path), ReadTexts(element.GetProperty("values"), $"{path}.values")),
            _ when Has(names, "interest", "share") => new CategoryInterest(Text(element, "interest", path), Figure(element, "share", path)),
            _ when Has(names, "basket_holds", "names", "pieces") => new BasketHolds(Part(element, path), ReadTexts(element.GetProperty("names"), $"{path}.names"), Whole(element, "pieces", path)),
            _ when Has(names, "basket_holds", "names", "amount") => new BasketHolds(Part(element, path), ReadTexts(element.GetProperty("names"), $"{path}.names"), null, Amount(element, "amount", path)),
            _ when names.IsSupersetOf(["event", "operator", "times"]) && names.IsSubsetOf(["event", "operator", "times", "days", "category"]) =>
                new EventCount(Text(element, "event", path), Operator(element, path), Whole(element, "times", path),
                    names.Contains("days") ? Whole(element, "days", path) : null, names.Contains("category") ? Text(element, "category", path) : null),
            _ => throw Unreadable(path),
        };
    }

    private static bool Has(HashSet<string> names, params string[] expected) => names.SetEquals(expected);

    private static ImmutableArray<Condition> ReadParts(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().Select((part, index) => Read(part, $"{path}[{index}]"))] : throw Unreadable(path);

    private static ImmutableArray<string> ReadTexts(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Array && element.EnumerateArray().All(value => value.ValueKind == JsonValueKind.String)
            ? [.. element.EnumerateArray().Select(value => value.GetString()!)]
            : throw Unreadable(path);

    private static string Text(JsonElement element, string name, string path) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw Unreadable($"{path}.{name}");

    private static int Whole(JsonElement element, string name, string path) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var whole) ? whole : throw Unreadable($"{path}.{name}");

    private static double Figure(JsonElement element, string name, string path) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var figure) ? figure : throw Unreadable($"{path}.{name}");

    private static decimal Amount(JsonElement element, string name, string path) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var figure) ? figure : throw Unreadable($"{path}.{name}");

    private static BasketPart Part(JsonElement element, string path) => Text(element, "basket_holds", path) switch
    {
        "category" => BasketPart.Category,
        "brand" => BasketPart.Brand,
        "item" => BasketPart.Item,
        _ => throw Unreadable($"{path}.basket_holds"),
    };

    private static string NameOf(BasketPart value) => value switch
    {
        BasketPart.Category => "category",
        BasketPart.Brand => "brand",
        BasketPart.Item => "item",
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    private static ConditionOperator Operator(JsonElement element, string path) => Text(element, "operator", path) switch
    {
        "is" => ConditionOperator.Is,
        "at_least" => ConditionOperator.AtLeast,
        "at_most" => ConditionOperator.AtMost,
        "between" => ConditionOperator.Between,
        "within_days" => ConditionOperator.WithinDays,
        "more_than_days_ago" => ConditionOperator.MoreThanDaysAgo,
        "before" => ConditionOperator.Before,
        "since" => ConditionOperator.Since,
        "known" => ConditionOperator.Known,
        _ => throw Unreadable($"{path}.operator"),
    };

    private static string NameOf(ConditionOperator value) => value switch
    {
        ConditionOperator.Is => "is",
        ConditionOperator.AtLeast => "at_least",
        ConditionOperator.AtMost => "at_most",
        ConditionOperator.Between => "between",
        ConditionOperator.WithinDays => "within_days",
        ConditionOperator.MoreThanDaysAgo => "more_than_days_ago",
        ConditionOperator.Before => "before",
        ConditionOperator.Since => "since",
        ConditionOperator.Known => "known",
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    private static JsonException Unreadable(string path) => new("unreadable", path, null, null);
}
