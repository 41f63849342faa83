using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MerchantStudio.Components.Kit;

/// <summary>A chart as plotly.js takes it: data and layout. What is not set follows the design's plot defaults, which the browser module adds.</summary>
public sealed record Plot
{
    public required ImmutableArray<PlotTrace> Data { get; init; }
    public PlotLayout Layout { get; init; } = new();

    internal static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = new LowerCase(),
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Plotly's names are lower case without separators.</summary>
    private sealed class LowerCase : JsonNamingPolicy
    {
        public override string ConvertName(string name) => name.ToLowerInvariant();
    }
}

/// <summary>One series. Names are plotly's own.</summary>
public sealed record PlotTrace
{
    /// <summary>"scatter", "bar", "heatmap".</summary>
    public string Type { get; init; } = "scatter";
    public string? Mode { get; init; }
    public PlotValues? X { get; init; }
    public PlotValues? Y { get; init; }

    /// <summary>Rows of a heat map, from below.</summary>
    public ImmutableArray<PlotValues>? Z { get; init; }
    public PlotText? Name { get; init; }

    /// <summary>One for each point; shown in the hover box through %{text} or on the mark with TextPosition.</summary>
    public ImmutableArray<PlotText>? Text { get; init; }
    public string? TextPosition { get; init; }
    public string? TextTemplate { get; init; }
    public PlotText? HoverTemplate { get; init; }

    /// <summary>"skip" for bands and marks without a value of their own.</summary>
    public string? HoverInfo { get; init; }
    public PlotLine? Line { get; init; }
    public PlotMarker? Marker { get; init; }

    /// <summary>"tonexty", "tozeroy".</summary>
    public string? Fill { get; init; }
    public PlotColor? FillColor { get; init; }

    /// <summary>"h" for lying bars.</summary>
    public string? Orientation { get; init; }
    public double? Width { get; init; }

    [JsonPropertyName("error_y")]
    public PlotError? ErrorY { get; init; }
    public bool? ShowLegend { get; init; }
    public bool? CliponAxis { get; init; }
    public bool? ShowScale { get; init; }
    public ImmutableArray<PlotScaleStop>? ColorScale { get; init; }
    public double? ZMin { get; init; }
    public double? ZMax { get; init; }
    public int? XGap { get; init; }
    public int? YGap { get; init; }

    /// <summary>Left out of the chart's table: bands, marks.</summary>
    [JsonIgnore]
    public bool OnlyDrawn { get; init; }

    /// <summary>A line of this period.</summary>
    public static PlotLine Solid(PlotColor color) => new() { Color = color, Width = 2 };

    /// <summary>The period before, a baseline or the live model.</summary>
    public static PlotLine Dotted(PlotColor color) => new() { Color = color, Width = 1.5, Dash = "3px,3px" };

    /// <summary>A prediction.</summary>
    public static PlotLine Dashed(PlotColor color) => new() { Color = color, Width = 2, Dash = "6px,4px" };
}

public sealed record PlotLine
{
    public PlotColor? Color { get; init; }
    public double? Width { get; init; }
    public string? Dash { get; init; }

    /// <summary>"hv" for steps.</summary>
    public string? Shape { get; init; }
}

public sealed record PlotMarker
{
    /// <summary>A colour, or (with <see cref="PlotColors"/>) one a point.</summary>
    public PlotColors? Color { get; init; }
    public double? Size { get; init; }
    public string? Symbol { get; init; }
    public PlotLine? Line { get; init; }
}

/// <summary>One colour for all points or one for each.</summary>
[JsonConverter(typeof(Converter))]
public sealed class PlotColors(ImmutableArray<PlotColor> colors)
{
    private readonly ImmutableArray<PlotColor> _colors = colors;

    public static implicit operator PlotColors(PlotColor color) => new([color]);

    public static PlotColors Each(IEnumerable<PlotColor> colors) => new([.. colors]);

    private sealed class Converter : JsonConverter<PlotColors>
    {
        public override PlotColors Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, PlotColors value, JsonSerializerOptions options)
        {
            if (value._colors.Length == 1)
            {
                writer.WriteStringValue(value._colors[0].Wire);
                return;
            }

            writer.WriteStartArray();
            foreach (var color in value._colors) writer.WriteStringValue(color.Wire);
            writer.WriteEndArray();
        }
    }
}

public sealed record PlotError
{
    public string Type { get; init; } = "data";
    public bool? Symmetric { get; init; }
    public PlotValues? Array { get; init; }
    public PlotValues? ArrayMinus { get; init; }
    public PlotColor? Color { get; init; }
    public double? Thickness { get; init; }
    public double? Width { get; init; }
}

/// <summary>A stop of a heat map's scale.</summary>
/// <param name="At">0 to 1.</param>
[JsonConverter(typeof(Converter))]
public sealed record PlotScaleStop(double At, PlotColor Color)
{
    private sealed class Converter : JsonConverter<PlotScaleStop>
    {
        public override PlotScaleStop Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, PlotScaleStop value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value.At);
            writer.WriteStringValue(value.Color.Wire);
            writer.WriteEndArray();
        }
    }
}
