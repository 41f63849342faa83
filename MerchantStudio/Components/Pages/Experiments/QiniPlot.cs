using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Experiments;

/// <summary>Extra buyers by how many people get the offer, most promising first, beside chance.</summary>
internal static class QiniPlot
{
    public static Plot Of(UpliftView view, Texts texts)
    {
        var points = view.Qini.Uplift.Points;
        double[] along = [.. points.Select(point => point.Targeted * 100)];
        double[] gain = [.. points.Select(point => point.Gain * 100)];
        var end = gain[^1];
        return new Plot
        {
            Data =
            [
                new PlotTrace { Mode = "lines", Name = texts["Experiments.qini-model"], X = PlotValues.Of(along), Y = PlotValues.Of(gain), Line = PlotTrace.Solid(PlotColor.Series(1)) },
                new PlotTrace { Mode = "lines", Name = texts["Experiments.qini-chance"], X = PlotValues.Of(along), Y = PlotValues.Of(along.Select(share => end * share / 100)), Line = PlotTrace.Dotted(PlotColor.Compare) },
            ],
            Layout = new PlotLayout
            {
                XAxis = PlotAxes.Between(0, 100, value => Show.Number(value, 0) + "%") with { Title = new PlotAxisTitle(texts["Experiments.qini-x"]) },
                YAxis = PlotAxes.Between(Math.Min(0, gain.Min()), Math.Max(0.01, gain.Max()), value => Show.Number(value, 1)),
            },
        };
    }
}
