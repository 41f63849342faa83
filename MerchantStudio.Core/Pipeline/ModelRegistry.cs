using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Brought;
using MerchantStudio.Core.Pipeline.NextItem;
using MerchantStudio.Core.Pipeline.SessionEnd;
using MerchantStudio.Core.Pipeline.Shadow;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline;

/// <summary>A model of the list.</summary>
/// <param name="RunNumber">The run that made it; null when the run is gone.</param>
/// <param name="Facts">Null for a task other than intent.</param>
/// <param name="Figures">Null for a task other than intent.</param>
/// <param name="FileThere">False when its file is gone; it cannot be promoted then.</param>
/// <param name="NextItem">Null for a task other than the next product.</param>
/// <param name="SessionEnd">Null for a task other than how visits end.</param>
/// <param name="ServedBefore">Whether it is the one that served before the one that does now.</param>
/// <param name="Off">Null unless it was switched off because it failed again and again at scoring.</param>
public sealed record ModelSummary(
    Guid Id, string Task, int Number, string Family, bool IsLive, DateTimeOffset CreatedAt, int? RunNumber, int Seed, string DataHash, string FileHash,
    ModelFacts? Facts, ModelFigures? Figures, string MetricsJson, bool FileThere, bool ServedBefore = false, ModelSwitchedOff? Off = null, NextItemCard? NextItem = null, SessionEndCard? SessionEnd = null)
{
    /// <summary>Whether its weights can be written as 8-bit numbers.</summary>
    public bool IsNetwork => ModelExports.IsNetwork(Family);

    /// <summary>Why it has no form as a file for other programs; null where it has one, or where only its file says.</summary>
    public Problem? NoForm => NextItem is { } next ? NextItemExport.Refusal(Task, Number, next.Facts.Parts ?? [Family], next.Facts.Items) : null;

    /// <summary>What its file for other programs reads.</summary>
    public ExportedRows Reads => ModelExports.RowsOf(Task);
}

/// <param name="Why">The last fault.</param>
public sealed record ModelSwitchedOff(DateTimeOffset At, Problem Why)
{
    /// <summary>So often in a row a brought model fails at scoring before it is switched off.</summary>
    public const int Faults = 3;
}

/// <summary>The versions of each model: which one serves, and how to make another one serve.</summary>
public sealed class ModelRegistry
{
    internal const string IntentPrefix = "intent-";
    private const string Promoted = "model.promoted";

    /// <summary>Another version serves; raised once scores and mark are written, and waited for.</summary>
    internal event Func<WorkspaceId, CancellationToken, Task>? Switched;

    private readonly IDbContextFactory<StudioDb> _contexts;
    private readonly ModelStore _store;
    private readonly WarehouseRegistry _warehouses;
    private readonly JobQueue _jobs;
    private readonly TimeProvider _time;
    private readonly ModelScoring _scoring;

    internal ModelRegistry(IDbContextFactory<StudioDb> contexts, ModelStore store, WarehouseRegistry warehouses, JobQueue jobs, TimeProvider time, ModelScoring scoring) =>
        (_contexts, _store, _warehouses, _jobs, _time, _scoring) = (contexts, store, warehouses, jobs, time, scoring);

    /// <param name="version">Of an intent question.</param>
    internal static int HorizonOf(ModelVersion version) => int.Parse(version.Task[IntentPrefix.Length..], CultureInfo.InvariantCulture);

