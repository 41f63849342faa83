using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Learning;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>Pictures of how a model learnt.</summary>
internal static class LearningCurves
{
    /// <summary>Log-loss on training and validation rows by round; the round with the lowest validation loss is marked.</summary>
    /// <returns>Null while there are fewer than two points.</returns>
    public static Plot? Of(IReadOnlyList<LearningStep> steps, Texts texts)
    {
        if (steps.Count < 2) return null;
        var rounds = PlotValues.Of(steps.Select(step => step.Round));
        var best = Best(steps);
        var values = steps.SelectMany(step => new[] { step.TrainingLoss, step.ValidationLoss }).Where(double.IsFinite).ToList();
        return new Plot
        {
            Data =
            [
                Line(texts["Runs.validation"], steps.Select(step => step.ValidationLoss), PlotTrace.Solid(PlotColor.Accent)),
                Line(texts["Runs.training"], steps.Select(step => step.TrainingLoss), PlotTrace.Solid(PlotColor.Ink3)),
            ],
            Layout = new PlotLayout
            {
                ShowLegend = true,
                XAxis = new PlotAxis { ShowGrid = false, Title = new(texts["Runs.round-axis"]), RangeMode = "tozero" },
                YAxis = PlotAxes.Between(values.Min(), values.Max(), value => Show.Number(value, 3)),
                Shapes = best is null ? null : [new() { X0 = (double)best.Round, X1 = (double)best.Round, YRef = "paper", Y0 = 0, Y1 = 1, Line = PlotTrace.Dotted(PlotColor.Ink3) }],
            },
        };

        PlotTrace Line(string name, IEnumerable<double> losses, PlotLine line) =>
            new() { Mode = "lines", Name = name, X = rounds, Y = PlotValues.Of(losses), Line = line, Text = [.. losses.Select(loss => (PlotText)Show.Number(loss, 4))], HoverTemplate = PlotText.HoverValue(name) };
    }

    public static string Title(IReadOnlyList<LearningStep> steps, Texts texts) =>
        Best(steps) is { } best ? texts["Runs.curve-title", best.Round, Show.Number(best.ValidationLoss, 4)] : texts["Runs.curve"];

    private static LearningStep? Best(IReadOnlyList<LearningStep> steps) => steps.Where(step => !double.IsNaN(step.ValidationLoss)).MinBy(step => step.ValidationLoss);
}
