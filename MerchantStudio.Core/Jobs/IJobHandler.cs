using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Jobs;

/// <summary>Does one kind of long work. Runs in the background; reports, saves checkpoints and stops when asked.</summary>
public interface IJobHandler
{
    /// <summary>"import", "pipeline", "demo".</summary>
    string Kind { get; }

    /// <summary>Whether a run cut off by the end of the process starts again from its checkpoint; if not it is closed as interrupted after <see cref="CleanUpAsync"/>.</summary>
    bool Resumes { get; }

    /// <returns>What to keep as the job's result, or the problem that ended it.</returns>
    Task<Outcome<JsonNode>> RunAsync(IJobContext job, CancellationToken cancellationToken);

    /// <summary>Removes what a cut-off, failed or cancelled run may have left behind.</summary>
    Task CleanUpAsync(IJobContext job, CancellationToken cancellationToken);
}

/// <summary>What a handler sees of its job.</summary>
public interface IJobContext
{
    Guid JobId { get; }
    WorkspaceScope Scope { get; }
    string InputJson { get; }

    /// <summary>The last saved checkpoint; null in a first run.</summary>
    string? CheckpointJson { get; }

    /// <summary>Whether somebody asked to stop here and keep the best so far. Work that knows no better and worse takes no notice.</summary>
    bool FinishEarly { get; }

    /// <summary>Cheap: may be called for every batch; watchers see a few a second.</summary>
    void Report(JobProgress progress);

    Task SaveCheckpointAsync(string checkpointJson, CancellationToken cancellationToken);
}

public enum StageState
{
    Waiting,
    Running,
    Done,
    Skipped,
    Failed,
}

/// <param name="Key">Resource key suffix of the stage's name: "read", "train".</param>
/// <param name="Rows">Rows (or rounds) handled so far.</param>
/// <param name="Total">Null while unknown.</param>
public sealed record StageProgress(string Key, StageState State, long Rows, long? Total, double Seconds);

/// <param name="Fraction">0 to 1 over the whole job; null while unknown.</param>
/// <param name="SecondsLeft">Estimate; null while unknown.</param>
/// <param name="Detail">What the job's own page draws: learning curve, counts found so far.</param>
public sealed record JobProgress(ImmutableArray<StageProgress> Stages, double? Fraction, double? SecondsLeft, JsonNode? Detail = null);
