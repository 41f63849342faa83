using System.Text.Json;

namespace MerchantStudio.Components.Kit;

/// <summary>A chart on its way to the browser: names encoded, colours as roles.</summary>
internal static class PlotJson
{
    public static string Of(Plot plot) => JsonSerializer.Serialize(plot, Plot.Json);
}
