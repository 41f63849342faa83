using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Quality;

/// <summary>Measures whether the data are good enough to learn from, and stops training when they are not.</summary>
public sealed class QualityGate
{
    /// <summary>Measures the raw rows of the workspace and keeps the result.</summary>
    public Task<Outcome<QualityReport>> MeasureAsync(WorkspaceScope scope, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Measures; a failing result is a problem ("quality.gate-failed") unless somebody with the right gives a reason, which is logged.</summary>
    /// <param name="overrideReason">Null or blank to let the gate decide.</param>
    public Task<Outcome<QualityReport>> GateAsync(WorkspaceScope scope, string? overrideReason, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The last measurement; null before the first.</summary>
    public Task<QualityReport?> LatestAsync(WorkspaceScope scope, CancellationToken cancellationToken) => throw new NotImplementedException();
}
