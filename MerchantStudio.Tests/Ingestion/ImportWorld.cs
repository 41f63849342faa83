using System.IO.Compression;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>A studio with one shop in Berlin into which files are imported as an upload would be.</summary>
internal sealed class ImportWorld : IAsyncDisposable
{
    /// <summary>A sound event file, for tests that need something to work.</summary>
    public const string SmallEvents = "user_id,event_type,item_id,timestamp\nann,view,tea,2026-03-01T10:00:00Z\nann,purchase,tea,2026-03-01T10:05:00Z\nbob,view,cup,2026-03-02T11:00:00Z\n";

    private ImportWorld(TemporaryStudio studio, WorkspaceScope scope)
    {
        Studio = studio;
        Scope = scope;
    }

    public TemporaryStudio Studio { get; }
    public WorkspaceScope Scope { get; }
    public FileImporter Importer => Studio.Get<FileImporter>();
    public static CancellationToken Now => TestContext.Current.CancellationToken;

    public static async Task<ImportWorld> OpenAsync(Action<IServiceCollection>? configure = null)
    {
        var studio = await TemporaryStudio.OpenAsync(configure);
        return new ImportWorld(studio, await studio.WorkspaceAsync());
    }

    public Task<Outcome<ImportReport>> ImportTextAsync(string text, ImportChoices? choices = null, Func<ImportMapping, ImportMapping>? map = null, string name = "events.csv") =>
        ImportAsync(Encoding.UTF8.GetBytes(text), choices, map, name);

    public async Task<Outcome<ImportReport>> ImportAsync(byte[] file, ImportChoices? choices = null, Func<ImportMapping, ImportMapping>? map = null, string name = "events.csv")
    {
        var staged = await Importer.StageAsync(Scope, new MemoryStream(file), name, file.Length, null, Now);
        return staged.TryGet(out var record, out var problem) ? await ImportStagedAsync(record, choices, map) : problem;
    }

    public async Task<Outcome<ImportReport>> ImportFileAsync(string path, ImportChoices? choices = null)
    {
        var staged = await Importer.StageFileAsync(Scope, path, Now);
        return staged.TryGet(out var record, out var problem) ? await ImportStagedAsync(record, choices, null) : problem;
    }

    public async Task<FileInspection> InspectAsync(string text)
    {
        var staged = await Importer.StageAsync(Scope, new MemoryStream(Encoding.UTF8.GetBytes(text)), "file.csv", null, null, Now);
        return (await Importer.InspectAsync(Scope, staged.Value.Id, null, null, null, Now)).Value;
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        var warehouse = await Studio.Get<WarehouseRegistry>().OpenAsync(Scope.Workspace, Now);
        return await warehouse.ScalarAsync<T>(sql, [], Now);
    }

    /// <summary>No row of any table, and nothing waiting in the staging folder but what is staged.</summary>
    public async Task AssertNothingThereAsync()
    {
        foreach (var table in (string[])["events", "reviews", "products", "customers", "rejects", "imported"])
            Assert.Equal(0, await ScalarAsync<long>($"select count(*) from {table}"));
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal)) zip.Write(bytes);
        return packed.ToArray();
    }

    public ValueTask DisposeAsync() => Studio.DisposeAsync();

    private async Task<Outcome<ImportReport>> ImportStagedAsync(ImportRecord record, ImportChoices? choices, Func<ImportMapping, ImportMapping>? map)
    {
        var inspected = await Importer.InspectAsync(Scope, record.Id, null, null, null, Now);
        if (!inspected.TryGet(out var inspection, out var problem)) return problem;
        var mapping = map is null ? inspection.Mapping : map(inspection.Mapping);
        return await Importer.ImportAsync(Scope, record.Id, mapping, choices ?? new ImportChoices(), Now);
    }
}
