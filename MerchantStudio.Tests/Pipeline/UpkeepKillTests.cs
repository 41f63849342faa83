using System.Globalization;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Browser;
using MerchantStudio.Tests.Hosting;
using MerchantStudio.Tests.Worlds;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Xunit;

namespace MerchantStudio.Tests.Pipeline;

/// <summary>kill -9 of a serving process while it keeps figures up: they are the former ones or the new ones, and the next start sees to the rest.</summary>
[Trait("Row", "C2")]
public sealed class UpkeepKillTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public Task Killed_in_the_middle_it_begins_anew_at_the_next_start() => KillAsync(times: 1, seed: 3);

    [Fact(Explicit = true)]
    [Trait("Size", "Full")]
    public Task Killed_at_twenty_moments_it_begins_anew_every_time() => KillAsync(times: 20, seed: 4);

    private static async Task KillAsync(int times, int seed)
    {
        var random = new Random(seed);
        var folder = TemporaryStudio.NewFolder();
        Directory.CreateDirectory(folder);
        var server = await StudioServer.StartInAsync(folder, Now, "--Studio:Demo=false");
        try
        {
            await ImportAsync(server, folder, 0);
            Assert.Equal(0, (await server.CommandAsync(Now, "pipeline", "--workspace", "tea")).Code);
            for (var round = 1; round <= times; round++)
            {
                await ImportAsync(server, folder, round);
                await UntilAsync(folder, "select count(*) from Jobs where Kind = 'upkeep' and State = 'Running'");
                await Task.Delay(random.Next(150), Now);
                await server.KillAsync();
                var (raw, clean, daily) = await RowsAsync(folder);
                Assert.Equal(clean, daily);
                Assert.Contains(clean, new[] { raw, raw / (round + 1) * round });

                server = await StudioServer.StartInAsync(folder, Now, "--Studio:Demo=false");
                await UntilAsync(folder, "select not exists (select * from Jobs where FinishedAt is null)");
                await server.KillAsync();
                (raw, clean, daily) = await RowsAsync(folder);
                Assert.Equal((raw, raw), (clean, daily));
                server = await StudioServer.StartInAsync(folder, Now, "--Studio:Demo=false");
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>The same shoppers a month later each time, so that every import brings as many rows.</summary>
    private static async Task ImportAsync(StudioServer server, string folder, int month)
    {
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"events-{month}.csv"));
        await File.WriteAllTextAsync(file, CommandJourneyTests.Events(shoppers: 250, days: 30).Replace("2026-", string.Create(CultureInfo.InvariantCulture, $"{2026 - month}-"), StringComparison.Ordinal), Now);
        var ending = await server.CommandAsync(Now, "import", "--workspace", "tea", file);
        Assert.True(ending.Code == 0, ending.Error);
    }

    private static async Task<(long Raw, long Clean, long Daily)> RowsAsync(string folder)
    {
        await using var registry = new WarehouseRegistry(new StudioPaths(folder), Options.Create(new WarehouseOptions()), TimeProvider.System);
        var warehouse = await registry.OpenAsync(new WorkspaceId("tea"), Now);
        return (await warehouse.QueryAsync(
            "select (select count(*) from events), (select count(*) from clean_events), (select cast(sum(events) as bigint) from user_daily)", row => (row.Long(0), row.Long(1), row.Long(2)), [], Now))[0];
    }

    private static async Task UntilAsync(string folder, string question)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Now);
        late.CancelAfter(Patience);
        var file = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "app.db"), Pooling = false };
        while (true)
        {
            await using var connection = new SqliteConnection(file.ConnectionString);
            await connection.OpenAsync(Now);
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The questions are the constants above.
            command.CommandText = question;
#pragma warning restore CA2100
            if ((long)(await command.ExecuteScalarAsync(Now))! > 0) return;
            await Task.Delay(10, late.Token);
        }
    }
}
