using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline;

/// <summary>Runs and models as rows of the application's database.</summary>
internal sealed class RunRecords(IDbContextFactory<StudioDb> contexts, TimeProvider time)
{
    public static string IntentTask(int horizonDays) => FormattableString.Invariant($"intent-{horizonDays}");

    public async Task<Workspace> ShopAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return await db.Workspaces.AsNoTracking().SingleAsync(shop => shop.Id == workspace, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>SHA-256 over the files that the data came from, the shop's settings and its exchange rates: two runs with the same hash saw the same rows.</summary>
    /// <param name="rates">What <see cref="ExchangeRates.FingerprintAsync"/> says.</param>
    public async Task<string> DataHashAsync(Workspace shop, string rates, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var imports = await db.Imports.AsNoTracking().Where(import => import.WorkspaceId == shop.Id && import.State == ImportState.Complete)
            .OrderBy(import => import.Number).Select(import => new { import.Number, import.Kind, import.FileSha256, import.Accepted, import.MappingJson }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var text = new StringBuilder($"{shop.TimeZone}|{shop.Currency}|{shop.PaidStates}|{shop.SessionGapMinutes}|{shop.SettingsJson}|{rates}\n");
        foreach (var import in imports) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{import.Number}|{import.Kind}|{import.FileSha256}|{import.Accepted}|{import.MappingJson}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Begins a run, or finds the one that this job began before it was cut off.</summary>
    public async Task<PipelineRun> BeginAsync(WorkspaceScope scope, Guid jobId, PipelineJobInput input, string dataHash, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var begun = await db.PipelineRuns.SingleOrDefaultAsync(run => run.JobId == jobId, cancellationToken).ConfigureAwait(false);
        if (begun is null)
        {
            var last = await db.PipelineRuns.Where(run => run.WorkspaceId == scope.Workspace).MaxAsync(run => (int?)run.Number, cancellationToken).ConfigureAwait(false) ?? 0;
            begun = new PipelineRun
            {
                Id = Guid.CreateVersion7(time.GetUtcNow()),
                Number = last + 1,
                WorkspaceId = scope.Workspace,
                JobId = jobId,
                StartedAt = time.GetUtcNow(),
                Seed = input.Seed,
                SettingsJson = PipelineJson.Write(input),
                RequestedBy = scope.Actor.Name,
            };
            db.PipelineRuns.Add(begun);
        }

        begun.State = JobState.Running;
        begun.DataHash = dataHash;
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return begun;
    }

    public Task SaveStagesAsync(PipelineState state, CancellationToken cancellationToken) => ChangeAsync(state.RunId, run => Describe(run, state), cancellationToken);

    public Task EndAsync(PipelineState state, Problem? problem, CancellationToken cancellationToken) => ChangeAsync(state.RunId, run =>
    {
        Describe(run, state);
        run.State = problem is null ? JobState.Succeeded : JobState.Failed;
        run.FinishedAt = time.GetUtcNow();
        if (problem is not null) KeepProblem(run, problem);
    }, cancellationToken);

    /// <summary>Closes the run of a job that was cancelled, failed by a fault, or cannot go on.</summary>
    /// <returns>Whether there was one to close.</returns>
    public async Task<bool> CloseAsync(Guid jobId, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var run = await db.PipelineRuns.SingleOrDefaultAsync(run => run.JobId == jobId, cancellationToken).ConfigureAwait(false);
        if (run is null || run.State != JobState.Running) return false;
        var cancelled = await db.Jobs.AnyAsync(job => job.Id == jobId && job.CancelRequested, cancellationToken).ConfigureAwait(false);
        run.State = cancelled ? JobState.Cancelled : JobState.Failed;
        run.FinishedAt = time.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Seconds of each stage in the last published run, to tell how long this one will take.</summary>
    public async Task<IReadOnlyDictionary<string, double>> LastSecondsAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var stages = await db.PipelineRuns.AsNoTracking().Where(run => run.WorkspaceId == workspace && run.PublishedAt != null)
            .OrderByDescending(run => run.Number).Select(run => run.StagesJson).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return stages is null ? new Dictionary<string, double>() : PipelineJson.Read<StageRecord[]>(stages).ToDictionary(stage => stage.Key, stage => stage.Seconds);
    }

    /// <summary>Marks the run as published and its models as live, in one transaction; again without effect.</summary>
    public async Task PublishAsync(PipelineState state, WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var transaction = await db.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        await db.TakeTurnAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var run = await db.PipelineRuns.SingleAsync(run => run.Id == state.RunId, cancellationToken).ConfigureAwait(false);
        if (run.PublishedAt is not null) return;
        var now = time.GetUtcNow();
        foreach (var trained in state.Trained)
        {
            var report = state.Report.IntentOf(trained.Days)!;
            await PutInPlaceAsync(VersionDraft.OfIntent(
                trained.Days, trained.Best.Training.Family, trained.Best.FileHash, state.Report.DataHash, state.Report.Seed,
                ModelFacts.Of(report, trained.Best.Training, Recipe(state, trained)), ModelFigures.Of(report, trained.Best.Notes))).ConfigureAwait(false);
        }

        if (state.Report.Sentiment?.Report is { } sentiment) await PutInPlaceAsync(VersionDraft.OfSentiment(sentiment.Model, sentiment.Metrics)).ConfigureAwait(false);

        Describe(run, state);
        run.PublishedAt = now;
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);

        async Task PutInPlaceAsync(VersionDraft draft)
        {
            await ModelRegistry.TakeDownAsync(db, scope.Workspace, draft.Task, cancellationToken).ConfigureAwait(false);
            await draft.AddAsync(db, scope.Workspace, state.RunId, now, live: true, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Puts what a training brought about into the registry, none of it live; again without effect.</summary>
    /// <param name="jobId">The training's job, which made them.</param>
    /// <returns>The versions in the order of the drafts.</returns>
    public async Task<ImmutableArray<ModelVersion>> RegisterAsync(WorkspaceScope scope, Guid jobId, ImmutableArray<VersionDraft> drafts, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var made = await db.Models.Where(model => model.WorkspaceId == scope.Workspace && model.RunId == jobId).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (made.Count == 0)
        {
            foreach (var draft in drafts) made.Add(await draft.AddAsync(db, scope.Workspace, jobId, time.GetUtcNow(), live: false, cancellationToken).ConfigureAwait(false));
            await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }

        return [.. drafts.Select(draft => made.First(version => version.FileHash == draft.FileHash))];
    }

    private static ModelRecipe Recipe(PipelineState state, TrainedHorizon trained)
    {
        var rows = state.Report.IntentOf(trained.Days)!.Training.Shoppers;
        return new ModelRecipe(state.Plans.Single(plan => plan.Days == trained.Days), trained.RowsHash, rows, rows, IntentFamilies.Find(trained.Best.Training.Family)?.Settings ?? 1, trained.Best.Stopped, Learning.BinaryModels.Kernels);
    }

    private async Task ChangeAsync(Guid runId, Action<PipelineRun> change, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var run = await db.PipelineRuns.SingleAsync(run => run.Id == runId, cancellationToken).ConfigureAwait(false);
        change(run);
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void Describe(PipelineRun run, PipelineState state)
    {
        run.AsOf = state.AsOf;
        run.StagesJson = PipelineJson.Write(state.Stages);
        run.ReportJson = PipelineJson.Write(state.Report);
    }

    private static void KeepProblem(PipelineRun run, Problem problem)
    {
        run.ProblemCode = problem.Code;
        run.ProblemMessage = JsonSerializer.Serialize(SavedProblem.Of(problem), PipelineJson.Options);
    }
}
