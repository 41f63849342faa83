using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Insights.Figures;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Home;

/// <summary>The figures in words and pictures.</summary>
internal static class HomeFigures
{
    public static string Text(this ShopView shop, FigureUnit unit, double value) => unit switch
    {
        FigureUnit.Money => Show.Money(shop.Money((decimal)value)),
        FigureUnit.Share => Show.Percent(value),
        _ => Show.Count((long)value),
    };

    public static string? Text(this ShopView shop, Figure figure) => figure.Value is { } value ? shop.Text(figure.Unit, value) : null;

    public static string? FormerText(this ShopView shop, Figure figure) => figure.Former is { } former ? shop.Text(figure.Unit, former) : null;

    /// <summary>Points for shares, per cent for the rest; null when it cannot be said.</summary>
    public static Change? Change(this Figure figure, Texts texts)
    {
        if (figure.Change is not { } change) return null;
        var rounded = Math.Round(change * 100, 1);
        var size = Math.Abs(rounded).ToString("N1", CultureInfo.CurrentCulture);
        var direction = Math.Sign(rounded);
        return new Change(figure.Unit == FigureUnit.Share ? texts["Home.points", size] : size + "%", direction, direction == 0 ? null : direction > 0 == figure.MoreIsBetter);
    }

    /// <summary>The chosen figure day by day (or week by week), the period before dashed behind it.</summary>
    public static Plot Plot(this ShopView shop, ShopFigures figures, Figure figure, bool weekly, Texts texts)
    {
        var days = weekly ? figures.Days.Where((_, index) => index % 7 == 0).ToArray() : [.. figures.Days];
        IReadOnlyList<double> now = weekly ? Weeks(figure, figure.Daily) : figure.Daily;
        IReadOnlyList<double> before = weekly ? Weeks(figure, figure.FormerDaily) : figure.FormerDaily;
        var traces = new List<PlotTrace>();
        if (before.Count > 0) traces.Add(Line([.. before.Take(days.Length)], texts["Home.before", figures.Period.Days], PlotTrace.Dotted(PlotColor.Compare)));
        traces.Add(Line(now, texts["Home.this-period"], PlotTrace.Solid(PlotColor.Series(1))));
        var highest = now.Concat(before).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var axis = figure.Unit == FigureUnit.Money ? PlotAxes.Money(0, highest, shop.Currency) : PlotAxes.FromZero(highest, value => figure.Unit == FigureUnit.Share ? Show.Percent(value, highest < 0.05 ? 1 : 0) : Show.Axis(value));
        return new Plot { Data = [.. traces], Layout = new PlotLayout { XAxis = PlotAxes.Days(days[0], days[^1]), YAxis = axis } };

        PlotTrace Line(IReadOnlyList<double> values, string name, PlotLine line) => new()
        {
            Mode = "lines",
            X = PlotValues.Of(days),
            Y = PlotValues.Of(values),
            Name = name,
            Line = line,
            Text = [.. values.Select(value => (PlotText)(double.IsFinite(value) ? shop.Text(figure.Unit, value) : "–"))],
            HoverTemplate = PlotText.HoverValue(name),
        };
    }

    /// <summary>Sums of seven days; means for shares and averages, which do not add up.</summary>
    private static List<double> Weeks(Figure figure, IReadOnlyList<double> daily)
    {
        var adds = figure is { Part: null, Unit: not FigureUnit.Share };
        return [.. daily.Chunk(7).Select(week => week.Where(double.IsFinite).DefaultIfEmpty(double.NaN)).Select(week => adds ? week.Sum() : week.Average())];
    }
}
