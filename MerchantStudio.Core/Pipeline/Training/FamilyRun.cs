using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Pipeline.Training;

/// <summary>A family that was fitted and lies in the model store.</summary>
/// <param name="Seconds">From the first row to the file.</param>
/// <param name="Stopped">Ended by the clock or by hand before it was done.</param>
/// <param name="Rounds">Of its learning curve: the epochs of a network, those behind its best one included.</param>
/// <param name="AboutJson">What is known of it beside its file.</param>
internal sealed record KeptFamily(string Family, int Rows, string FileHash, double Seconds, bool Stopped, int Rounds = 0, int Settings = 1, string? AboutJson = null);

/// <summary>What a training must know to go on after a restart; saved after each family.</summary>
/// <param name="RowsHash">Of what it learns from; where that is another now, it begins anew.</param>
/// <param name="SpentSeconds">By earlier starts.</param>
internal sealed record FamilyState(string RowsHash, double SpentSeconds, ImmutableArray<KeptFamily> Fitted, ImmutableArray<string> Skipped);

/// <summary>How a family is to be fitted.</summary>
/// <param name="Rows">Which of the training rows it gets, ascending.</param>
/// <param name="Settings">How many of its settings to try.</param>
/// <param name="StopHere">True when the best so far is wanted.</param>
internal sealed record FamilyWork(string Family, int[] Rows, int Settings, Func<bool> StopHere, IProgress<LearningStep>? Progress);

/// <param name="Save">Writes the model to its file.</param>
/// <param name="AboutJson">What must be known of it beside that.</param>
internal sealed record FittedModel(Action<Stream> Save, string? AboutJson = null);

/// <summary>
/// Fits the planned families one after the other while time is left, and keeps back what it takes to judge them and to look at what rows left out gave up. After a
/// restart it goes on behind the last finished one.
/// </summary>
/// <param name="started">When this start began.</param>
internal sealed class FamilyRun(IJobContext job, TrainingPlan plan, int seed, TrainingProgress progress, ModelStore models, TimeProvider time, long started)
{
    /// <summary>So many times its budget a training may take at most for a look at what rows gave up; then that is not begun, or broken off.</summary>
    private const double Grace = 1.05;

    /// <summary>A single wrong estimate does not make the machine slower than this.</summary>
    private const double SlowestPace = 3;

    /// <summary>So many seconds count as if they had gone to plan: what takes less than that says little.</summary>
    private const double Doubt = 1;

    private readonly double _reading = time.GetElapsedTime(started).TotalSeconds;
    private double _spentBefore;

    /// <summary>Seconds of all starts.</summary>
    public double Spent => _spentBefore + time.GetElapsedTime(started).TotalSeconds;

    /// <param name="rows">Training rows that there are.</param>
    /// <param name="knows">Whether this version has the family of that key.</param>
    /// <param name="fit">Runs on a quiet thread.</param>
    public async Task<Outcome<FamilyState>> RunAsync(string rowsHash, int rows, Func<string, bool> knows, Func<FamilyWork, Outcome<FittedModel>> fit, CancellationToken cancellationToken)
    {
        var state = job.CheckpointJson is { } json && PipelineJson.Read<FamilyState>(json) is { } saved && saved.RowsHash == rowsHash ? saved : new FamilyState(rowsHash, 0, [], []);
        _spentBefore = state.SpentSeconds;
        foreach (var planned in plan.Families.Where(family => !family.IsLeftOut && knows(family.Family)))
        {
            if (state.Fitted.Any(done => done.Family == planned.Family) || state.Skipped.Contains(planned.Family)) continue;
            progress.Begin(planned.Family);
            var (pace, keptBack) = (Pace(state.Fitted), KeptBack(state.Fitted, rows));
            var outOfTime = IsOver(keptBack);
            if (outOfTime) state = state with { Skipped = state.Skipped.Add(planned.Family) };
            else if ((await FitAsync(planned, rows, keptBack + (pace * planned.JudgingSeconds), fit, cancellationToken).ConfigureAwait(false)).TryGet(out var fitted, out var problem)) state = state with { Fitted = state.Fitted.Add(fitted) };
            else return problem;
            progress.End(skipped: outOfTime);
            await job.SaveCheckpointAsync(PipelineJson.Write(state with { SpentSeconds = Spent }), cancellationToken).ConfigureAwait(false);
        }

        return state.Fitted.IsEmpty ? new NoTimeLeft() : state;
    }

    /// <summary>Whether so many planned seconds are left beside what it takes to judge the families, to look back at them and to close.</summary>
    public bool HasTimeBeside(ImmutableArray<KeptFamily> fitted, int rows, double seconds) => !IsOver(KeptBack(fitted, rows) + (Pace(fitted) * seconds));

