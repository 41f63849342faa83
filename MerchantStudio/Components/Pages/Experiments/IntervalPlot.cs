using MerchantStudio.Components.Kit;

namespace MerchantStudio.Components.Pages.Experiments;

/// <param name="Low">An end that the sample does not bound is not drawn.</param>
internal sealed record IntervalRow(string Name, double Value, double Low, double High);

/// <summary>A dot with whiskers for each row, the first on top, and a line at no difference.</summary>
internal static class IntervalPlot
{
    /// <param name="currency">Of a measure that is money.</param>
    public static Plot Of(IReadOnlyList<IntervalRow> rows, string name, Func<double, string> write, string? currency = null)
    {
        var drawn = rows.Where(row => double.IsFinite(row.Value)).Reverse().ToArray();
        double[] ends = [.. drawn.SelectMany(row => (double[])[row.Value, row.Low, row.High]).Where(double.IsFinite), 0];
        var (least, most) = (ends.Min(), ends.Max());
        var room = Math.Max((most - least) * 0.06, 1e-9);
        return new Plot
        {
            Data =
            [
                .. drawn.Where(row => double.IsFinite(row.Low) && double.IsFinite(row.High)).Select(row => new PlotTrace
                {
                    Mode = "lines", X = PlotValues.Of([row.Low, row.High]), Y = PlotValues.Of([row.Name, row.Name]), Line = new PlotLine { Color = Tone(row), Width = 3 }, HoverInfo = "skip", ShowLegend = false, OnlyDrawn = true,
                }),
                new PlotTrace
                {
                    Mode = "markers", Name = name, Orientation = "h", X = PlotValues.Of(drawn.Select(row => row.Value)), Y = PlotValues.Of(drawn.Select(row => row.Name)),
                    Marker = new PlotMarker { Size = 11, Color = PlotColors.Each(drawn.Select(Tone)) }, Text = [.. drawn.Select(row => (PlotText)$"{write(row.Value)} ({Written(row.Low)} – {Written(row.High)})")],
                    HoverTemplate = PlotText.HoverValue("%{y}"), ShowLegend = false,
                },
            ],
            Layout = new PlotLayout
            {
                XAxis = (currency is null ? PlotAxes.Between(least - room, most + room, write) : PlotAxes.Money(least - room, most + room, currency)) with { ShowGrid = true },
                YAxis = new PlotAxis { Type = "category", AutoMargin = true, ShowGrid = false, Range = [-0.5, Math.Max(1, drawn.Length) - 0.5] },
                HoverMode = "closest",
                ShowLegend = false,
                Shapes = [new PlotShape { X0 = 0.0, X1 = 0.0, YRef = "paper", Y0 = 0.0, Y1 = 1.0, Line = new PlotLine { Color = PlotColor.Ink3, Width = 1, Dash = "3px,3px" } }],
            },
        };

        string Written(double end) => double.IsFinite(end) ? write(end) : "∞";
    }

    /// <summary>The words beside it say the same: the colour is never alone.</summary>
    private static PlotColor Tone(IntervalRow row) => row.Low > 0 ? PlotColor.Good : row.High < 0 ? PlotColor.Bad : PlotColor.Series(1);
}
