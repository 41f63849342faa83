using System.Globalization;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Kit;

/// <summary>Axes with ticks at round steps, written in the reader's language.</summary>
public static class PlotAxes
{
    /// <summary>From zero to above <paramref name="highest"/>, in four to six steps.</summary>
    /// <param name="write">Unit and all: €, %, ×.</param>
    public static PlotAxis FromZero(double highest, Func<double, string> write) => Between(0, highest, write);

    /// <summary>Round steps that cover both values.</summary>
    public static PlotAxis Between(double lowest, double highest, Func<double, string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        return Stepped(lowest, highest, ticks => ticks.Select(write));
    }

    /// <summary>Round steps that cover both amounts, all in one unit and with the same decimals.</summary>
    public static PlotAxis Money(double lowest, double highest, string currency) => Stepped(lowest, highest, ticks => Show.MoneyTicks(ticks, currency));

    /// <summary>Days from first to last with about seven labels.</summary>
    public static PlotAxis Days(DateOnly first, DateOnly last)
    {
        var days = last.DayNumber - first.DayNumber + 1;
        var every = days <= 8 ? 1 : days <= 60 ? 7 : days <= 130 ? 14 : days <= 400 ? 30 : Math.Max(60, days / 8);
        var ticks = Enumerable.Range(0, ((days - 1) / every) + 1).Select(index => first.AddDays(index * every)).ToList();
        var withYear = first.Year != last.Year && days > 400;
        return new PlotAxis
        {
            Type = "date",
            ShowGrid = false,
            TickVals = PlotValues.Of(ticks),
            TickText = [.. ticks.Select(day => (PlotText)Show.Day(day, withYear ? DateOnly.MinValue : day))],
            HoverFormat = Show.IsChinese ? "%-m月%-d日" : "%a %-d %b",
        };
    }

    private static PlotAxis Stepped(double lowest, double highest, Func<IReadOnlyList<double>, IEnumerable<string>> write)
    {
        var step = Step(highest - lowest);
        var first = Math.Floor(lowest / step);
        var last = Math.Max(Math.Ceiling((highest / step) - 1e-9), first + 1);
        var ticks = Enumerable.Range(0, (int)(last - first) + 1).Select(index => (first + index) * step).ToList();
        return new PlotAxis { Range = [ticks[0], ticks[^1] + (step * 0.04)], TickVals = PlotValues.Of(ticks), TickText = [.. write(ticks).Select(text => (PlotText)text)] };
    }

    private static double Step(double span)
    {
        if (!(span > 0)) return 1;
        var raw = span / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var factor = (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 };
        return double.Parse((factor * power).ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