    /// <summary>
    /// What the rows that a plan left out might have brought, told by learning from a quarter of the others. Nothing of it is kept. A family that was stopped gets a
    /// quarter of its time as well, so that both learnt equally long from each row.
    /// </summary>
    /// <param name="whole">What the family reached on the validation rows; higher is better.</param>
    /// <param name="score">The same for what it is told to learn from; null where that cannot be learnt from.</param>
    /// <returns>Null where it saw all rows, or there is no time or nothing to tell.</returns>
    public async Task<RowsGivenUp?> LookBackAsync(KeptFamily fitted, int rows, double whole, Func<FamilyWork, double?> score)
    {
        if (fitted.Rows >= rows || job.FinishEarly || !HasTimeFor(LookBackSeconds(fitted.Family, fitted.Rows, rows, fitted.Seconds), Grace)) return null;
        var began = time.GetTimestamp();
        var brokenOff = false;
        var chosen = new SeededRandom((ulong)seed).Sample(rows, Math.Max(1, (int)(RowsGivenUp.Share * fitted.Rows)));
        var work = new FamilyWork(fitted.Family, chosen, fitted.Settings, StopHere, Progress: null);
        return await QuietThread.RunAsync(() => score(work)).ConfigureAwait(false) is { } quarter && !brokenOff && !job.FinishEarly ? new RowsGivenUp(fitted.Rows, rows, quarter, whole) : null;

        bool StopHere() => (brokenOff |= job.FinishEarly || !HasTimeFor(0, Grace)) || (fitted.Stopped && time.GetElapsedTime(began).TotalSeconds >= RowsGivenUp.Share * fitted.Seconds);
    }

    /// <summary>Whether so many seconds more still leave the time to close.</summary>
    /// <param name="share">Of the budget.</param>
    public bool HasTimeFor(double seconds, double share) => Spent + seconds + plan.ClosingSeconds <= plan.Budget.Seconds * share;

    private PlannedFamily Planned(string family) => plan.Families.First(planned => planned.Family == family);

    /// <summary>How much longer things take than planned, told from reading and from the families that came to their end; 1 or more.</summary>
    private double Pace(ImmutableArray<KeptFamily> fitted)
    {
        var ended = fitted.Where(one => !one.Stopped).ToList();
        var planned = plan.OtherSeconds - plan.ClosingSeconds + ended.Sum(one => Planned(one.Family).FittingSeconds);
        return Math.Clamp((Doubt + _reading + ended.Sum(one => one.Seconds)) / (Doubt + planned), 1, SlowestPace);
    }

    /// <summary>What it takes to judge these, to look back at them and to close.</summary>
    private double KeptBack(ImmutableArray<KeptFamily> fitted, int rows)
    {
        var planned = plan.ClosingSeconds + fitted.Sum(one => Planned(one.Family).JudgingSeconds);
        return (Pace(fitted) * planned) + fitted.Sum(one => LookBackSeconds(one.Family, one.Rows, rows, one.Seconds));
    }

    private bool IsOver(double keptBack) => job.FinishEarly || Spent + keptBack >= plan.Budget.Seconds * TrainingPlanner.FittingShare;

    /// <summary>For looking back at a family that took so long; what does not depend on the rows weighs as much as planned.</summary>
    private double LookBackSeconds(string family, int fittedOn, int rows, double seconds) => fittedOn >= rows ? 0 : seconds * Planned(family).LookBackShare;

    private async Task<Outcome<KeptFamily>> FitAsync(PlannedFamily planned, int rows, double keptBack, Func<FamilyWork, Outcome<FittedModel>> fit, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var stopped = false;
        var chosen = new SeededRandom((ulong)seed).Sample(rows, Math.Min(planned.Rows, rows));
        var curve = new Curve(progress, planned.Family);
        var work = new FamilyWork(planned.Family, chosen, planned.Settings, () => stopped |= IsOver(keptBack + LookBackSeconds(planned.Family, chosen.Length, rows, Taken())), curve);
        if (!(await QuietThread.RunAsync(() => fit(work)).ConfigureAwait(false)).TryGet(out var made, out var problem)) return problem;
        var hash = await models.SaveAsync(made.Save, cancellationToken).ConfigureAwait(false);
        return new KeptFamily(planned.Family, chosen.Length, hash, Taken(), stopped, curve.Rounds, planned.Settings, made.AboutJson);

        double Taken() => time.GetElapsedTime(began).TotalSeconds;
    }

    private sealed class Curve(IProgress<IntentProgress> next, string family) : IProgress<LearningStep>
    {
        public int Rounds { get; private set; }

        public void Report(LearningStep value)
        {
            Rounds = value.Round;
            next.Report(new IntentProgress(0, family, value));
        }
    }
}
