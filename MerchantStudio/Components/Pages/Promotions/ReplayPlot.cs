using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Promotions.Replay;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>Net gain summed week by week with its interval as a band; without costs, the discounts of past orders.</summary>
internal static class ReplayPlot
{
    public static Plot Of(ReplayResult replay, TimeZoneInfo zone, Texts texts)
    {
        var weeks = replay.Weeks;
        DateOnly[] days = [.. weeks.Select(week => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(week.From, zone).DateTime))];
        var unit = (double)new Money(1_000_000, replay.Currency).Amount / 1_000_000;
        if (replay.Net is null) return Discounts(replay, days, unit, texts);
        double[] line = [.. weeks.Select(week => week.NetMinor!.Value * unit)];
        double[] low = [.. weeks.Select(week => week.NetSpan!.Value.Low * unit)];
        double[] high = [.. weeks.Select(week => week.NetSpan!.Value.High * unit)];
        var none = new PlotLine { Width = 0, Color = PlotColor.None };
        var x = PlotValues.Of(days);
        return new Plot
        {
            Data =
            [
                new PlotTrace { Mode = "lines", Name = texts["Promotions.replay-low"], X = x, Y = PlotValues.Of(low), Line = none, HoverInfo = "skip", ShowLegend = false },
                new PlotTrace { Mode = "lines", Name = texts["Promotions.replay-high"], X = x, Y = PlotValues.Of(high), Line = none, Fill = "tonexty", FillColor = PlotColor.Series(1).Band, HoverInfo = "skip", ShowLegend = false },
                new PlotTrace { Mode = "lines", Name = texts["Promotions.net-gain"], X = x, Y = PlotValues.Of(line), Line = PlotTrace.Dashed(PlotColor.Series(1)) },
            ],
            Layout = new PlotLayout
            {
                XAxis = PlotAxes.Days(days[0], days[^1]),
                YAxis = PlotAxes.Money(Math.Min(0, low.Min()), Math.Max(0, high.Max()), replay.Currency),
                ShowLegend = false,
            },
        };
    }

    private static Plot Discounts(ReplayResult replay, DateOnly[] days, double unit, Texts texts)
    {
        double[] costs = [.. replay.Weeks.Select(week => week.CostMinor * unit)];
        return new Plot
        {
            Data = [new PlotTrace { Type = "bar", Name = texts["Promotions.discounts"], X = PlotValues.Of(days), Y = PlotValues.Of(costs), Marker = new PlotMarker { Color = PlotColor.Series(1) } }],
            Layout = new PlotLayout { XAxis = PlotAxes.Days(days[0], days[^1]), YAxis = PlotAxes.Money(0, Math.Max(unit, costs.Max()), replay.Currency), ShowLegend = false },
        };
    }
}
