using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline.Training;

/// <summary>Trainings of their own, without a run of the pipeline: what they would take, starting one, and what they brought about.</summary>
public sealed class Trainings(JobQueue jobs, IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses, WorkspaceDirectory workspaces, PipelineReports reports, TimeProvider time)
{
    private const int FewestOfAKind = 5;
    private const int MostLookedThrough = 50;

    /// <summary>The features are read, cut down to what models may use, and joined.</summary>
    private const int CopiesOfRows = 3;

    /// <summary>How long the trials of one family may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.8);

    /// <summary>What can be asked about, by the published run.</summary>
    /// <returns>A problem before the first run; horizons that the data cannot carry come with what is missing.</returns>
    public async Task<Outcome<ImmutableArray<TrainingOffer>>> OffersAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        if (await reports.LatestPublishedAsync(scope, cancellationToken).ConfigureAwait(false) is not { AsOf: not null } run) return new NothingPublishedYet();
        return ImmutableArray.CreateRange(run.Intent.Select(section => new TrainingOffer(
            section.HorizonDays, section.Report?.Training.Shoppers ?? 0, section.Report?.Training.Buyers ?? 0, section.Report is null ? section.Problem?.ToProblem() : null)));
    }

    /// <summary>Counts the rows of a horizon and times each family on a few of them; takes some seconds.</summary>
    public async Task<Outcome<TrainingMeasure>> MeasureAsync(WorkspaceScope scope, int horizonDays, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.RunPipeline) is { } refusal) return refusal;
        if (await reports.LatestPublishedAsync(scope, cancellationToken).ConfigureAwait(false) is not { AsOf: { } asOf }) return new NothingPublishedYet();
        if (await workspaces.FindAsync(scope.Workspace, cancellationToken).ConfigureAwait(false) is not { } shop) return new AccessRefused(Right.RunPipeline);
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        double planning, reading;
        Features.Horizons.HorizonPlan plan;
        IntentWindow sample;
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var started = time.GetTimestamp();
            var planned = await TrainingWindows.PlanAsync(session, horizonDays, asOf, cancellationToken).ConfigureAwait(false);
            if (!planned.TryGet(out plan!, out var missing)) return missing;
            planning = time.GetElapsedTime(started).TotalSeconds;
            started = time.GetTimestamp();
            sample = OfMoments(await IntentWindows.ReadOneAsync(session, plan.Training[0].Cutoff, plan.Days, shop.TimeZone, cancellationToken).ConfigureAwait(false), plan.Training.Length);
            reading = time.GetElapsedTime(started).TotalSeconds;
        }

        var rows = (int)plan.Training.Sum(window => window.Shoppers);
        var all = rows + plan.Validation!.Shoppers + plan.Test!.Shoppers;
        var columns = sample.X.Columns.Length;
        var (costs, rule) = await QuietThread.RunAsync(() => (IntentFamilies.All.Select(family => Cost(family, sample, rows, (int)plan.Validation.Shoppers, PreparationSettings.Of(shop.SettingsJson), cancellationToken)).ToImmutableArray(), RuleSeconds(sample, rows))).ConfigureAwait(false);

        // The windows are much alike, and closing reads the shoppers once more, to have the new versions score them.
        var windows = planning + (reading * (plan.Training.Length + 2)) + rule;
        return new TrainingMeasure(horizonDays, rows, (int)plan.Training.Sum(window => window.Positives), columns, windows + reading, all * columns * sizeof(float) * CopiesOfRows / (double)(1 << 20), costs, reading);
    }

    /// <summary>Queues a training that keeps to the plan.</summary>
    /// <returns>The job's id.</returns>
    public async Task<Outcome<Guid>> StartAsync(WorkspaceScope scope, TrainingRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(request);
        if (scope.Refusal(Right.RunPipeline) is { } refusal) return refusal;
        if (request.HorizonDays is not (1 or 7 or 30)) return new HorizonUnknown(request.HorizonDays);
        if (request.Plan.Families.IsEmpty) return new NoFamilyChosen();
        if (!request.Plan.Fits) return new BudgetTooSmall();
        return await jobs.EnqueueAsync(scope, TrainingHandler.JobKind, request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The latest trainings, newest first.</summary>
    public async Task<Outcome<ImmutableArray<TrainingSummary>>> ListAsync(WorkspaceScope scope, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var found = await db.Jobs.AsNoTracking().Where(job => job.WorkspaceId == scope.Workspace && job.Kind == TrainingHandler.JobKind).OrderByDescending(job => job.CreatedAt).Take(most).ToListAsync(cancellationToken).ConfigureAwait(false);
        return ImmutableArray.CreateRange(found.Select(job => Summary(JobSnapshot.Of(job, null))));
    }

    /// <summary>The last training of a horizon that ended well; null when there is none.</summary>
    public async Task<Outcome<TrainingSummary?>> NewestAsync(WorkspaceScope scope, int horizonDays, CancellationToken cancellationToken)
    {
        if (!(await ListAsync(scope, MostLookedThrough, cancellationToken).ConfigureAwait(false)).TryGet(out var trainings, out var refusal)) return refusal;
        return trainings.FirstOrDefault(training => training.HorizonDays == horizonDays && training.Report is not null);
    }

    public async Task<Outcome<TrainingSummary>> FindAsync(WorkspaceScope scope, Guid jobId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        return await jobs.FindAsync(scope, jobId, cancellationToken).ConfigureAwait(false) is { Kind: TrainingHandler.JobKind } job ? Summary(job) : new TrainingNotFound();
    }

    private static TrainingSummary Summary(JobSnapshot job) => new(
        job.Id, job.State, PipelineJson.Read<TrainingRequest>(job.InputJson).HorizonDays, job.CreatedAt, job.FinishedAt, job.RequestedBy,
        job.ResultJson is { } result ? PipelineJson.Read<TrainingReport>(result) : null, job.Problem);

    private FamilyCost Cost(IntentFamily family, IntentWindow sample, int rows, int validationRows, Preparation preparation, CancellationToken cancellationToken)
    {
        var (buyers, others) = Shuffled(sample);
        IntentCandidate? last = null;
        var clock = QuietThread.TrialClock(time);
        var (fixedSeconds, perRow) = CostMeter.Measure(Fit, sample.Y.Length, Patience, time, clock);
        return new FamilyCost(family.Key, family.Settings, fixedSeconds, perRow, family.BytesPerCell * sample.X.Columns.Length, JudgingSeconds());

        int Fit(int count)
        {
            var rounds = new Rounds();
            if (IntentTrainer.Fit(family, Question(count), family.Settings, time, rounds, cancellationToken).TryGet(out var candidate, out _)) last = candidate;
            return rounds.Count;
        }

        // It looks at a limited number of rows, so that it hardly takes longer on more than the sample has.
        double JudgingSeconds()
        {
            if (last is null) return 0;
            var question = Question(rows);
            var started = clock.GetTimestamp();
            IntentEvaluator.Evaluate(question, [last], rule: null, cancellationToken);
            return clock.GetElapsedTime(started).TotalSeconds;
        }

        IntentQuestion Question(int count)
        {
            var validation = Some(Math.Max(2 * FewestOfAKind, (int)((long)count * validationRows / rows)), fromEnd: true);
            return new IntentQuestion(1, Some(count, fromEnd: false), validation, validation, Seed: 1, Preparation: preparation, Threads: QuietThread.Workers);
        }

        // Buyers and others in their usual proportion, and some of each whatever it is.
        IntentWindow Some(int count, bool fromEnd)
        {
            var wanted = Math.Clamp((int)((long)count * buyers.Length / sample.Y.Length), Math.Min(FewestOfAKind, buyers.Length), buyers.Length);
            int[] chosen = [.. Part(buyers, wanted), .. Part(others, Math.Max(Math.Min(FewestOfAKind, others.Length), count - wanted))];
            return sample with { X = sample.X.Take(chosen), Y = [.. chosen.Select(row => sample.Y[row])] };
            IEnumerable<int> Part(int[] rows, int most) => fromEnd ? rows.TakeLast(most) : rows.Take(most);
        }
    }

    /// <summary>The rule of thumb is looked for once, in all rows.</summary>
    private double RuleSeconds(IntentWindow sample, int rows)
    {
        var clock = QuietThread.TrialClock(time);
        var started = clock.GetTimestamp();
        IntentEvaluator.Rule(new IntentQuestion(1, sample, sample, sample, Seed: 1));
        return clock.GetElapsedTime(started).TotalSeconds * rows / sample.Y.Length;
    }

    /// <summary>The rows as if they were of several moments, as those of a training are; some families try more settings then.</summary>
    private static IntentWindow OfMoments(IntentWindow sample, int moments) =>
        moments > 1 ? sample with { X = sample.X.WithAges([.. Enumerable.Range(0, sample.Y.Length).Select(row => (float)(row % moments))]) } : sample;

    private static (int[] Buyers, int[] Others) Shuffled(IntentWindow sample)
    {
        var random = new SeededRandom(1);
        var order = Enumerable.Range(0, sample.Y.Length).OrderBy(_ => random.Next()).ToLookup(row => sample.Y[row] > 0.5f);
        return ([.. order[true]], [.. order[false]]);
    }

    private sealed class Rounds : IProgress<IntentProgress>
    {
        public int Count { get; private set; }

        public void Report(IntentProgress value) => Count++;
    }
}
