using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

public enum ExperimentState
{
    Draft,

    /// <summary>Takes people in.</summary>
    Running,

    /// <summary>Takes nobody in any more; its people keep their arms and are read on.</summary>
    Stopped,
}

/// <summary>What an experiment is run for; all measures are reported whichever it is.</summary>
public enum ExperimentGoal
{
    Orders,
    Revenue,
    Profit,
}

/// <summary>A comparison of arms over people who were dealt out by chance.</summary>
public sealed class Experiment
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }

    /// <summary>What programs call it: unique in a shop and never changed.</summary>
    public required string Key { get; init; }
    public required string Name { get; set; }

    /// <summary>Null for an experiment without a campaign, whose arms the shop's own program carries out.</summary>
    public Guid? CampaignId { get; init; }
    public ExperimentState State { get; set; }

    /// <summary>Salt, arms and ranges of slots as JSON.</summary>
    public required string SplitJson { get; init; }
    public ExperimentGoal Goal { get; init; }

    /// <summary>How long after the assignment a person's orders count.</summary>
    public int GoalDays { get; init; }

    /// <summary>In one arm and the holdout together.</summary>
    public long PlannedPeople { get; init; }

    /// <summary>The verdict comes once, when the planned number is reached.</summary>
    public bool LookOnce { get; init; }

    /// <summary>What one sent message of the campaign costs, in the shop's currency with four decimals at most.</summary>
    public decimal MessageCost { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? StoppedAt { get; set; }

    /// <summary>Raised on every change; a write with an old value is refused.</summary>
    public int Revision { get; set; }
}

/// <summary>Where a person stands in an experiment. Written once, so that she keeps her arm whatever is changed later.</summary>
public sealed class ExperimentPerson
{
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid ExperimentId { get; init; }
    public required string ShopperId { get; init; }

    /// <summary>Index of the arm; -1 for the holdout.</summary>
    public required int Arm { get; init; }
    public required DateTimeOffset AssignedAt { get; init; }
}

/// <summary>Who was held back from every campaign from a moment on. The last row counts; the others are its history.</summary>
public sealed class GlobalHoldoutSetting
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }

    /// <summary>Decides who is in it; stays the same over changes of the share, so that the same people stay held back.</summary>
    public required string Salt { get; init; }

    /// <summary>Share of all people, 0 to 10,000.</summary>
    public required int BasisPoints { get; init; }
    public required string ChangedBy { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }
}

/// <summary>Somebody decided otherwise than an experiment's figures say. Rows are only ever added.</summary>
public sealed class VerdictNote
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid ExperimentId { get; init; }

    /// <summary>Index of the arm that the verdict is of.</summary>
    public required int Arm { get; init; }

    /// <summary>Names of verdict kinds.</summary>
    public required string Was { get; init; }
    public required string DecidedAs { get; init; }

    /// <summary>The verdict with its figures as it stood then.</summary>
    public required string WasJson { get; init; }
    public required string Reason { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }
}
