using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Pipeline;
using Xunit;

namespace MerchantStudio.Tests.Pipeline;

/// <summary>Whatever stage a run is in, it ends within a second of being cancelled.</summary>
public sealed class PipelineCancelTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    [Fact]
    public Task A_run_ends_within_a_second_of_being_cancelled_in_any_stage() => CancelAsync(shoppers: 400, days: 40);

    [Fact(Explicit = true)]
    [Trait("Size", "Full")]
    public Task A_run_over_millions_of_events_ends_within_a_second_of_being_cancelled_in_any_stage() => CancelAsync(shoppers: 120_000, days: 60);

    private static async Task CancelAsync(int shoppers, int days)
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(shoppers, days);
        await world.AddReviewsAsync(Math.Min(shoppers, 20_000), review => 1 + (review % 5));
        string[] stages = ["clean", "quality", "sessions", "features", "train", "evaluate", "segment", "score", "publish"];
        var said = new List<string>();
        string? checkpoint = null;
        var id = Guid.NewGuid();
        foreach (var stage in stages)
        {
            // Each run goes on from where the one before was stopped, so that a stage is not waited for twice.
            using var cancel = new CancellationTokenSource();
            var watch = new Stopwatch();
            using var job = new CutJob(world.Scope, id, checkpoint, stage, () =>
            {
                watch.Start();
                cancel.Cancel();
            });
            try
            {
                await world.Handler.RunAsync(job, cancel.Token);
            }
            catch (OperationCanceledException)
            {
                // What was asked for; a stage that had just ended may also let the whole run end.
            }

            watch.Stop();
            Assert.True(watch.ElapsedTicks > 0, $"The run never came to {stage}.");
            said.Add(string.Create(CultureInfo.InvariantCulture, $"{stage}: {watch.Elapsed.TotalMilliseconds:0} ms"));
            Assert.True(watch.Elapsed < Bound, string.Join('\n', said));
            checkpoint = job.CheckpointJson;
            if (stage == stages[^1])
            {
                watch.Restart();
                await world.Handler.CleanUpAsync(job, PipelineWorld.Now);
                said.Add(string.Create(CultureInfo.InvariantCulture, $"cleaning up: {watch.Elapsed.TotalMilliseconds:0} ms"));
                Assert.True(watch.Elapsed < Bound, string.Join('\n', said));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', said));
    }

    /// <summary>Cancels a twentieth of a second after a stage has begun, or with the stage's first sign of progress after that.</summary>
    private sealed class CutJob(WorkspaceScope scope, Guid id, string? checkpoint, string stage, Action cut) : IJobContext, IDisposable
    {
        private Timer? _timer;

        public Guid JobId => id;

        public WorkspaceScope Scope => scope;

        public string InputJson { get; } = JsonSerializer.Serialize(new PipelineJobInput(), JobJson.Options);

        public string? CheckpointJson { get; private set; } = checkpoint;

        public bool FinishEarly => false;

        public void Report(JobProgress progress)
        {
            if (progress.Stages.Single(one => one.Key == stage).State == StageState.Running) _timer ??= new Timer(_ => cut(), null, TimeSpan.FromMilliseconds(50), Timeout.InfiniteTimeSpan);
        }

        public Task SaveCheckpointAsync(string checkpointJson, CancellationToken cancellationToken)
        {
            CheckpointJson = checkpointJson;
            return Task.CompletedTask;
        }

        public void Dispose() => _timer?.Dispose();
    }
}
