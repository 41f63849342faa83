using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Pipeline;

/// <summary>A shop with invented shoppers on a warehouse of its own, and the pipeline's handler without the job runner.</summary>
internal sealed class PipelineWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset Opening = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private long _line;

    private PipelineWorld(TemporaryStudio studio, WorkspaceScope scope, WorkspaceWarehouse warehouse)
    {
        Studio = studio;
        Scope = scope;
        Warehouse = warehouse;
    }

    public TemporaryStudio Studio { get; }

    public WorkspaceScope Scope { get; }

    public WorkspaceWarehouse Warehouse { get; }

    public static CancellationToken Now => TestContext.Current.CancellationToken;

    public static async Task<PipelineWorld> OpenAsync()
    {
        var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        return new PipelineWorld(studio, scope, await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Now));
    }

    /// <summary>Shoppers who come every few days; who puts something in the basket buys it in the next days with a good chance.</summary>
    public async Task AddShoppersAsync(int shoppers, int days, bool buying = true, DateTimeOffset? from = null, int seed = 5)
    {
        var random = new SeededRandom((ulong)seed);
        await using var session = await Warehouse.BeginAsync(Now);
        using (var rows = session.Append("events", "user_id", "ts", "event_type", "item_id", "category", "price", "quantity", "import_id", "source_line"))
        {
            for (var shopper = 0; shopper < shoppers; shopper++)
            {
                var eager = random.NextDouble();
                for (var day = 0; day < days; day++)
                {
                    if (random.NextDouble() > 0.15 + (0.5 * eager)) continue;
                    var at = (from ?? Opening).AddDays(day).AddMinutes(random.NextInt(600));
                    Add(rows, shopper, at, "view", random.NextInt(40));
                    if (random.NextDouble() > 0.8 * eager) continue;
                    Add(rows, shopper, at.AddMinutes(3), "add_to_cart", 7);
                    if (buying && random.NextDouble() < 0.7) Add(rows, shopper, at.AddHours(20), "purchase", 7);
                }
            }

            rows.Complete();
        }

        await session.CommitAsync(Now);
    }

    /// <summary>One shopper does this and that, a minute apart.</summary>
    public async Task AddEventsAsync(int shopper, DateTimeOffset from, params string[] types)
    {
        await using var session = await Warehouse.BeginAsync(Now);
        using (var rows = session.Append("events", "user_id", "ts", "event_type", "item_id", "category", "price", "quantity", "import_id", "source_line"))
        {
            for (var i = 0; i < types.Length; i++) Add(rows, shopper, from.AddMinutes(i), types[i], 7);
            rows.Complete();
        }

        await session.CommitAsync(Now);
    }

    /// <summary>As if something had been published, so that upkeep is queued when asked for.</summary>
    public async Task AskableAsync()
    {
        await using var session = await Warehouse.BeginAsync(Now);
        await session.ExecuteAsync("create table upkeep_state (state varchar)", [], Now);
        await session.CommitAsync(Now);
    }

    public async Task AddReviewsAsync(int reviews, Func<int, int> stars)
    {
        await using var session = await Warehouse.BeginAsync(Now);
        using (var rows = session.Append("reviews", "review_id", "user_id", "rating", "text", "import_id", "source_line"))
        {
            for (var review = 0; review < reviews; review++)
            {
                rows.Text(0, $"r{review}");
                rows.Text(1, $"u{review}");
                rows.Double(2, stars(review));
                rows.Text(3, $"Number {review}: {(stars(review) >= 4 ? "lovely and soft, a great fit" : stars(review) <= 2 ? "awful, it tore and I sent it back" : "it is all right, nothing special")}");
                rows.Int(4, 2);
                rows.Long(5, review + 2);
                rows.EndRow();
            }

            rows.Complete();
        }

        await session.CommitAsync(Now);
    }

    public async Task<Outcome<PipelineReport>> RunAsync(PipelineJobInput? input = null)
    {
        var job = new TestJob(Scope, input ?? new PipelineJobInput());
        var outcome = await RunAsync(job);
        return outcome.Problem is { } problem ? problem : (await Studio.Get<PipelineReports>().LatestPublishedAsync(Scope, Now))!;
    }

    public Task<Outcome<System.Text.Json.Nodes.JsonNode>> RunAsync(TestJob job) => Handler.RunAsync(job, Now);

    public IJobHandler Handler => HandlerOf("pipeline");

    public IJobHandler HandlerOf(string kind) => Studio.Services.CreateScope().ServiceProvider.GetServices<IJobHandler>().Single(handler => handler.Kind == kind);

    /// <summary>Every score as text, for comparing whole runs.</summary>
    public async Task<string[]> ScoresAsync() =>
        [.. await Warehouse.QueryAsync("select user_id, horizon_days, probability, low, high, reasons from intent_scores order by user_id, horizon_days", row => $"{row.Text(0)}|{row.Int(1)}|{row.Double(2):R}|{row.Double(3):R}|{row.Double(4):R}|{row.Text(5)}", [], Now)];

    public ValueTask DisposeAsync() => Studio.DisposeAsync();

    private void Add(WarehouseAppender rows, int shopper, DateTimeOffset at, string type, int item)
    {
        rows.Text(0, $"u{shopper:000}");
        rows.Instant(1, at.UtcTicks / 10 - DateTimeOffset.UnixEpoch.UtcTicks / 10);
        rows.Text(2, type);
        rows.Text(3, $"i{item}");
        rows.Text(4, $"c{item % 5}");
        rows.Scaled(5, 10_000 * (5 + item));
        rows.Int(6, 1);
        rows.Int(7, 1);
        rows.Long(8, ++_line + 1);
        rows.EndRow();
    }
}

/// <summary>A job that keeps its progress and checkpoints, and can be cut off behind a given stage.</summary>
internal sealed class TestJob(WorkspaceScope scope, object input) : IJobContext
{
    public Guid JobId { get; init; } = Guid.NewGuid();

    public WorkspaceScope Scope => scope;

    public string InputJson { get; } = JsonSerializer.Serialize(input, JobJson.Options);

    public string? CheckpointJson { get; set; }

    public bool FinishEarly { get => field || StopsWhen(Last); init; }

    /// <summary>From the progress at which somebody asks to stop here.</summary>
    public Func<JobProgress?, bool> StopsWhen { get; init; } = _ => false;

    public JobProgress? Last { get; private set; }

    public int Checkpoints { get; private set; }

    /// <summary>The checkpoint at which the process "ends"; it is written first, unless <see cref="LoseCheckpoint"/>.</summary>
    public int? CutOffAt { get; init; }

    public bool LoseCheckpoint { get; init; }

    public void Report(JobProgress progress) => Last = progress;

    public Task SaveCheckpointAsync(string checkpointJson, CancellationToken cancellationToken)
    {
        Checkpoints++;
        var cut = Checkpoints == CutOffAt;
        if (!cut || !LoseCheckpoint) CheckpointJson = checkpointJson;
        return cut ? throw new ProcessEnded() : Task.CompletedTask;
    }
}

internal sealed class ProcessEnded : Exception;
