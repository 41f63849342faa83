using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Insights.Intent;

/// <summary>Shoppers as they stood at one or several cutoffs, and whether they bought in the days after each.</summary>
/// <param name="From">The first cutoff. Features come from events strictly before a cutoff, labels from events at or after it.</param>
/// <param name="To">End of the last label window, not included.</param>
/// <param name="Y">1 bought within the horizon, else 0.</param>
public sealed record IntentWindow(DateTimeOffset From, DateTimeOffset To, FeatureMatrix X, ImmutableArray<float> Y)
{
    public int Buyers => Y.Count(label => label > 0.5f);
}

/// <summary>Who will buy in the next days? Three label windows, one after the other in time.</summary>
/// <param name="HorizonDays">1, 7 or 30.</param>
/// <param name="Training">Everything is fitted on these.</param>
/// <param name="Validation">Chooses the model, stops it and calibrates it.</param>
/// <param name="Test">Scored once.</param>
/// <param name="Preparation">How rows are prepared for the linear model; null for the default.</param>
/// <param name="GoOn">False when the time budget is spent; further settings are then left untried.</param>
/// <param name="Threads">Workers; the result does not depend on it.</param>
/// <param name="StopHere">True when somebody wants the best so far: the fit ends after the round at hand.</param>
public sealed record IntentQuestion(
    int HorizonDays, IntentWindow Training, IntentWindow Validation, IntentWindow Test, int Seed, Func<bool>? GoOn = null, Func<bool>? StopHere = null, Preparation? Preparation = null, int Threads = 2);

/// <summary>A point of the learning curve of one family at one horizon.</summary>
public sealed record IntentProgress(int HorizonDays, string Family, LearningStep Step);

/// <summary>A fitted, calibrated family before the test window was opened.</summary>
/// <param name="Notes">What one should know before trusting it.</param>
public sealed record IntentCandidate(IntentModel Model, IntentTraining Training, ImmutableArray<Problem> Notes = default);

/// <param name="Calibration">"platt" or "isotonic".</param>
/// <param name="Threshold">On the calibrated chance: best F1 on the validation window.</param>
/// <param name="Validation">Before calibration, on the window that chose and stopped it.</param>
/// <param name="Preparation">Null for a family that takes rows as they are.</param>
/// <param name="Curve">Log-loss by round of the setting that was kept, thinned.</param>
public sealed record IntentTraining(string Family, string Calibration, double Threshold, BinaryReport Validation, double Seconds, ImmutableArray<LearningStep> Curve, Preparation? Preparation = null);

/// <summary>A shopper's chance to buy within the horizon.</summary>
/// <param name="Probability">Calibrated, 0 to 1.</param>
/// <param name="Low">Lower end of the 80 % band.</param>
/// <param name="High">Upper end.</param>
/// <param name="Reasons">At most three, strongest first.</param>
public sealed record IntentScore(double Probability, double Low, double High, ImmutableArray<IntentReason> Reasons);

/// <param name="Feature">Key in the feature catalogue.</param>
/// <param name="Value">The shopper's value; null where it is missing.</param>
/// <param name="Points">Percentage points by which it raises or lowers her chance.</param>
public sealed record IntentReason(string Feature, double? Value, double Points);
