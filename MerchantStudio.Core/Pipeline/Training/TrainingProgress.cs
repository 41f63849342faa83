using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;

namespace MerchantStudio.Core.Pipeline.Training;

/// <summary>Stages, curves and time left of a training, passed to its job.</summary>
internal sealed class TrainingProgress : IProgress<IntentProgress>
{
    public const string Windows = "windows";
    public const string Measure = "measure";
    private const int MostCurvePoints = 120;

    private readonly IJobContext _job;
    private readonly TimeProvider _time;
    private readonly int _horizon;
    private readonly Dictionary<string, double> _expected;
    private readonly List<(string Family, List<LearningStep> Steps)> _curves = [];
    private StageProgress[] _stages;
    private int _current;
    private long _startedAt;

    public TrainingProgress(IJobContext job, TimeProvider time, TrainingRequest request)
    {
        (_job, _time, _horizon) = (job, time, request.HorizonDays);
        var families = request.Plan.Families.Where(family => !family.IsLeftOut).ToList();
        _stages = [.. families.Select(family => family.Family).Prepend(Windows).Append(Measure).Select(key => new StageProgress(key, StageState.Waiting, 0, null, 0))];
        _expected = families.ToDictionary(family => family.Family, family => family.FittingSeconds);
        _expected[Windows] = request.Plan.OtherSeconds - request.Plan.ClosingSeconds;
        _expected[Measure] = request.Plan.ClosingSeconds + families.Sum(family => family.JudgingSeconds + family.LookBackSeconds);
    }

    public void Begin(string key)
    {
        _current = Array.FindIndex(_stages, stage => stage.Key == key);
        _startedAt = _time.GetTimestamp();
        Set(StageState.Running, 0, null);
    }

    public void Rows(long rows, long? total) => Set(StageState.Running, rows, total);

    public void End(bool skipped = false) => Set(skipped ? StageState.Skipped : StageState.Done, _stages[_current].Rows, null);

    /// <summary>A round of the family being fitted.</summary>
    public void Report(IntentProgress value)
    {
        if (_curves.Count == 0 || _curves[^1].Family != value.Family) _curves.Add((value.Family, []));
        var steps = _curves[^1].Steps;
        if (value.Step.Round == 1) steps.Clear();
        steps.Add(value.Step);
        if (steps.Count > MostCurvePoints) steps.RemoveAll(step => step.Round % 2 == 0 && step != steps[^1]);
        Rows(value.Step.Round, value.Step.Rounds);
    }

    private void Set(StageState state, long rows, long? total)
    {
        _stages = [.. _stages];
        _stages[_current] = _stages[_current] with { State = state, Rows = rows, Total = total, Seconds = _time.GetElapsedTime(_startedAt).TotalSeconds };
        double all = 0, done = 0;
        foreach (var stage in _stages)
        {
            var expected = Math.Max(0.1, _expected.GetValueOrDefault(stage.Key));
            all += expected;
            done += stage.State switch { StageState.Done or StageState.Skipped => expected, StageState.Running => Math.Min(stage.Seconds, expected), _ => 0 };
        }

        var detail = new TrainingDetail(_horizon, [.. _curves.Select(curve => new FamilyCurve(curve.Family, [.. curve.Steps]))]);
        _job.Report(new JobProgress([.. _stages], done / all, Math.Max(0, all - done), JsonSerializer.SerializeToNode(detail, PipelineJson.Options)));
    }
}
