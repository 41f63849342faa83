using System.Security.Cryptography;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Debate;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline.Training;

/// <summary>How training a version once more ended.</summary>
public enum RepeatEnding
{
    /// <summary>The same file, bit for bit.</summary>
    Same,

    /// <summary>The rows of its windows are no longer what they were, so nothing was trained.</summary>
    DataChanged,

    /// <summary>The same rows gave another file.</summary>
    Differs,

    /// <summary>It was stopped by the clock or by hand, and a whole training ended elsewhere.</summary>
    WasStopped,

    /// <summary>It was trained with the arithmetic of another processor, which rounds otherwise.</summary>
    OtherProcessor,
}

/// <param name="RowsHash">Of the rows as they are now.</param>
/// <param name="FileHash">Of the model that came out; null when none was trained.</param>
public sealed record ModelRepeat(int Number, RepeatEnding Ending, string RowsHash, string? FileHash, double Seconds);

/// <summary>Trains a version again from its recorded windows, settings and seed, and says whether the bits agree. Keeps nothing.</summary>
public sealed class ModelRepeats(IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses, WorkspaceDirectory workspaces, JobQueue jobs, ShopperLabels labels, TimeProvider time)
{
    public async Task<Outcome<ModelRepeat>> RepeatAsync(WorkspaceScope scope, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.RunPipeline) is { } refusal) return refusal;
        if (jobs.Active(scope.Workspace).Any(job => job.Kind is "pipeline" or TrainingHandler.JobKind)) return new RunInProgress();
        if (await workspaces.FindAsync(scope.Workspace, cancellationToken).ConfigureAwait(false) is not { } shop) return new AccessRefused(Right.RunPipeline);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await db.Models.AsNoTracking().SingleOrDefaultAsync(model => model.WorkspaceId == scope.Workspace && model.Id == id, cancellationToken).ConfigureAwait(false) is not { } version) return new ModelNotFound();
        if (!ModelRegistry.IsIntent(version) || PipelineJson.Read<ModelFacts>(version.ParametersJson) is not { Recipe: { } recipe } facts || IntentFamilies.Find(version.Family) is not { } family) return new ModelNotRepeatable(version.Task, version.Number);
        var started = time.GetTimestamp();
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        IntentQuestion question;
        LabelRows? labelled;
        var given = await labels.FindAsync(scope, recipe.Labels ?? [], cancellationToken).ConfigureAwait(false);
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            question = await TrainingWindows.ReadAsync(session, recipe.Windows, shop.TimeZone, version.Seed, _ => { }, cancellationToken).ConfigureAwait(false);
            labelled = await LabelRows.ReadAsync(session, given, shop.TimeZone, IntentWindows.PublishedEvents, cancellationToken).ConfigureAwait(false);
        }

        var rowsHash = TrainingWindows.HashOf(LabelRows.Join(question, labelled));
        if (rowsHash != recipe.RowsHash) return new ModelRepeat(version.Number, RepeatEnding.DataChanged, rowsHash, null, time.GetElapsedTime(started).TotalSeconds);
        var thinned = TrainingWindows.Thinned(question, recipe.Rows) with { Threads = QuietThread.Workers, Preparation = facts.Preparation };
        var learnt = await QuietThread.RunAsync(() => IntentTrainer.Fit(family, LabelRows.Join(thinned, labelled), recipe.Settings, time, null, cancellationToken)).ConfigureAwait(false);
        if (!learnt.TryGet(out var candidate, out var problem)) return problem;
        using var file = new MemoryStream();
        candidate.Model.Save(file);
        var hash = Convert.ToHexStringLower(SHA256.HashData(file.GetBuffer().AsSpan(0, (int)file.Length)));
        return new ModelRepeat(version.Number, Ending(version, recipe, hash), rowsHash, hash, time.GetElapsedTime(started).TotalSeconds);
    }

    private static RepeatEnding Ending(ModelVersion version, ModelRecipe recipe, string hash) =>
        hash == version.FileHash ? RepeatEnding.Same
        : recipe.Stopped ? RepeatEnding.WasStopped
        : recipe.Kernels != BinaryModels.Kernels ? RepeatEnding.OtherProcessor
        : RepeatEnding.Differs;
}

public sealed record ModelNotRepeatable(string Task, int Number)
    : Problem("models.not-repeatable", "How model {1} for {0} was trained is not recorded, so it cannot be trained once more. Models trained from now on can.", Task, Number);
