using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Pipeline.Training;

/// <summary>What to train; the input of the job "training".</summary>
/// <param name="HorizonDays">1, 7 or 30.</param>
/// <param name="Plan">As it was shown before the start; it is kept to.</param>
public sealed record TrainingRequest(int HorizonDays, TrainingPlan Plan, int Seed = 1);

/// <summary>What was measured of a horizon before the start.</summary>
/// <param name="Rows">Training rows.</param>
/// <param name="Buyers">Of the training rows.</param>
/// <param name="OtherSeconds">Estimate for building the windows and for what closes the training.</param>
/// <param name="OtherMegabytes">Estimate for the rows themselves.</param>
/// <param name="Costs">One for each family of <see cref="IntentFamilies"/>.</param>
/// <param name="ClosingSeconds">Of <paramref name="OtherSeconds"/>: for what comes behind all families.</param>
public sealed record TrainingMeasure(int HorizonDays, int Rows, int Buyers, int Columns, double OtherSeconds, double OtherMegabytes, ImmutableArray<FamilyCost> Costs, double ClosingSeconds = 0)
{
    /// <param name="families">Keys of those wanted.</param>
    public TrainingPlan Plan(IReadOnlyCollection<string> families, ComputeBudget budget) =>
        TrainingPlanner.Choose([.. Costs.Where(cost => families.Contains(cost.Family))], Rows, OtherSeconds, OtherMegabytes, budget, ClosingSeconds);
}

/// <summary>A learning curve while a training is at work.</summary>
public sealed record FamilyCurve(string Family, ImmutableArray<LearningStep> Steps);

/// <summary>What the page draws while a training is at work; the Detail of its progress.</summary>
/// <param name="Curves">Of the families begun so far, each of the setting being fitted or of the last.</param>
public sealed record TrainingDetail(int HorizonDays, ImmutableArray<FamilyCurve> Curves);

/// <summary>What a training brought about: a version for each family, best first by validation log-loss.</summary>
/// <param name="Plan">What was meant.</param>
/// <param name="Skipped">Families that the plan had and for which no time was left.</param>
/// <param name="Seconds">From the start to the last figure, over all starts.</param>
/// <param name="Labels">People's answers that were learnt from beside the rows.</param>
public sealed record TrainingReport(
    int HorizonDays, int Seed, string DataHash, TrainingPlan Plan,
    IntentWindowReport Training, IntentWindowReport Validation, IntentWindowReport Test, BinaryReport Majority, BinaryReport? Rule,
    ImmutableArray<TrainedVersion> Versions, ImmutableArray<string> Skipped, double Seconds, int Labels = 0);

/// <param name="Number">In the registry.</param>
/// <param name="Rows">Training rows that it saw.</param>
/// <param name="Megabytes">By how much the program's memory grew at most while it was fitted.</param>
/// <param name="Stopped">Ended by the clock or by hand before it was done.</param>
/// <param name="Notes">What one should know before trusting it.</param>
/// <param name="Folds">At earlier moments; null where the budget left no time or there are too few windows.</param>
/// <param name="Seconds">For fitting and judging.</param>
/// <param name="Gap">See <see cref="ModelFigures"/>.</param>
/// <param name="GivenUp">By ROC-AUC; null where it saw all rows, or no time was left to look.</param>
public sealed record TrainedVersion(Guid ModelId, int Number, string Family, int Rows, int Settings, double Seconds, double Megabytes, bool Stopped, double Gap, BinaryReport Validation, BinaryReport Test, ImmutableArray<LearningStep> Curve, ImmutableArray<SavedProblem> Notes, FoldFigures? Folds = null, RowsGivenUp? GivenUp = null)
{
    /// <inheritdoc cref="ModelFigures.PartsTooFar"/>
    public bool PartsTooFar => ModelFigures.IsTooFar(Gap);
}

/// <summary>A training in the list.</summary>
/// <param name="Report">Null unless it ended well.</param>
public sealed record TrainingSummary(Guid JobId, JobState State, int HorizonDays, DateTimeOffset At, DateTimeOffset? FinishedAt, string RequestedBy, TrainingReport? Report, Problem? Problem);

/// <summary>A horizon that can be asked about, or what is missing for it.</summary>
/// <param name="Buyers">Of the training rows in the last run.</param>
/// <param name="Rows">Training rows in the last run.</param>
public sealed record TrainingOffer(int HorizonDays, int Rows, int Buyers, Problem? Missing);
