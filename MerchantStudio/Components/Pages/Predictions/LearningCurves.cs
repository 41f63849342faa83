using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Learning;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>Pictures of how a model learnt.</summary>
internal static class LearningCurves
{
    /// <summary>Log-loss on training and validation rows by round; the round with the lowest validation loss is marked.</summary>
    /// <param name="family">Whose steps they are.</param>
    /// <returns>Null while there are fewer than two points.</returns>
    public static Plot? Of(IReadOnlyList<LearningStep> steps, Texts texts, string family)
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
                XAxis = new PlotAxis { ShowGrid = false, Title = new(texts[Tries(family) ? "Training.try-axis" : "Runs.round-axis"]), RangeMode = "tozero" },
                YAxis = PlotAxes.Between(values.Min(), values.Max(), value => Show.Number(value, 3)),
                Shapes = best is null ? null : [new() { X0 = (double)best.Round, X1 = (double)best.Round, YRef = "paper", Y0 = 0, Y1 = 1, Line = PlotTrace.Dotted(PlotColor.Ink3) }],
            },
        };

        PlotTrace Line(string name, IEnumerable<double> losses, PlotLine line) =>
            new() { Mode = Tries(family) ? "markers" : "lines", Name = name, X = rounds, Y = PlotValues.Of(losses), Line = line, Text = [.. losses.Select(loss => (PlotText)Show.Number(loss, 4))], HoverTemplate = PlotText.HoverValue(name) };
    }

    public static string Title(IReadOnlyList<LearningStep> steps, Texts texts, string family) =>
        Best(steps) is { } best ? texts[Tries(family) ? "Training.try-title" : "Runs.curve-title", best.Round, Show.Number(best.ValidationLoss, 4)] : texts["Runs.curve"];

    /// <summary>Key of the name of one step.</summary>
    public static string StepKey(string family) => Tries(family) ? "Training.try" : "Runs.round";

    /// <summary>A Gaussian model does not learn in rounds: each step is another half-life and shape, and only the best is kept.</summary>
    private static bool Tries(string family) => family == BinaryModels.Gaussian;

    private static LearningStep? Best(IReadOnlyList<LearningStep> steps) => steps.Where(step => !double.IsNaN(step.ValidationLoss)).MinBy(step => step.ValidationLoss);
}
