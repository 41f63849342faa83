using System.Collections.Immutable;

namespace MerchantStudio.Core.Insights.Figures;

/// <summary>Which figures a shop's data can carry, and their definitions (docs/guide/glossary.md names them in words).</summary>
internal static class FigureTable
{
    public static ImmutableArray<Figure> Build(PeriodFigures now, PeriodFigures? then, bool hasPrices, bool hasVisits)
    {
        var orders = Sum("orders", FigureUnit.Count, day => day.Orders);
        var buyers = Distinct("buyers", period => period.Buyers, day => day.Buyers);
        var shoppers = Distinct("shoppers", period => period.Shoppers, day => day.Shoppers);
        var repeat = Ratio("repeat_rate", FigureUnit.Share, period => period.Repeaters, period => period.Buyers, day => day.Repeaters, day => day.Buyers);
        var conversion = SumRatio("conversion", FigureUnit.Share, day => day.Buying, day => day.Sessions);
        if (!hasPrices) return hasVisits ? [orders, buyers, conversion, repeat, shoppers, Sum("views", FigureUnit.Count, day => day.Views)] : [orders, buyers, repeat];
        return
        [
            Sum("net_revenue", FigureUnit.Money, day => day.Net),
            orders,
            SumRatio("average_order", FigureUnit.Money, day => day.Value, day => day.Priced),
            hasVisits ? conversion : buyers,
            repeat,
            SumRatio("refund_rate", FigureUnit.Share, day => day.Refunded, day => day.Value) with { MoreIsBetter = false },
        ];

        Figure Sum(string key, FigureUnit unit, Func<DayFigures, double> value) =>
            new(key, unit, now.Sum(value), then?.Sum(value), true, null, null, Days(now, value), Days(then, value));

        Figure Distinct(string key, Func<PeriodFigures, double> whole, Func<DayFigures, double> value) =>
            new(key, FigureUnit.Count, whole(now), then is null ? null : whole(then), true, null, null, Days(now, value), Days(then, value));

        Figure SumRatio(string key, FigureUnit unit, Func<DayFigures, double> part, Func<DayFigures, double> whole) =>
            Ratio(key, unit, period => period.Sum(part), period => period.Sum(whole), part, whole);

        Figure Ratio(string key, FigureUnit unit, Func<PeriodFigures, double> part, Func<PeriodFigures, double> whole, Func<DayFigures, double> dayPart, Func<DayFigures, double> dayWhole) =>
            new(key, unit, Divide(part(now), whole(now)), then is null ? null : Divide(part(then), whole(then)), true, part(now), whole(now),
                Days(now, day => Divide(dayPart(day), dayWhole(day)) ?? double.NaN), Days(then, day => Divide(dayPart(day), dayWhole(day)) ?? double.NaN));
    }

    private static ImmutableArray<double> Days(PeriodFigures? period, Func<DayFigures, double> value) => period is null ? [] : [.. period.ByDay.Select(value)];

    private static double? Divide(double part, double whole) => whole > 0 ? part / whole : null;
}
