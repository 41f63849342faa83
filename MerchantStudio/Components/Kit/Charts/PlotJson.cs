using System.Text.Json;

namespace MerchantStudio.Components.Kit;

/// <summary>A chart on its way to the browser: names encoded, colours as roles.</summary>
internal static class PlotJson
{
    public static string Of(Plot plot) =>
        JsonSerializer.Serialize(plot with { Data = [.. plot.Data.Select(trace => trace.OnlyDrawn ? trace with { ShowLegend = false } : trace)] }, Plot.Json);
}
