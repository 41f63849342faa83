using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Reviews;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Reviews;

/// <summary>The trend as a picture: the usual range as a band, the share as a line, points outside it marked.</summary>
internal static class TrendPlot
{
    private static readonly PlotColor Complaint = PlotColor.Series(2);

    public static Plot Of(ReviewTrend trend, string measure, Texts texts)
    {
        var (first, last) = (trend.Points[0].Start, trend.Points[^1].Start);
        return measure switch
        {
            "count" => Lines(trend, point => point.Reviews, texts["Reviews.reviews"], PlotColor.Series(1), PlotAxes.FromZero(trend.Points.Max(point => point.Reviews), value => Show.Count((long)value)), bars: true),
            "stars" => Lines(trend, point => point.MeanStars ?? double.NaN, texts["Reviews.stars"], PlotColor.Series(1), PlotAxes.Between(1, 5, value => Show.Number(value, 0)), bars: false),
            _ => Negative(trend, texts, first, last),
        };
    }

    private static Plot Negative(ReviewTrend trend, Texts texts, DateOnly first, DateOnly last)
    {
        TrendPoint[] known = [.. trend.Points.Where(point => point.Reviews > 0)];
        var days = PlotValues.Of(known.Select(point => point.Start));
        var outside = known.Where(point => point.IsAbove || point.IsBelow).ToArray();
        var band = new PlotLine { Width = 0, Color = PlotColor.None };
        var traces = ImmutableArray.CreateBuilder<PlotTrace>();
        traces.Add(new PlotTrace { Mode = "lines", X = days, Y = PlotValues.Of(known.Select(point => point.Low)), Line = band, HoverInfo = "skip", OnlyDrawn = true });
        traces.Add(new PlotTrace { Mode = "lines", X = days, Y = PlotValues.Of(known.Select(point => point.High)), Line = band, Fill = "tonexty", FillColor = PlotColor.Mute.Band, HoverInfo = "skip", OnlyDrawn = true });
        traces.Add(new PlotTrace { Mode = "lines", Name = texts["Reviews.negative-share"], X = PlotValues.Of(trend.Points.Select(point => point.Start)), Y = PlotValues.Of(trend.Points.Select(point => point.Negative)), Line = PlotTrace.Solid(Complaint) });
        traces.Add(new PlotTrace { Mode = "markers", X = PlotValues.Of(outside.Select(point => point.Start)), Y = PlotValues.Of(outside.Select(point => point.Negative)), Marker = new PlotMarker { Color = Complaint, Size = 7 }, HoverInfo = "skip", OnlyDrawn = true });
        var highest = known.Max(point => Math.Max(point.Negative, point.High));
        return new Plot
        {
            Data = traces.ToImmutable(),
            Layout = new PlotLayout { XAxis = PlotAxes.Days(first, last), YAxis = PlotAxes.FromZero(Math.Min(1, highest), value => Show.Percent(value, 0)), ShowLegend = false },
        };
    }

    private static Plot Lines(ReviewTrend trend, Func<TrendPoint, double> value, string name, PlotColor color, PlotAxis axis, bool bars) => new()
    {
        Data =
        [
            new PlotTrace
            {
                Type = bars ? "bar" : "scatter",
                Mode = bars ? null : "lines",
                Name = name,
                X = PlotValues.Of(trend.Points.Select(point => point.Start)),
                Y = PlotValues.Of(trend.Points.Select(value)),
                Line = bars ? null : PlotTrace.Solid(color),
                Marker = bars ? new PlotMarker { Color = color } : null,
            },
        ],
        Layout = new PlotLayout { XAxis = PlotAxes.Days(trend.Points[0].Start, trend.Points[^1].Start), YAxis = axis, ShowLegend = false },
    };
}
