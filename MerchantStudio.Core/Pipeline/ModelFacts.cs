using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Pipeline;

/// <summary>What a model's card says about how it came about.</summary>
/// <param name="Training">Null for a model that the merchant brought: what it learnt from is not known here.</param>
/// <param name="Preparation">Null for a family that takes rows as they are.</param>
/// <param name="Recipe">Null for models of earlier versions of the program and for those that the merchant brought.</param>
/// <param name="BroughtFile">Name of the file that the merchant brought; null for a model that the studio trained.</param>
public sealed record ModelFacts(
    IntentWindowReport? Training, IntentWindowReport Validation, IntentWindowReport Test, string Calibration, double TrainingSeconds, Preparation? Preparation = null, ModelRecipe? Recipe = null, string? BroughtFile = null)
{
    internal static ModelFacts Of(IntentReport report, IntentTraining training, ModelRecipe recipe) =>
        new(report.Training, report.Validation, report.Test, report.CalibrationMethod, training.Seconds, training.Preparation, recipe);
}

/// <summary>All that is needed to train a model once more.</summary>
/// <param name="RowsHash">SHA-256 of the very numbers that it learnt from, chose and was tested on.</param>
/// <param name="Rows">Training rows that it saw.</param>
/// <param name="AllRows">Training rows that there were.</param>
/// <param name="Settings">How many settings were tried at most.</param>
/// <param name="Stopped">Ended by the clock or by hand before it was done, so another training need not end at the same place.</param>
/// <param name="Kernels">The arithmetic of the processor; another set may round otherwise.</param>
/// <param name="Megabytes">By how much the program's memory grew at most; null where nobody looked.</param>
/// <param name="Labels">People's answers that were learnt from beside those rows; null or empty for none.</param>
/// <param name="LabelWeight">How many rows each of them counted as.</param>
public sealed record ModelRecipe(PlannedHorizon Windows, string RowsHash, int Rows, int AllRows, int Settings, bool Stopped, string Kernels, double? Megabytes = null, ImmutableArray<Guid>? Labels = null, int LabelWeight = 0);

/// <summary>What a model's card says about how good it is.</summary>
/// <param name="Importance">Strongest first; default for models of earlier versions of the program.</param>
/// <param name="Calibration">On the test window; default for models of earlier versions of the program.</param>
/// <param name="Gap">Log-loss as a share of what the window's rate alone gives, on validation less on training rows, at the round that was kept; NaN where there is none.</param>
/// <param name="Notes">What training it found doubtful: a feature that gives the answer away, a training that broke off; null for models of earlier versions of the program.</param>
public sealed record ModelFigures(
    BinaryReport Test, BinaryReport Validation, BinaryReport Majority, BinaryReport? Rule,
    ImmutableArray<IntentImportance> Importance = default, ImmutableArray<CalibrationBin> Calibration = default, double CalibrationError = double.NaN, double Gap = double.NaN, ImmutableArray<SavedProblem>? Notes = null)
{
    /// <summary>A gap beyond it says that the model knows its training rows by heart.</summary>
    private const double LargestGap = 0.1;

    /// <summary>Whether training and validation part so far that the model may do worse on new shoppers.</summary>
    public bool PartsTooFar => IsTooFar(Gap);

    internal static bool IsTooFar(double gap) => gap > LargestGap;

    internal static ModelFigures Of(IntentReport report, ImmutableArray<SavedProblem>? notes = null) => new(
        report.Best.Test, report.Best.Validation, report.Majority, report.Rule?.Test, report.Importance, report.Calibration, report.CalibrationError, GapOf(report), notes);

    /// <summary>Windows differ in how many buy, and with it in what is hard to tell; so each loss is measured by its own window's.</summary>
    private static double GapOf(IntentReport report)
    {
        var kept = report.Best.Curve.Where(step => !double.IsNaN(step.ValidationLoss)).MinBy(step => step.ValidationLoss);
        return kept is null ? double.NaN : (kept.ValidationLoss / Entropy(report.Validation)) - (kept.TrainingLoss / Entropy(report.Training));
    }

    private static double Entropy(IntentWindowReport window)
    {
        var rate = (double)window.Buyers / window.Shoppers;
        return -(rate * Math.Log(rate)) - ((1 - rate) * Math.Log(1 - rate));
    }
}
