using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MerchantStudio.Components.Kit;

/// <summary>Plotly's layout, as far as charts here differ from the defaults.</summary>
public sealed record PlotLayout
{
    /// <summary>272 for a page's lead chart, 200 for small ones; 240 at most on phones.</summary>
    public int? Height { get; init; }
    public PlotAxis XAxis { get; init; } = new();
    public PlotAxis YAxis { get; init; } = new();
    public ImmutableArray<PlotShape>? Shapes { get; init; }
    public ImmutableArray<PlotAnnotation>? Annotations { get; init; }

    /// <summary>"group", "stack", "relative".</summary>
    public string? BarMode { get; init; }
    public double? BarGap { get; init; }

    /// <summary>"x unified" unless told; "closest" for scattered points, false for none.</summary>
    public string? HoverMode { get; init; }
    public bool? ShowLegend { get; init; }
    public PlotMargin? Margin { get; init; }
}

public sealed record PlotMargin
{
    public int? L { get; init; }
    public int? R { get; init; }
    public int? T { get; init; }
    public int? B { get; init; }
}

public sealed record PlotAxis
{
    /// <summary>"date", "category", "linear", "log".</summary>
    public string? Type { get; init; }
    public PlotAxisTitle? Title { get; init; }
    public ImmutableArray<double>? Range { get; init; }

    /// <summary>"tozero" for bars and money.</summary>
    public string? RangeMode { get; init; }
    public PlotValues? TickVals { get; init; }
    public ImmutableArray<PlotText>? TickText { get; init; }
    public string? TickFormat { get; init; }
    public string? TickSuffix { get; init; }
    public string? TickPrefix { get; init; }
    public string? HoverFormat { get; init; }
    public double? DTick { get; init; }
    public int? NTicks { get; init; }
    public bool? ShowGrid { get; init; }
    public bool? ShowTickLabels { get; init; }
    public bool? ZeroLine { get; init; }
    public bool? Visible { get; init; }
    public string? AutoRange { get; init; }
    public string? CategoryOrder { get; init; }
    public bool? AutoMargin { get; init; }
}

public sealed record PlotAxisTitle(PlotText Text)
{
    public int Standoff { get; init; } = 8;
}

public sealed record PlotShape
{
    /// <summary>"line", "rect".</summary>
    public string Type { get; init; } = "line";

    /// <summary>"x" or "paper".</summary>
    public string? XRef { get; init; }
    public string? YRef { get; init; }
    public PlotPoint? X0 { get; init; }
    public PlotPoint? X1 { get; init; }
    public PlotPoint? Y0 { get; init; }
    public PlotPoint? Y1 { get; init; }
    public PlotLine? Line { get; init; }
    public PlotColor? FillColor { get; init; }
    public string? Layer { get; init; }
}

public sealed record PlotAnnotation
{
    public required PlotText Text { get; init; }
    public PlotPoint? X { get; init; }
    public PlotPoint? Y { get; init; }
    public string? XRef { get; init; }
    public string? YRef { get; init; }
    public string? XAnchor { get; init; }
    public string? YAnchor { get; init; }
    public int? XShift { get; init; }
    public int? YShift { get; init; }
    public bool ShowArrow { get; init; }
    public string? Align { get; init; }
    public PlotFont? Font { get; init; }
}

public sealed record PlotFont
{
    public PlotColor? Color { get; init; }
    public int? Size { get; init; }
}

/// <summary>A place on an axis: a number, a day or an encoded name.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct PlotPoint
{
    private PlotPoint(object value) => Value = value;

    internal object Value { get; }

    public static implicit operator PlotPoint(double value) => new(value);

    public static implicit operator PlotPoint(DateOnly day) => new(day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    public static implicit operator PlotPoint(string name) => new(PlotText.Encode(name));

    private sealed class Converter : JsonConverter<PlotPoint>
    {
        public override PlotPoint Read(ref System.Text.Json.Utf8JsonReader reader, Type typeToConvert, System.Text.Json.JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(System.Text.Json.Utf8JsonWriter writer, PlotPoint value, System.Text.Json.JsonSerializerOptions options)
        {
            if (value.Value is double number) writer.WriteNumberValue(number);
            else writer.WriteStringValue((string?)value.Value);
        }
    }
}
