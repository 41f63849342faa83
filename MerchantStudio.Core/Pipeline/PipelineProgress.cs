using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;

namespace MerchantStudio.Core.Pipeline;

/// <summary>What the run page draws while a run is at work; the Detail of its progress.</summary>
/// <param name="Curve">Log-loss by round of the setting being fitted.</param>
public sealed record PipelineDetail(int Number, int? HorizonDays, string? Family, ImmutableArray<LearningStep> Curve, ImmutableArray<PipelineNote> Notes);

/// <summary>Keeps the stages' progress together and passes it to the job.</summary>
internal sealed class PipelineProgress : IProgress<IntentProgress>
{
    private const int MostCurvePoints = 200;
    private readonly IJobContext _job;
    private readonly TimeProvider _time;
    private readonly IReadOnlyDictionary<string, double> _expected;
    private readonly List<LearningStep> _curve = [];
    private StageProgress[] _stages;
    private PipelineDetail _detail;
    private int _current = -1;
    private long _startedAt;

    /// <param name="keys">Stages in order.</param>
    /// <param name="expected">Seconds that each stage took in the last published run; empty before the first.</param>
    public PipelineProgress(IJobContext job, TimeProvider time, int number, IEnumerable<string> keys, IReadOnlyDictionary<string, double> expected)
    {
        _job = job;
        _time = time;
        _expected = expected;
        _stages = [.. keys.Select(key => new StageProgress(key, StageState.Waiting, 0, null, 0))];
        _detail = new PipelineDetail(number, null, null, [], []);
    }

    public void Finished(StageRecord record) => Set(Index(record.Key), new StageProgress(record.Key, record.State, record.Rows, null, record.Seconds));

    public void Begin(string key)
    {
        _current = Index(key);
        _startedAt = _time.GetTimestamp();
        Set(_current, _stages[_current] with { State = StageState.Running });
    }

    /// <summary>Rows (or rounds) so far in the running stage.</summary>
    public void Rows(long rows, long? total) => Set(_current, _stages[_current] with { Rows = rows, Total = total, Seconds = Elapsed() });

    public void Notes(ImmutableArray<PipelineNote> notes)
    {
        _detail = _detail with { Notes = notes };
        Send();
    }

    public void Report(IntentProgress value)
    {
        if (value.Step.Round == 1) _curve.Clear();
        _curve.Add(value.Step);
        if (_curve.Count > MostCurvePoints) _curve.RemoveAll(step => step.Round % 2 == 0 && step != _curve[^1]);
        _detail = _detail with { HorizonDays = value.HorizonDays, Family = value.Family, Curve = [.. _curve] };
        Rows(value.Step.Round, value.Step.Rounds);
    }

    private int Index(string key) => Array.FindIndex(_stages, stage => stage.Key == key);

    private double Elapsed() => _time.GetElapsedTime(_startedAt).TotalSeconds;

    private void Set(int index, StageProgress stage)
    {
        _stages = [.. _stages];
        _stages[index] = stage;
        Send();
    }

    private void Send()
    {
        double total = 0, done = 0;
        foreach (var stage in _stages)
        {
            var expected = Expected(stage);
            total += expected;
            done += stage.State switch { StageState.Done or StageState.Skipped => expected, StageState.Running => Math.Min(stage.Seconds, expected), _ => 0 };
        }

        var left = _expected.Count == 0 ? (double?)null : Math.Max(0, total - done);
        _job.Report(new JobProgress([.. _stages], done / total, left, JsonSerializer.SerializeToNode(_detail, PipelineJson.Options)));
    }

    /// <summary>Without an earlier run every stage counts alike.</summary>
    private double Expected(StageProgress stage) => Math.Max(0.05, _expected.Count == 0 ? 1 : _expected.GetValueOrDefault(stage.Key, 0.1));
}
