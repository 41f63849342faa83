using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MerchantStudio.Core.Pipeline.Brought;

/// <summary>Counts how often in a row a brought model has failed at scoring. At the third time it is switched off for good, and what served before it serves again.</summary>
internal sealed class ModelFaults(IDbContextFactory<StudioDb> contexts, ModelRegistry registry, AuditTrail audit, TimeProvider time, ILogger<ModelFaults> log)
{
    /// <param name="version">A brought one; of others nothing is counted.</param>
    /// <param name="problem">Null where it answered, which forgets the faults before.</param>
    public async Task NoteAsync(WorkspaceId workspace, Guid version, Problem? problem, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var model = await db.Models.SingleOrDefaultAsync(model => model.WorkspaceId == workspace && model.Id == version && model.Family == BroughtModel.Family, cancellationToken).ConfigureAwait(false);
        if (model is null || model.DisabledAt is not null || (problem is null && model.Faults == 0)) return;
        model.Faults = problem is null ? 0 : model.Faults + 1;
        if (problem is not null) model.FaultJson = PipelineJson.Write(SavedProblem.Of(problem));
        var off = model.Faults >= ModelSwitchedOff.Faults;
        if (off)
        {
            model.DisabledAt = time.GetUtcNow();
            audit.Add(db, workspace, Actor.Scheduler, new AuditFact("model.disabled", model.Task, Before: model.Number.ToString(CultureInfo.InvariantCulture), Reason: problem!.Code));
        }

        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        if (problem is null) return;
        log.LogWarning("The brought model {Number} for {Task} of {Workspace} failed at scoring ({Faults} in a row): {Code}", model.Number, model.Task, workspace, model.Faults, problem.Code);
        if (!off) return;
        log.LogError("The brought model {Number} for {Task} of {Workspace} is switched off after {Faults} faults.", model.Number, model.Task, workspace, model.Faults);
        if (model.IsLive && await registry.StandInAsync(workspace, model, cancellationToken).ConfigureAwait(false) is { } none) log.LogError("No other version could take its place: {Code}", none.Code);
    }
}
