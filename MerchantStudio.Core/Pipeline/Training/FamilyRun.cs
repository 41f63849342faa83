using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Pipeline.Training;

/// <summary>A family that was fitted and lies in the model store.</summary>
/// <param name="Stopped">Ended by the clock or by hand before it was done.</param>
/// <param name="Rounds">Of its learning curve: the epochs of a network, those behind its best one included.</param>
internal sealed record KeptFamily(string Family, int Rows, string FileHash, double Seconds, bool Stopped, int Rounds = 0);

/// <summary>What a training must know to go on after a restart; saved after each family.</summary>
/// <param name="RowsHash">Of what it learns from; where that is another now, it begins anew.</param>
internal sealed record FamilyState(string RowsHash, double SpentSeconds, ImmutableArray<KeptFamily> Fitted, ImmutableArray<string> Skipped);

/// <summary>How a family is to be fitted.</summary>
/// <param name="Rows">Which of the training rows it gets, ascending.</param>
/// <param name="StopHere">True when the best so far is wanted.</param>
internal sealed record FamilyWork(string Family, int[] Rows, Func<bool> StopHere, IProgress<LearningStep>? Progress);

/// <summary>Fits the planned families one after the other while time is left. After a restart it goes on behind the last finished one.</summary>
/// <param name="started">When this start began.</param>
internal sealed class FamilyRun(IJobContext job, TrainingPlan plan, int seed, TrainingProgress progress, ModelStore models, TimeProvider time, long started)
{
    private double _spentBefore;

    /// <summary>Seconds of all starts.</summary>
    public double Spent => _spentBefore + time.GetElapsedTime(started).TotalSeconds;

    private bool IsOver => job.FinishEarly || Spent >= plan.Budget.Seconds * TrainingPlanner.SafeShare;

    /// <param name="rows">Training rows that there are.</param>
    /// <param name="knows">Whether this version has the family of that key.</param>
    /// <param name="fit">Runs on a quiet thread; gives what writes the model to its file.</param>
    public async Task<Outcome<FamilyState>> RunAsync(string rowsHash, int rows, Func<string, bool> knows, Func<FamilyWork, Outcome<Action<Stream>>> fit, CancellationToken cancellationToken)
    {
        var state = job.CheckpointJson is { } json && PipelineJson.Read<FamilyState>(json) is { } saved && saved.RowsHash == rowsHash ? saved : new FamilyState(rowsHash, 0, [], []);
        _spentBefore = state.SpentSeconds;
        foreach (var planned in plan.Families.Where(family => !family.IsLeftOut && knows(family.Family)))
        {
            if (state.Fitted.Any(done => done.Family == planned.Family) || state.Skipped.Contains(planned.Family)) continue;
            progress.Begin(planned.Family);
            var outOfTime = IsOver;
            if (outOfTime) state = state with { Skipped = state.Skipped.Add(planned.Family) };
            else if ((await FitAsync(planned, rows, fit, cancellationToken).ConfigureAwait(false)).TryGet(out var fitted, out var problem)) state = state with { Fitted = state.Fitted.Add(fitted) };
            else return problem;
            progress.End(skipped: outOfTime);
            await job.SaveCheckpointAsync(PipelineJson.Write(state with { SpentSeconds = Spent }), cancellationToken).ConfigureAwait(false);
        }

        return state.Fitted.IsEmpty ? new NoTimeLeft() : state;
    }

    /// <summary>What the rows that a plan left out might have brought, where the budget has time left for learning from a quarter of the others. Nothing of it is kept.</summary>
    /// <param name="whole">What the family reached on the validation rows; higher is better.</param>
    /// <param name="score">The same for what it is told to learn from; null where that cannot be learnt from.</param>
    /// <returns>Null where it saw all rows, or there is no time or nothing to tell.</returns>
    public async Task<RowsGivenUp?> LookBackAsync(KeptFamily fitted, int rows, double whole, Func<FamilyWork, double?> score)
    {
        if (fitted.Rows >= rows || job.FinishEarly || Spent + (RowsGivenUp.Share * fitted.Seconds) > plan.Budget.Seconds) return null;
        var chosen = new SeededRandom((ulong)seed).Sample(rows, Math.Max(1, (int)(RowsGivenUp.Share * fitted.Rows)));
        var work = new FamilyWork(fitted.Family, chosen, () => job.FinishEarly, Progress: null);
        return await QuietThread.RunAsync(() => score(work)).ConfigureAwait(false) is { } quarter && !job.FinishEarly ? new RowsGivenUp(fitted.Rows, rows, quarter, whole) : null;
    }

    private async Task<Outcome<KeptFamily>> FitAsync(PlannedFamily planned, int rows, Func<FamilyWork, Outcome<Action<Stream>>> fit, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var stopped = false;
        var chosen = new SeededRandom((ulong)seed).Sample(rows, Math.Min(planned.Rows, rows));
        var curve = new Curve(progress, planned.Family);
        var work = new FamilyWork(planned.Family, chosen, () => stopped |= IsOver, curve);
        if (!(await QuietThread.RunAsync(() => fit(work)).ConfigureAwait(false)).TryGet(out var save, out var problem)) return problem;
        var hash = await models.SaveAsync(save, cancellationToken).ConfigureAwait(false);
        return new KeptFamily(planned.Family, chosen.Length, hash, time.GetElapsedTime(began).TotalSeconds, stopped, curve.Rounds);
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
