using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Quality;

namespace MerchantStudio.Core.Pipeline.Stages;

/// <summary>Stops the run when the data are not fit to learn from, unless somebody says why it may go on.</summary>
internal sealed class QualityStage(QualityGate gate) : IPipelineStage
{
    public string Key => "quality";

    public async Task<Outcome<StageResult>> RunAsync(PipelineState state, PipelineWork work, CancellationToken cancellationToken)
    {
        var measured = await gate.GateAsync(work.Scope, work.Input.OverrideReason, cancellationToken).ConfigureAwait(false);
        if (!measured.TryGet(out var quality, out var problem)) return problem;
        var next = state with { Report = state.Report with { Quality = quality } };
        next = quality.OverrideReason is null ? work.Note(next, "quality", quality.Score) : work.Note(next, "quality-overridden", quality.Score, quality.OverriddenBy ?? "");
        return new StageResult(next, quality.Checks.Length);
    }
}
