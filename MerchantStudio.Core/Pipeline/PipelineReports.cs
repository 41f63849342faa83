using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline;

/// <summary>What the pages draw: the report of the run whose tables serve now.</summary>
public sealed class PipelineReports(IDbContextFactory<StudioDb> contexts)
{
    /// <returns>Null before the first published run, and for those who may not read figures.</returns>
    public async Task<PipelineReport?> LatestPublishedAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is not null) return null;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var json = await db.PipelineRuns.AsNoTracking().Where(run => run.WorkspaceId == scope.Workspace && run.PublishedAt != null)
            .OrderByDescending(run => run.Number).Select(run => run.ReportJson).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return json is null ? null : PipelineJson.Read<PipelineReport>(json);
    }
}