    /// <summary>All versions, newest first within a task.</summary>
    public async Task<Outcome<ImmutableArray<ModelSummary>>> ListAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var runs = await db.PipelineRuns.AsNoTracking().Where(run => run.WorkspaceId == scope.Workspace).ToDictionaryAsync(run => run.Id, run => run.Number, cancellationToken).ConfigureAwait(false);
        var models = await db.Models.AsNoTracking().Where(model => model.WorkspaceId == scope.Workspace).OrderBy(model => model.Task).ThenByDescending(model => model.Number).ToListAsync(cancellationToken).ConfigureAwait(false);
        var promotions = await db.Audit.AsNoTracking().Where(entry => entry.WorkspaceId == scope.Workspace && entry.Action == Promoted).ToListAsync(cancellationToken).ConfigureAwait(false);
        var before = models.GroupBy(model => model.Task).Select(task => ServedBefore([.. task], runs, promotions)).ToHashSet();
        return ImmutableArray.CreateRange(models.Select(model => Summary(model, runs) with { ServedBefore = before.Contains(model.Id) }));
    }

    internal static bool IsIntent(ModelVersion version) => version.Task.StartsWith(IntentPrefix, StringComparison.Ordinal);

    /// <summary>A run puts its own version in service, a promotion the one it names; the last that is not the live one served before it.</summary>
    private static Guid? ServedBefore(IReadOnlyList<ModelVersion> versions, Dictionary<Guid, int> runs, IEnumerable<AuditEntry> promotions)
    {
        if (versions.SingleOrDefault(version => version.IsLive) is not { } live) return null;
        var numbers = versions.Where(version => version.RunId is { } run && runs.ContainsKey(run)).Select(version => (At: version.CreatedAt, Number: version.Number.ToString(CultureInfo.InvariantCulture)))
            .Concat(promotions.Where(entry => entry.Target == live.Task && entry.After is not null).Select(entry => (entry.At, Number: entry.After!)));
        var former = numbers.OrderByDescending(served => served.At).FirstOrDefault(served => served.Number != live.Number.ToString(CultureInfo.InvariantCulture)).Number;
        return versions.FirstOrDefault(version => version.Number.ToString(CultureInfo.InvariantCulture) == former)?.Id;
    }

    /// <summary>Makes a version serve. With an intent model every shopper is scored again, and scores, profiles and the mark change together; a model of the next product or of how visits end answers from the next question on.</summary>
    public async Task<Outcome<ModelSummary>> PromoteAsync(WorkspaceScope scope, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ManageModels) is { } refusal) return refusal;
        if (_jobs.Active(scope.Workspace).Any(job => job.Kind == "pipeline")) return new RunInProgress();
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await db.Models.SingleOrDefaultAsync(model => model.WorkspaceId == scope.Workspace && model.Id == id, cancellationToken).ConfigureAwait(false) is not { } chosen) return new ModelNotFound();
        if (!IsIntent(chosen) && chosen.Task is not (NextItems.Task or SessionEndTrainings.Task)) return new ModelNotPromotable(chosen.Task);
        if (chosen.DisabledAt is not null) return new ModelDisabled(chosen.Task, chosen.Number);
        if (!chosen.IsLive)
        {
            if (await SwitchAsync(db, scope, chosen, cancellationToken).ConfigureAwait(false) is { } problem) return problem;
        }

        return Summary(chosen, await db.PipelineRuns.AsNoTracking().Where(run => run.Id == chosen.RunId).ToDictionaryAsync(run => run.Id, run => run.Number, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Puts a version into the place of one that was switched off: what served before it, or else the newest that can.</summary>
    /// <returns>Null when one did; a run that is at work brings its own.</returns>
    internal async Task<Problem?> StandInAsync(WorkspaceId workspace, ModelVersion off, CancellationToken cancellationToken)
    {
        if (_jobs.Active(workspace).Any(job => job.Kind == "pipeline")) return null;
        var scope = new WorkspaceScope(workspace, Actor.Scheduler);
        if (!(await ListAsync(scope, cancellationToken).ConfigureAwait(false)).TryGet(out var listed, out var refused)) return refused;
        Problem? last = new ModelNotFound();
        foreach (var candidate in listed.Where(model => model.Task == off.Task && model.Id != off.Id && model.FileThere && model.Off is null).OrderByDescending(model => model.ServedBefore).ThenByDescending(model => model.Number))
        {
            last = (await PromoteAsync(scope, candidate.Id, cancellationToken).ConfigureAwait(false)).Problem;
            if (last is null) return null;
        }

        return last;
    }

    private async Task<Problem?> SwitchAsync(StudioDb db, WorkspaceScope scope, ModelVersion chosen, CancellationToken cancellationToken)
    {
        if (!IsIntent(chosen))
        {
            var broken = chosen.Task == NextItems.Task
                ? (await _scoring.LoadAsync(chosen, NextItemModel.Load, cancellationToken).ConfigureAwait(false)).Problem
                : (await _scoring.LoadAsync(chosen, SessionEndModel.Load, cancellationToken).ConfigureAwait(false)).Problem;
            if (broken is not null) return broken;
            await PutInPlaceAsync(db, scope, chosen, () => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
            return null;
        }

        var warehouse = await _warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var (users, x) = await IntentWindows.ReadScoredAsync(warehouse, "user_features", cancellationToken).ConfigureAwait(false);
        if (!(await _scoring.ScoreAsync(chosen, x, cancellationToken).ConfigureAwait(false)).TryGet(out var scores, out var problem)) return problem;
        await PutInPlaceAsync(db, scope, chosen, () => ReplaceScoresAsync(warehouse, chosen, users, scores, cancellationToken), cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Loading and scoring take a while, in which another version may have been put in place: the one that makes room is the one that serves now.</summary>
    private async Task PutInPlaceAsync(StudioDb db, WorkspaceScope scope, ModelVersion chosen, Func<Task> replaceScores, CancellationToken cancellationToken)
    {
        var transaction = await db.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        await db.TakeTurnAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var former = await TakeDownAsync(db, scope.Workspace, chosen.Task, cancellationToken).ConfigureAwait(false);
        chosen.IsLive = true;
        db.Audit.Add(new AuditEntry { WorkspaceId = scope.Workspace, At = _time.GetUtcNow(), Actor = scope.Actor.Name, Action = Promoted, Target = chosen.Task, Before = former?.ToString(CultureInfo.InvariantCulture), After = chosen.Number.ToString(CultureInfo.InvariantCulture) });
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await replaceScores().ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        if (Switched is { } told) await told(scope.Workspace, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes room for another version of a task, in the caller's transaction: whatever serves when that begins, not what was read before.</summary>
    /// <returns>Its number; null where none served.</returns>
    internal static async Task<int?> TakeDownAsync(StudioDb db, WorkspaceId workspace, string task, CancellationToken cancellationToken)
    {
        var serving = db.Models.Where(model => model.WorkspaceId == workspace && model.Task == task && model.IsLive);
        var number = await serving.MaxAsync(model => (int?)model.Number, cancellationToken).ConfigureAwait(false);
        await serving.ExecuteUpdateAsync(model => model.SetProperty(version => version.IsLive, false), cancellationToken).ConfigureAwait(false);
        return number;
    }

    private static async Task ReplaceScoresAsync(WorkspaceWarehouse warehouse, ModelVersion version, ImmutableArray<string> users, ImmutableArray<IntentScore> scores, CancellationToken cancellationToken)
    {
        var horizonDays = HorizonOf(version);
        var scoredAt = await VersionScores.LastAsync(warehouse, horizonDays, cancellationToken).ConfigureAwait(false);
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        await session.ExecuteAsync("delete from intent_scores where horizon_days = $1", [horizonDays], cancellationToken).ConfigureAwait(false);
        IntentScoreTable.Append(session, "intent_scores", horizonDays, users, scores);
        var column = Sql.Identifier(FormattableString.Invariant($"intent_{horizonDays}"));
        await session.ExecuteAsync(
            $"update shopper_profile set {column} = (select probability from intent_scores s where s.user_id = shopper_profile.user_id and s.horizon_days = $1)",
            [horizonDays], cancellationToken).ConfigureAwait(false);
        if (scoredAt is { } asOf) await VersionScores.PutAsync(session, VersionScores.Table, version.FileHash, horizonDays, asOf, users, [.. scores.Select(score => (float)score.Probability)], cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private ModelSummary Summary(ModelVersion model, Dictionary<Guid, int> runs)
    {
        var isIntent = IsIntent(model);
        return new ModelSummary(
            model.Id, model.Task, model.Number, model.Family, model.IsLive, model.CreatedAt, model.RunId is { } run && runs.TryGetValue(run, out var number) ? number : null, model.Seed, model.DataHash, model.FileHash,
            isIntent ? PipelineJson.Read<ModelFacts>(model.ParametersJson) : null, isIntent ? PipelineJson.Read<ModelFigures>(model.MetricsJson) : null, model.MetricsJson, _store.Holds(model.FileHash),
            Off: model is { DisabledAt: { } off, FaultJson: { } fault } ? new ModelSwitchedOff(off, PipelineJson.Read<SavedProblem>(fault).ToProblem()) : null,
            NextItem: model.Task == NextItems.Task ? new NextItemCard(PipelineJson.Read<NextItemFacts>(model.ParametersJson), PipelineJson.Read<NextItemMetrics>(model.MetricsJson)) : null,
            SessionEnd: model.Task == SessionEndTrainings.Task ? new SessionEndCard(PipelineJson.Read<SessionEndFacts>(model.ParametersJson), PipelineJson.Read<SessionEndMetrics>(model.MetricsJson)) : null);
    }
}
