using System.Collections.Immutable;

namespace MerchantStudio.Core.Experiments.Reading;

/// <summary>Who set a verdict aside, when and why.</summary>
public sealed record SavedOverride(int Arm, VerdictKind Was, VerdictKind DecidedAs, string Reason, string By, DateTimeOffset At);

/// <summary>What an experiment says now.</summary>
/// <param name="Control">Name of the arm that the others are compared with; null for the holdout.</param>
/// <param name="Arms">Names of the arms as <see cref="Report"/> counts them, without what they are compared with.</param>
/// <param name="AsOf">How far the shop's data reach; null before the first run of the pipeline. Nothing is read beyond it.</param>
/// <param name="Assigned">People written down, also those who came behind the end of the data.</param>
/// <param name="CostKnown">Share of what was bought whose cost the catalogue knows, 0 to 1; null while nothing was bought.</param>
/// <param name="Overrides">Newest first.</param>
public sealed record ExperimentReading(
    SavedExperiment Experiment, ExperimentReport Report, ReadingRule Rule, string? Control, ImmutableArray<string> Arms, DateTimeOffset? AsOf, string Currency, long Assigned, double? CostKnown,
    ImmutableArray<SavedOverride> Overrides)
{
    /// <summary>People whom the figures are of.</summary>
    public long People => Report.Arms.Sum(arm => arm.Sums.People);

    /// <summary>What counts for an arm: the last decision of a person, else the verdict.</summary>
    public VerdictKind DecisionOn(ArmComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return Overrides.FirstOrDefault(note => note.Arm == comparison.Arm)?.DecidedAs ?? comparison.Verdict.Kind;
    }
}

/// <summary>Everybody else against those held back from all campaigns, since the share was last changed.</summary>
/// <param name="Report">One arm, everybody else.</param>
/// <param name="Since">When the share was last changed.</param>
public sealed record AllCampaignsReading(ExperimentReport Report, GlobalHoldout Holdout, DateTimeOffset Since, DateTimeOffset AsOf, int Days, string Currency, double? CostKnown);
