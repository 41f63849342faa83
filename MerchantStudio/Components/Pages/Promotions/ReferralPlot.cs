using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Promotions.Referrals;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>From shares over friends and orders to rewards, as lying bars.</summary>
internal static class ReferralPlot
{
    public static Plot Of(ReferralReading reading, Texts texts)
    {
        (string Name, long Count)[] steps = [(texts["Referrals.rewards"], reading.Rewards), (texts["Referrals.orders"], reading.Orders), (texts["Referrals.friends"], reading.Friends), (texts["Referrals.shares"], reading.Shares)];
        return new Plot
        {
            Data =
            [
                new PlotTrace
                {
                    Type = "bar", Orientation = "h", Name = texts["Referrals.funnel"], X = PlotValues.Of(steps.Select(step => (double)step.Count)), Y = PlotValues.Of(steps.Select(step => step.Name)),
                    Marker = new PlotMarker { Color = PlotColor.Series(1) }, Text = [.. steps.Select(step => (PlotText)Show.Count(step.Count))], TextPosition = "auto", HoverTemplate = PlotText.HoverValue("%{y}"), ShowLegend = false,
                },
            ],
            Layout = new PlotLayout
            {
                XAxis = PlotAxes.FromZero(Math.Max(5, steps.Max(step => step.Count)), value => Show.Number(value, 0)),
                YAxis = new PlotAxis { Type = "category", AutoMargin = true, ShowGrid = false },
                HoverMode = "closest",
                BarGap = 0.35,
                ShowLegend = false,
            },
        };
    }
}
