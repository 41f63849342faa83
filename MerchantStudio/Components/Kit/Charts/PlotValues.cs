using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MerchantStudio.Components.Kit;

/// <summary>The values along one axis of a trace: numbers (what is no number is a gap), days, or names (encoded).</summary>
[JsonConverter(typeof(Converter))]
public sealed class PlotValues
{
    private readonly ImmutableArray<object?> _values;

    private PlotValues(IEnumerable<object?> values) => _values = [.. values];

    public int Count => _values.Length;

    public static PlotValues Of(IEnumerable<double> numbers) => new(numbers.Select(number => double.IsFinite(number) ? (object?)number : null));

    public static PlotValues Of(IEnumerable<double?> numbers) => new(numbers.Select(number => number is { } value && double.IsFinite(value) ? (object?)value : null));

    public static PlotValues Of(IEnumerable<int> numbers) => new(numbers.Cast<object?>());

    public static PlotValues Of(IEnumerable<decimal> numbers) => new(numbers.Select(number => (object?)(double)number));

    public static PlotValues Of(IEnumerable<DateOnly> days) => new(days.Cast<object?>());

    public static PlotValues Of(IEnumerable<string> names) => new(names);

    /// <summary>As read by people, for the chart's table.</summary>
    internal string Text(int index, Func<double, string> number) => _values[index] switch
    {
        null => "–",
        double value => number(value),
        int value => number(value),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        var name => name.ToString() ?? "",
    };

    private sealed class Converter : JsonConverter<PlotValues>
    {
        public override PlotValues Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, PlotValues value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var item in value._values)
            {
                switch (item)
                {
                    case null: writer.WriteNullValue(); break;
                    case double number: writer.WriteNumberValue(number); break;
                    case int number: writer.WriteNumberValue(number); break;
                    case DateOnly day: writer.WriteStringValue(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); break;
                    default: writer.WriteStringValue(PlotText.Encode(item.ToString() ?? "")); break;
                }
            }

            writer.WriteEndArray();
        }
    }
}
