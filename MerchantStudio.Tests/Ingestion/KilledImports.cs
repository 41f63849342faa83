using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Hosting;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>Imports by a process that may be killed, and a look at what it left behind.</summary>
/// <param name="rows">Of each file; the last one cannot be read.</param>
internal sealed class KilledImports(string folder, int rows)
{
    /// <summary>Rows are alike in all files but for the second of their time.</summary>
    private const string Contents = """
        select count(*), cast(coalesce(bit_xor(hash(user_id, event_type, item_id, price, source_line, date_trunc('minute', ts))), 0) as varchar)
        from events where import_id = $1
        """;

    private static readonly WorkspaceScope Scope = new(new WorkspaceId("kill"), Actor.CommandLine);
    private (long Rows, string Checksum) _whole;

    /// <summary>How long an import takes that nobody stops, and what it brings. A first one warms the machine's caches: kills timed by it would come too late.</summary>
    public async Task<TimeSpan> MeasureAsync(CancellationToken cancellationToken)
    {
        await ImportAsync(98, cancellationToken);
        var took = await ImportAsync(99, cancellationToken);
        await using var studio = await TemporaryStudio.OpenAsync(folder: folder);
        _whole = await ContentsAsync(studio, (await RecordAsync(studio, FileName(99), cancellationToken))!, cancellationToken);
        Assert.Equal(rows - 1, _whole.Rows);
        return took;
    }

    public async Task KillAsync(int round, TimeSpan after, CancellationToken cancellationToken)
    {
        using var process = StudioProcess.Start(Words(await WriteAsync(round, cancellationToken)));
        await Task.Delay(after, cancellationToken);
        process.Kill();
        await process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>What a restart finds: after the cut-off job is settled, either every row and a complete record or no row and one that says it was interrupted.</summary>
    public async Task<bool> IsCompleteAsync(int round, CancellationToken cancellationToken)
    {
        await using var studio = await TemporaryStudio.OpenAsync(folder: folder);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => studio.Get<JobRunner>().RunAsync(stop.Token), cancellationToken);
        ImportRecord? record;
        do
        {
            await Task.Delay(50, cancellationToken);
            record = await RecordAsync(studio, FileName(round), cancellationToken);
        }
        while (record is { State: ImportState.Running });
        await stop.CancelAsync();
        await running;
        File.Delete(Path.Combine(folder, FileName(round)));
        if (record is null) return false;

        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(Scope.Workspace, cancellationToken);
        var rejects = await warehouse.ScalarAsync<long>("select count(*) from rejects where import_id = $1", [record.Number], cancellationToken);
        var contents = await ContentsAsync(studio, record, cancellationToken);
        if (record.State == ImportState.Complete)
        {
            Assert.Equal((_whole, 1), (contents, rejects));
            return true;
        }

        Assert.Contains(record.State, (ImportState[])[ImportState.Interrupted, ImportState.Staged]);
        Assert.Equal((0, 0), (contents.Rows, rejects));
        if (record.State == ImportState.Interrupted) Assert.False(File.Exists(Path.Combine(folder, "staging", record.Id.ToString("N"))));
        return false;
    }

    private static async Task<ImportRecord?> RecordAsync(TemporaryStudio studio, string file, CancellationToken cancellationToken) =>
        (await studio.Get<FileImporter>().HistoryAsync(Scope, cancellationToken)).FirstOrDefault(import => import.FileName == file);

    private static async Task<(long Rows, string Checksum)> ContentsAsync(TemporaryStudio studio, ImportRecord record, CancellationToken cancellationToken)
    {
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(Scope.Workspace, cancellationToken);
        return (await warehouse.QueryAsync(Contents, row => (row.Long(0), row.Text(1)!), [record.Number], cancellationToken))[0];
    }

    private async Task<TimeSpan> ImportAsync(int round, CancellationToken cancellationToken)
    {
        var file = await WriteAsync(round, cancellationToken);
        var watch = Stopwatch.StartNew();
        var ending = await StudioProcess.RunAsync(Words(file));
        Assert.Equal(rows - 1, JsonDocument.Parse(ending.Out).RootElement.GetProperty("accepted").GetInt64());
        return watch.Elapsed;
    }

    private string[] Words(string file) => ["import", "--data", folder, "--workspace", Scope.Workspace.Value, file];

    private static string FileName(int round) => string.Create(CultureInfo.InvariantCulture, $"events-{round}.csv");

    /// <summary>Files differ by their round, and each has one row that cannot be read.</summary>
    private async Task<string> WriteAsync(int round, CancellationToken cancellationToken)
    {
        var text = new StringBuilder("user_id,event_type,item_id,timestamp,price\n");
        for (var row = 0; row < rows - 1; row++) text.Append(CultureInfo.InvariantCulture, $"u{row % 5_000},view,item-{row % 999},2026-01-01T{10 + row % 5}:{row % 60:00}:{round % 60:00}Z,1.5\n");
        text.Append("u1,view,item-1,never,1.5\n");
        var file = Path.Combine(folder, FileName(round));
        await File.WriteAllTextAsync(file, text.ToString(), cancellationToken);
        return file;
    }
}
