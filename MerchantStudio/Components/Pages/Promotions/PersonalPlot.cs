using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Promotions.Personal;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>What each budget would gain, with the one that is chosen marked.</summary>
internal static class PersonalPlot
{
    public static Plot Of(PersonalOfferPlan plan, string currency, Texts texts)
    {
        var unit = (double)new Money(1_000_000, currency).Amount / 1_000_000;
        double[] costs = [.. plan.Curve.Select(point => point.CostMinor * unit)];
        double[] gains = [.. plan.Curve.Select(point => point.Gain * unit)];
        return new Plot
        {
            Data =
            [
                new PlotTrace { Mode = "lines", Name = texts["Personal.gain"], X = PlotValues.Of(costs), Y = PlotValues.Of(gains), Line = PlotTrace.Dashed(PlotColor.Series(1)) },
                new PlotTrace { Mode = "markers", Name = texts["Personal.chosen"], X = PlotValues.Of([plan.CostMinor * unit]), Y = PlotValues.Of([plan.Gain * unit]), Marker = new PlotMarker { Color = PlotColor.Series(1) } },
            ],
            Layout = new PlotLayout
            {
                XAxis = PlotAxes.Money(0, Math.Max(unit, costs.Max()), currency),
                YAxis = PlotAxes.Money(0, Math.Max(unit, gains.Max()), currency),
                ShowLegend = false,
            },
        };
    }
}
