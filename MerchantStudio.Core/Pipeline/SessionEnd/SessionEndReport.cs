using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Planning;

namespace MerchantStudio.Core.Pipeline.SessionEnd;

/// <summary>What to train; the input of the job "session-end".</summary>
/// <param name="Plan">As it was shown before the start; it is kept to.</param>
public sealed record SessionEndRequest(TrainingPlan Plan, int Seed = 1);

/// <summary>What was measured before the start.</summary>
/// <param name="Learnt">Visits to learn from.</param>
/// <param name="Judged">Later visits, which test.</param>
/// <param name="Bought">Of all visits, those that ended in a purchase.</param>
public sealed record SessionEndMeasure(int Sessions, int Learnt, int Judged, int Bought, double OtherSeconds, double OtherMegabytes, ImmutableArray<FamilyCost> Costs)
{
    /// <param name="families">Keys of those wanted.</param>
    public TrainingPlan Plan(IReadOnlyCollection<string> families, ComputeBudget budget) =>
        TrainingPlanner.Choose([.. Costs.Where(cost => families.Contains(cost.Family))], Learnt, OtherSeconds, OtherMegabytes, budget);
}

/// <summary>Visits on one side of the split.</summary>
/// <param name="From">When the first began.</param>
/// <param name="To">When the last began.</param>
/// <param name="Bought">How many ended in a purchase.</param>
public sealed record SessionWindow(DateTimeOffset From, DateTimeOffset To, int Sessions, int Bought);

/// <summary>What a version's card says.</summary>
/// <param name="Rows">Visits that it learnt from.</param>
/// <param name="RowsHash">SHA-256 over every beginning of a visit.</param>
/// <param name="Stopped">Ended by the clock or by hand before it was done.</param>
/// <param name="Epochs">That a network learnt for, those behind its best one included; 0 for a model that is none.</param>
public sealed record SessionEndFacts(SessionWindow Training, SessionWindow Validation, SessionWindow Test, int Rows, string RowsHash, double Seconds, bool Stopped, int Epochs = 0);

/// <param name="Validation">Uncalibrated, on visits that chose: by its log-loss the leaderboard is ordered.</param>
/// <param name="Test">Calibrated, on later visits, looked at once.</param>
/// <param name="Majority">Always saying the training visits' share, on the same test.</param>
/// <param name="Rule">The best rule that needs one figure only; null where there is none.</param>
public sealed record SessionEndMetrics(BinaryReport Validation, BinaryReport Test, BinaryReport Majority, BinaryReport? Rule);

/// <summary>What the list of versions knows of one.</summary>
public sealed record SessionEndCard(SessionEndFacts Facts, SessionEndMetrics Metrics);

/// <param name="Number">In the registry.</param>
/// <param name="GivenUp">By ROC-AUC; null where it saw all visits, or no time was left to look.</param>
public sealed record SessionEndVersion(Guid ModelId, int Number, string Family, SessionEndFacts Facts, SessionEndMetrics Metrics, RowsGivenUp? GivenUp = null);

/// <summary>What a training brought about, best first.</summary>
/// <param name="Skipped">Families that the plan had and for which no time was left.</param>
public sealed record SessionEndReport(
    ImmutableArray<string> Kinds, SessionWindow Training, SessionWindow Validation, SessionWindow Test, int Seed, TrainingPlan Plan, BinaryReport Majority, BinaryReport? Rule,
    ImmutableArray<SessionEndVersion> Versions, ImmutableArray<string> Skipped, double Seconds);
