using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MerchantStudio.Components.Kit;

/// <summary>A colour role of tokens.css; the browser puts in the value of the current theme.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct PlotColor
{
    private PlotColor(string token, double opacity) => (Token, Opacity) = (token, opacity);

    internal string Token { get; }

    internal double Opacity { get; private init; }

    public static PlotColor Series(int number) => new($"chart-{Math.Clamp(number, 1, 6)}", 1);

    /// <summary>1 (few) to 8 (many).</summary>
    public static PlotColor Sequential(int step) => new($"seq-{Math.Clamp(step, 1, 8)}", 1);

    /// <summary>1 (complaints) to 9 (praise); 5 is neutral.</summary>
    public static PlotColor Diverging(int step) => new($"div-{Math.Clamp(step, 1, 9)}", 1);

    public static PlotColor Compare { get; } = new("chart-compare", 1);
    public static PlotColor Mute { get; } = new("chart-mute", 1);
    public static PlotColor Accent { get; } = new("accent", 1);
    public static PlotColor Ink { get; } = new("ink", 1);
    public static PlotColor Ink2 { get; } = new("ink-2", 1);
    public static PlotColor Ink3 { get; } = new("ink-3", 1);
    public static PlotColor Sunken { get; } = new("sunken", 1);
    public static PlotColor Canvas { get; } = new("canvas", 1);
    public static PlotColor Grid { get; } = new("plot-grid", 1);
    public static PlotColor Good { get; } = new("good", 1);
    public static PlotColor Attention { get; } = new("attention", 1);
    public static PlotColor Bad { get; } = new("bad", 1);
    public static PlotColor None { get; } = new("none", 0);

    /// <summary>The band of an interval: the hue at 13 %.</summary>
    public PlotColor Band => this with { Opacity = 0.13 };

    /// <param name="opacity">0 to 1.</param>
    public PlotColor At(double opacity) => this with { Opacity = opacity };

    internal string Wire => string.Create(CultureInfo.InvariantCulture, $"token:{Token}@{Opacity:0.##}");

    private sealed class Converter : JsonConverter<PlotColor>
    {
        public override PlotColor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, PlotColor value, JsonSerializerOptions options) => writer.WriteStringValue(value.Wire);
    }
}
