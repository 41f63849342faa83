using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using MerchantStudio.Core.Jobs;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Counts an import's stages and tells how far it is; the total is judged by the bytes read.</summary>
internal sealed class ImportProgress(Action<JobProgress>? report)
{
    public const string Read = "read";
    public const string Convert = "convert";
    public const string Check = "check";
    public const string Write = "write";

    /// <summary>Reading and converting take nearly all of the time.</summary>
    private const double ShareOfReading = 0.9;

    private static readonly string[] Keys = [Read, Convert, Check, Write];
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly double[] _began = new double[Keys.Length];
    private readonly double[] _took = new double[Keys.Length];
    private readonly StageState[] _states = new StageState[Keys.Length];
    private TimeSpan _shown = TimeSpan.MinValue;
    private long _rows;
    private double _fraction;

    public double Seconds => _watch.Elapsed.TotalSeconds;

    public void Begin(params ReadOnlySpan<string> stages)
    {
        foreach (var stage in stages)
        {
            var index = Array.IndexOf(Keys, stage);
            _states[index] = StageState.Running;
            _began[index] = Seconds;
        }

        Show(null, always: true);
    }

    public void End(params ReadOnlySpan<string> stages)
    {
        foreach (var stage in stages)
        {
            var index = Array.IndexOf(Keys, stage);
            _states[index] = StageState.Done;
            _took[index] = Seconds - _began[index];
        }
    }

    /// <param name="fraction">0 to 1 of the file.</param>
    public void Rows(long rows, double fraction, Func<ImportDetail> detail)
    {
        _rows = rows;
        _fraction = fraction * ShareOfReading;
        Show(detail, always: false);
    }

    public void Detail(ImportDetail detail, double fraction)
    {
        _fraction = fraction;
        Show(() => detail, always: true);
    }

    private void Show(Func<ImportDetail>? detail, bool always)
    {
        if (report is null || (!always && _watch.Elapsed - _shown < Beat)) return;
        _shown = _watch.Elapsed;
        long? total = _fraction > 0.001 ? Math.Max(_rows, (long)(_rows / Math.Min(1, _fraction / ShareOfReading))) : null;
        var stages = Keys.Select((key, index) => new StageProgress(
            key, _states[index], _states[index] == StageState.Waiting ? 0 : _rows, total, _states[index] == StageState.Running ? Seconds - _began[index] : _took[index]));
        double? left = _fraction is > 0.01 and < 1 ? Seconds * (1 - _fraction) / _fraction : null;
        report(new JobProgress([.. stages], _fraction, left, detail is null ? null : JsonSerializer.SerializeToNode(detail(), JobJsonOptions)));
    }

    private static JsonSerializerOptions JobJsonOptions { get; } = new(JsonSerializerDefaults.Web);
}

/// <summary>What the running page draws beside the stages.</summary>
public sealed record ImportDetail(long Rows, long Rejected, double RowsPerSecond, ImmutableArray<RejectReason> Reasons, ImmutableArray<EventCount> Events);
