using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Experiments;

/// <summary>An experiment as it is asked for.</summary>
/// <param name="Arms">Keys of what is tried, 1 to 40 letters each; without the holdout.</param>
/// <param name="ArmBasisPoints">Share of each arm, hundredths of a percent.</param>
/// <param name="HoldoutBasisPoints">Share that is left alone. 0 only with two arms or more: the first one is compared with then.</param>
/// <param name="GoalDays">How long after the assignment a person's orders count.</param>
/// <param name="PlannedPeople">In one arm and the holdout together, from <see cref="PowerPlan"/>.</param>
/// <param name="LookOnce">The verdict comes once, when the planned number is reached.</param>
/// <param name="MessageCost">What one sent message of the campaign costs.</param>
public sealed record ExperimentDraft(
    string Name, ImmutableArray<string> Arms, ImmutableArray<int> ArmBasisPoints, int HoldoutBasisPoints, ExperimentGoal Goal, int GoalDays, long PlannedPeople, bool LookOnce, Guid? CampaignId,
    decimal MessageCost = 0)
{
    public const int MostArms = 10;
    public const int MostGoalDays = 365;
    private const int MostLetters = 80;
    private const int MostArmLetters = 40;

    /// <summary>What is wrong with it; null when it can be made.</summary>
    internal Problem? Fault()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Trim().Length > MostLetters) return ExperimentProblems.NameMissing(MostLetters);
        if (Arms.IsDefaultOrEmpty || Arms.Length > MostArms || ArmBasisPoints.IsDefault || ArmBasisPoints.Length != Arms.Length) return ExperimentProblems.ArmsUnfit(MostArms);
        if (Arms.Any(arm => string.IsNullOrWhiteSpace(arm) || arm.Trim().Length > MostArmLetters) || Arms.Select(arm => arm.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).Count() != Arms.Length) return ExperimentProblems.ArmNamesUnfit(MostArmLetters);
        if (ArmBasisPoints.Any(share => share <= 0) || HoldoutBasisPoints < 0 || ArmBasisPoints.Sum(share => (long)share) + HoldoutBasisPoints > Assignment.Slots) return ExperimentProblems.SharesUnfit();
        if (HoldoutBasisPoints == 0 && Arms.Length == 1) return ExperimentProblems.NobodyToCompare();
        if (GoalDays is < 1 or > MostGoalDays) return ExperimentProblems.GoalDaysUnfit(MostGoalDays);
        if (MessageCost < 0) return ExperimentProblems.MessageCostUnfit();
        return PlannedPeople < 2 ? ExperimentProblems.PlanMissing() : null;
    }

    internal ExperimentSplit Split(string salt) => ExperimentSplit.Of(salt, [.. Arms.Select(arm => arm.Trim())], ArmBasisPoints.AsSpan(), HoldoutBasisPoints);
}
