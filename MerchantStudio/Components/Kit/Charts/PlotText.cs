using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MerchantStudio.Components.Kit;

/// <summary>Words in a chart. Plotly reads markup in them, so text is HTML-encoded on the way in; only the factories here add markup.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct PlotText
{
    private PlotText(string markup) => Markup = markup;

    internal string Markup { get; }

    public static implicit operator PlotText(string text) => new(Encode(text));

    /// <summary>In 600.</summary>
    public static PlotText Strong(string text) => new($"<b>{Encode(text)}</b>");

    /// <summary>Two lines.</summary>
    public static PlotText Lines(PlotText first, PlotText second) => new($"{first.Markup}<br>{second.Markup}");

    public static PlotText operator +(PlotText left, PlotText right) => new(left.Markup + right.Markup);

    public static PlotText Add(PlotText left, PlotText right) => left + right;

    /// <summary>Plotly's own place-holders (%{y}, %{text}) with encoded words round them; ends the box's second column.</summary>
    public static PlotText Hover(string template) => new(Encode(template) + "<extra></extra>");

    /// <summary>Hover line of a series in a box shared by all: its name, then the value.</summary>
    public static PlotText HoverValue(string name, string value = "%{text}") => new($"{Encode(name)} <b>{Encode(value)}</b><extra></extra>");

    internal static string Encode(string text) => WebUtility.HtmlEncode(text);

    private sealed class Converter : JsonConverter<PlotText>
    {
        public override PlotText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, PlotText value, JsonSerializerOptions options) => writer.WriteStringValue(value.Markup ?? "");
    }
}
