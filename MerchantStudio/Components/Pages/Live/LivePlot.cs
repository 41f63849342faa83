using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Live;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Live;

/// <summary>Events a minute over the last hour, accepted and refused on one another.</summary>
internal static class LivePlot
{
    private const int MinutesBetweenLabels = 10;

    public static Plot Of(LiveView view, TimeZoneInfo zone, Texts texts)
    {
        var minutes = view.Minutes.Select(minute => TimeZoneInfo.ConvertTime(minute.Minute, zone).ToString("HH:mm", CultureInfo.InvariantCulture)).ToList();
        var labels = minutes.Where((_, index) => (index + 1) % MinutesBetweenLabels == 0).ToList();
        return new Plot
        {
            Data =
            [
                Bars(texts["Live.accepted"], minutes, view.Minutes.Select(minute => (double)minute.Accepted), PlotColor.Series(1)),
                Bars(texts["Live.rejected"], minutes, view.Minutes.Select(minute => (double)minute.Rejected), PlotColor.Series(2)),
            ],
            Layout = new PlotLayout
            {
                BarMode = "stack",
                XAxis = new PlotAxis { Type = "category", ShowGrid = false, TickVals = PlotValues.Of(labels), TickText = [.. labels.Select(label => (PlotText)label)] },
                YAxis = PlotAxes.FromZero(view.Minutes.Max(minute => minute.Accepted + minute.Rejected), value => value == Math.Floor(value) ? Show.Count((long)value) : ""),
                ShowLegend = false,
            },
        };
    }

    private static PlotTrace Bars(string name, IEnumerable<string> minutes, IEnumerable<double> counts, PlotColor color) =>
        new() { Type = "bar", Name = name, X = PlotValues.Of(minutes), Y = PlotValues.Of(counts), Marker = new PlotMarker { Color = color } };
}
