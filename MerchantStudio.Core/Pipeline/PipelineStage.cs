using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline;

/// <summary>One step of the pipeline. It reads the state, writes its tables in one transaction and hands on the state with what it found.</summary>
internal interface IPipelineStage
{
    /// <summary>"clean", "train"...: key of the translated name.</summary>
    string Key { get; }

    /// <summary>A table that an earlier stage left for this one; where it is gone a cut-off run begins anew. Null when nothing is taken away.</summary>
    string? Needs => null;

    /// <returns>The state to go on with and the rows handled; or the problem that ends the run.</returns>
    Task<Outcome<StageResult>> RunAsync(PipelineState state, PipelineWork work, CancellationToken cancellationToken);
}

internal sealed record StageResult(PipelineState State, long Rows);

/// <summary>What the stages of one run share.</summary>
/// <param name="FinishEarly">Whether somebody asked to stop learning here and keep the best so far.</param>
internal sealed record PipelineWork(WorkspaceScope Scope, Workspace Shop, WorkspaceWarehouse Warehouse, PipelineJobInput Input, PipelineProgress Progress, TimeProvider Time, Func<bool> FinishEarly)
{
    /// <summary>Adds a note to the report.</summary>
    public PipelineState Note(PipelineState state, string key, params ReadOnlySpan<object> arguments) => Note(state, key, null, arguments);

    /// <summary>Adds a note that tells of a problem: its English sentence becomes the last argument.</summary>
    public PipelineState NoteProblem(PipelineState state, string key, SavedProblem problem, params ReadOnlySpan<object> arguments) =>
        Note(state, key, problem, [.. arguments, problem.ToProblem().Message]);

    private PipelineState Note(PipelineState state, string key, SavedProblem? problem, ReadOnlySpan<object> arguments)
    {
        var texts = new string[arguments.Length];
        for (var i = 0; i < texts.Length; i++) texts[i] = FormattableString.Invariant($"{arguments[i]}");
        var report = state.Report with { Notes = state.Report.Notes.Add(new PipelineNote(Time.GetUtcNow(), key, [.. texts], problem)) };
        Progress.Notes(report.Notes);
        return state with { Report = report };
    }
}
