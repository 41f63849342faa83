using System.Globalization;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Browser;
using MerchantStudio.Tests.Hosting;
using MerchantStudio.Tests.Worlds;
using Microsoft.Data.Sqlite;
using Xunit;

namespace MerchantStudio.Tests.Pipeline;

/// <summary>kill -9 of a serving process at random moments of a run: what was published keeps serving, and the next start ends the run as if nothing had happened.</summary>
[Trait("Row", "C2")]
public sealed class PipelineKillTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_run_whose_server_is_killed_goes_on_at_the_next_start() => KillAsync(times: 1, seed: 3);

    [Fact(Explicit = true)]
    [Trait("Size", "Full")]
    public Task A_run_whose_server_is_killed_at_twenty_moments_goes_on_every_time() => KillAsync(times: 20, seed: 4);

    private static async Task KillAsync(int times, int seed)
    {
        var random = new Random(seed);
        var folder = TemporaryStudio.NewFolder();
        Directory.CreateDirectory(folder);
        var server = await StartAsync(folder);
        try
        {
            var file = Path.Combine(folder, "events.csv");
            await File.WriteAllTextAsync(file, CommandJourneyTests.Events(shoppers: 250, days: 30), Now);
            await RunAsync(server, "import", "--workspace", "tea", file);
            var whole = (await RunAsync(server, "pipeline", "--workspace", "tea")).GetProperty("seconds").GetDouble();
            var before = await ScoresAsync(server);
            var cutOff = 0;

            // A kill that comes after the end of its run proves nothing and is made up for.
            var round = 0;
            for (; cutOff < times && round < 3 * times; round++)
            {
                var asOf = new DateTime(2026, 3, 30).AddHours(-3 * round).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
                var asked = server.CommandAsync(Now, "pipeline", "--workspace", "tea", "--as-of", asOf);
                await UntilAsync(folder, "select count(*) from Jobs where State = 'Running'");
                await Task.Delay(TimeSpan.FromSeconds(0.6 * whole * random.NextDouble()), Now);
                await server.KillAsync();
                await asked;
                if (await CountAsync(folder, "select count(*) from Jobs where FinishedAt is null") > 0) cutOff++;

                server = await StartAsync(folder);
                var atOnce = await ScoresAsync(server);
                await UntilAsync(folder, "select not exists (select * from Jobs where FinishedAt is null)");
                var after = await ScoresAsync(server);
                Assert.NotEqual(before, after);
                Assert.Contains(atOnce, new[] { before, after });
                Assert.Equal(0, await CountAsync(folder, "select count(*) from Jobs where State <> 'Succeeded'"));
                Assert.Equal(0, await CountAsync(folder, "select count(*) from PipelineRuns where PublishedAt is null"));

                await RunAsync(server, "pipeline", "--workspace", "tea", "--as-of", asOf);
                Assert.Equal(after, before = await ScoresAsync(server));
            }

            await server.KillAsync();
            await AssertTidyAsync(folder);
            Assert.Equal(times, cutOff);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round} kills, {cutOff} before the run's end; an unbroken run takes {whole:0.0} s"));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    internal static Task<StudioServer> StartAsync(string folder) => StudioServer.StartInAsync(folder, Now, "--Studio:Demo=false");

    /// <summary>The newest model of each task serves, those of the last run among them, all can be read, and no table of a run is left. A day of few buyers leaves a horizon to the run before.</summary>
    private static async Task AssertTidyAsync(string folder)
    {
        await using var studio = await TemporaryStudio.OpenAsync(folder: folder);
        var scope = new WorkspaceScope(new WorkspaceId("tea"), Actor.CommandLine);
        var models = (await studio.Get<ModelRegistry>().ListAsync(scope, Now)).Value;
        Assert.All(models, model => Assert.True(model.FileThere));
        Assert.All(models.GroupBy(model => model.Task), versions => Assert.Equal(versions.Max(version => version.Number), Assert.Single(versions, version => version.IsLive).Number));
        var published = (await studio.Get<PipelineReports>().LatestPublishedAsync(scope, Now))!.Number;
        Assert.Equal(published, models.Where(model => model.IsLive).Max(model => model.RunNumber));
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Now);
        Assert.Equal(0, await warehouse.ScalarAsync<long>("select count(*) from information_schema.tables where table_name like 'next%' or table_name like 'work%'", [], Now));
    }

    internal static async Task<string> ScoresAsync(StudioServer server)
    {
        var scores = await server.CommandAsync(Now, "export", "--workspace", "tea", "--what", "scores");
        Assert.True(scores.Code == 0, scores.Error);
        return scores.Out;
    }

    internal static async Task<JsonElement> RunAsync(StudioServer server, params string[] words)
    {
        var ending = await server.CommandAsync(Now, words);
        Assert.True(ending.Code == 0, ending.Error);
        return JsonDocument.Parse(ending.Out).RootElement;
    }

    internal static async Task UntilAsync(string folder, string question)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Now);
        late.CancelAfter(Patience);
        while (await CountAsync(folder, question) == 0) await Task.Delay(20, late.Token);
    }

    internal static async Task<long> CountAsync(string folder, string question)
    {
        var file = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "app.db"), Pooling = false };
        await using var connection = new SqliteConnection(file.ConnectionString);
        await connection.OpenAsync(Now);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The questions are the constants above.
        command.CommandText = question;
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync(Now))!;
    }
}
