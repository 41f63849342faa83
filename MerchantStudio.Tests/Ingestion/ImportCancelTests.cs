using System.Globalization;
using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>Whatever an import is doing, it ends within a second of being cancelled, unless its commit has begun, and nothing of it stays; the next one comes in.</summary>
public sealed class ImportCancelTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CommitBound = TimeSpan.FromSeconds(10);

    [Fact]
    public Task An_import_ends_within_a_second_of_being_cancelled_at_any_stage() => CancelAsync(events: 300_000, products: 100_000);

    [Fact(Explicit = true)]
    [Trait("Size", "Full")]
    public Task An_import_of_five_million_rows_ends_within_a_second_of_being_cancelled_at_any_stage() => CancelAsync(events: 5_000_000, products: 2_000_000);

    private static async Task CancelAsync(int events, int products)
    {
        await using var world = await ImportWorld.OpenAsync();
        await using var jobs = ImportJobs.Run(world.Studio, world.Scope);
        var eventFile = Path.Combine(world.Studio.Paths.Root, "events.csv");
        await WriteAsync(eventFile, "user_id,event_type,item_id,timestamp,order_id,line_no,message_id", events, row => $"u{row % 50_000},view,item-{row % 9_999},2026-01-01T{row % 24:00}:{row % 60:00}:00Z,o{row},1,m{row}");
        var productFile = Path.Combine(world.Studio.Paths.Root, "products.csv");
        await WriteAsync(productFile, "item_id,name,price", products, row => $"item-{row},Tea number {row},{row % 100}");
        Assert.Equal(JobState.Succeeded, (await jobs.ImportAsync(productFile, new ImportChoices(ImportMode.Upsert))).State);
        await WriteAsync(productFile, "item_id,name,price", products, row => $"item-{row},Tea number {row},{(row + 1) % 100}");
        var before = await world.ScalarAsync<string>("select concat_ws('|', count(*), sum(price)) from products");

        // Checking and merging go on for as long as there are rows; moments inside them are a part of what they take.
        (string File, ImportChoices Choices, string Stage, double Seconds)[] moments =
        [
            (eventFile, new(), "read", 0), (eventFile, new(), "convert", 0.1), (eventFile, new(), "check", 0), (eventFile, new(), "check", 0.05), (eventFile, new(DropIdentical: true), "check", 0.2),
            (eventFile, new(ImportMode.Upsert), "check", 0.02), (productFile, new(ImportMode.Upsert), "check", 0), (productFile, new(ImportMode.Upsert), "check", 0.05), (productFile, new(ImportMode.Replace), "check", 0.05),
            (eventFile, new(), "write", 0), (productFile, new(ImportMode.Upsert), "write", 0),
        ];
        var said = new List<string>();
        foreach (var (file, choices, stage, seconds) in moments)
        {
            var record = await jobs.PrepareAsync(file, choices with { Force = true, Remember = false });
            var (took, state) = await jobs.CancelAsync(await jobs.StartAsync(record), stage, TimeSpan.FromSeconds(seconds));
            said.Add(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)} {choices.Mode}, {stage} + {seconds} s: {state} after {took.TotalMilliseconds:0} ms"));

            // A commit that has begun goes its way, which on a busy disk may take longer; it is over soon all the same.
            Assert.True(took < (stage == "write" ? CommitBound : Bound), string.Join('\n', said));
            if (state == JobState.Succeeded)
            {
                // It had been committed already: all of it is there, and goes as an undone import does.
                Assert.True((await world.Importer.UndoAsync(world.Scope, record.Id, ImportWorld.Now)).Succeeded);
            }
            else
            {
                Assert.Equal(JobState.Cancelled, state);
                Assert.Equal(ImportState.Cancelled, (await world.Importer.FindAsync(world.Scope, record.Id, ImportWorld.Now))!.State);
            }

            Assert.Equal(0, await world.ScalarAsync<long>("select count(*) from events"));
            Assert.Equal(before, await world.ScalarAsync<string>("select concat_ws('|', count(*), sum(price)) from products"));
            Assert.Equal(0, await world.ScalarAsync<long>("select count(*) from replaced_products"));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', said));
        Assert.Contains(said, line => line.Contains("check", StringComparison.Ordinal) && line.Contains("Cancelled", StringComparison.Ordinal));
        var last = await jobs.ImportAsync(eventFile);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", last.Progress!.Stages.Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Key} {stage.Seconds:0.00} s"))));
        Assert.Equal(JobState.Succeeded, last.State);
        Assert.Equal(events, await world.ScalarAsync<long>("select count(*) from events"));
    }

    private static async Task WriteAsync(string path, string header, int rows, Func<int, FormattableString> row)
    {
        await using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        await file.WriteLineAsync(header);
        for (var number = 0; number < rows; number++) await file.WriteLineAsync(FormattableString.Invariant(row(number)));
    }
}
