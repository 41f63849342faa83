using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

public enum JobState
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,

    /// <summary>The process ended in the middle; the job is resumed or closed at the next start.</summary>
    Interrupted,
}

/// <summary>Long work: survives a closed browser and a restart.</summary>
public sealed class JobRecord
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }

    /// <summary>"import", "pipeline", "demo": names the handler.</summary>
    public required string Kind { get; init; }
    public required string InputJson { get; init; }

    /// <summary>Where to go on after a restart; null at the beginning.</summary>
    public string? CheckpointJson { get; set; }

    /// <summary>The last progress shown, as JSON.</summary>
    public string? ProgressJson { get; set; }

    /// <summary>What it brought about, as JSON.</summary>
    public string? ResultJson { get; set; }
    public JobState State { get; set; }
    public bool CancelRequested { get; set; }
    public int Attempts { get; set; }
    public required string RequestedBy { get; init; }

    /// <summary>Null for the command line, the scheduler and the demo visitor.</summary>
    public Guid? RequestedById { get; init; }

    /// <summary>What the person was allowed when she asked; the job runs with it.</summary>
    public required Role RequestedAs { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>Null while there is still something to do; so an <see cref="JobState.Interrupted"/> job without it is taken up at the next start.</summary>
    public DateTimeOffset? FinishedAt { get; set; }
    public string? ProblemCode { get; set; }

    /// <summary>The English sentence.</summary>
    public string? ProblemMessage { get; set; }

    /// <summary>The sentence's values as a JSON array of texts, for its translation.</summary>
    public string? ProblemArgumentsJson { get; set; }
}

/// <summary>One run of the pipeline with all that is needed to repeat it.</summary>
public sealed class PipelineRun
{
    public required Guid Id { get; init; }

    /// <summary>1, 2, 3 in the workspace.</summary>
    public required int Number { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public Guid? JobId { get; init; }
    public JobState State { get; set; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; set; }
    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>The moment that features are computed as of.</summary>
    public DateTimeOffset? AsOf { get; set; }
    public int Seed { get; set; }
    public string? DataHash { get; set; }
    public required string SettingsJson { get; init; }

    /// <summary>Stages with rows and seconds.</summary>
    public string? StagesJson { get; set; }

    /// <summary>The whole report that pages draw.</summary>
    public string? ReportJson { get; set; }
    public required string RequestedBy { get; init; }
    public string? ProblemCode { get; set; }
    public string? ProblemMessage { get; set; }
}

/// <summary>A trained model; its file lies under models/ by hash.</summary>
public sealed class ModelVersion
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }

    /// <summary>The run that made it, or the job of the training that did.</summary>
    public Guid? RunId { get; init; }

    /// <summary>"intent-7", "sentiment".</summary>
    public required string Task { get; init; }

    /// <summary>1, 2, 3 for each task.</summary>
    public required int Number { get; init; }

    /// <summary>"logistic", "trees", "mlp".</summary>
    public required string Family { get; init; }

    /// <summary>SHA-256 of the model file.</summary>
    public required string FileHash { get; init; }
    public required string DataHash { get; init; }
    public required int Seed { get; init; }
    public required string ParametersJson { get; init; }
    public required string MetricsJson { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The one whose scores are served for its task.</summary>
    public bool IsLive { get; set; }

    /// <summary>How often in a row a brought model has failed at scoring.</summary>
    public int Faults { get; set; }

    /// <summary>The last fault as a saved problem; null where there was none.</summary>
    public string? FaultJson { get; set; }

    /// <summary>When it was switched off after too many faults; it serves nobody from then on.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}
