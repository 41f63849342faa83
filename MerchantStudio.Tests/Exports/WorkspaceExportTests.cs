using System.IO.Compression;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Tests.Ingestion;
using Xunit;

namespace MerchantStudio.Tests.Exports;

/// <summary>Everything that leaves a workspace as an archive comes in again as the same rows.</summary>
public sealed class WorkspaceExportTests
{
    private static readonly (DatasetKind Kind, string Name, string Text)[] Sets =
    [
        (DatasetKind.Events, "events", "user_id,event_type,item_id,timestamp,price,quantity,search_query\nann,view,tea,2026-03-01T10:00:00Z,,,\nann,purchase,tea,2026-03-29T01:30:00.25Z,4.5,2,\n王,search,,2026-07-02T23:59:59+02:00,,,\"绿茶, \"\"loose\"\"\"\n"),
        (DatasetKind.Products, "products", "item_id,item_name,category,price,cost\ntea,\"Tea, green\",drinks,4.5,1.25\ncup,Tasse,ware,7,\n"),
        (DatasetKind.Customers, "customers", "user_id,country,city,birth_year,joined_at\nann,DE,Köln,1980,2025-01-01T08:00:00Z\n王,CN,上海,,2025-06-01T00:00:00Z\n"),
        (DatasetKind.Reviews, "reviews", "review_id,user_id,item_id,review_timestamp,rating,review_title,review_text\nr1,ann,tea,2026-03-05T10:00:00Z,5,Lovely,\"soft, and\nwarm\"\nr2,王,cup,2026-03-06T10:00:00Z,2,,碎了\n"),
        (DatasetKind.Feedback, "feedback", "feedback_type,user_id,item_id,timestamp,feedback_value,comment\nlike,ann,tea,2026-03-07T10:00:00Z,1,good\n"),
        (DatasetKind.AdSpend, "ad-spend", "timestamp,spend,channel,campaign,currency,impressions,clicks\n2026-03-01T00:00:00Z,12.5,search,spring,EUR,1000,20\n"),
        (DatasetKind.Features, "feature-table-7", "customer,tenure,city,churn\n7,4.125,Köln,1\n8,3,Wien,0\n9,12,Köln,0\n"),
    ];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ExportFormat.Parquet)]
    [InlineData(ExportFormat.Csv)]
    public async Task An_archive_of_everything_is_imported_again_to_the_same_rows(ExportFormat format)
    {
        await using var world = await ImportWorld.OpenAsync();
        foreach (var (kind, name, text) in Sets) await ImportAsync(world, world.Scope, kind, name, Encoding.UTF8.GetBytes(text));
        var archive = await ArchiveAsync(world, world.Scope, format);
        var extension = format.ToString().ToLowerInvariant();
        Assert.Equal(Sets.Select(set => $"{set.Name}.{extension}").Order(), archive.Keys.Order());

        var other = await world.Studio.WorkspaceAsync("coffee");
        foreach (var (kind, name, _) in Sets) await ImportAsync(world, other, kind, name, archive[$"{name}.{extension}"]);
        var (before, after) = (await ArchiveAsync(world, world.Scope, ExportFormat.Csv), await ArchiveAsync(world, other, ExportFormat.Csv));
        foreach (var name in before.Keys) Assert.Equal(Encoding.UTF8.GetString(before[name]), Encoding.UTF8.GetString(after[name]));
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.DoesNotContain(Directory.GetFiles(world.Studio.Paths.WorkspaceFolder(world.Scope.Workspace)), file => Path.GetFileName(file).StartsWith("export-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_leaves_without_the_right_and_an_empty_workspace_is_an_empty_archive()
    {
        await using var world = await ImportWorld.OpenAsync();
        var viewer = world.Scope with { Actor = world.Scope.Actor with { Role = Role.Viewer } };
        Assert.Equal("access.refused", (await world.Studio.Get<WorkspaceExport>().WriteAsync(viewer, ExportFormat.Csv, new MemoryStream(), Now)).Problem?.Code);
        Assert.Empty(await ArchiveAsync(world, world.Scope, ExportFormat.Parquet));
    }

    private static async Task ImportAsync(ImportWorld world, WorkspaceScope scope, DatasetKind kind, string name, byte[] content)
    {
        var staged = (await world.Importer.StageAsync(scope, new MemoryStream(content), name, content.Length, null, Now)).Value;
        var mapping = (await world.Importer.InspectAsync(scope, staged.Id, kind, null, null, Now)).Value.Mapping;
        var report = (await world.Importer.ImportAsync(scope, staged.Id, mapping, new ImportChoices(), Now)).Value;
        Assert.Equal((report.Read, 0L), (report.Accepted, report.Rejected));
    }

    private static async Task<Dictionary<string, byte[]>> ArchiveAsync(ImportWorld world, WorkspaceScope scope, ExportFormat format)
    {
        using var content = new MemoryStream();
        var tables = (await world.Studio.Get<WorkspaceExport>().WriteAsync(scope, format, content, Now)).Value;
        using var archive = new ZipArchive(new MemoryStream(content.ToArray()), ZipArchiveMode.Read);
        Assert.Equal(tables.Select(table => table.Name), archive.Entries.Select(entry => entry.FullName));
        return archive.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var file = entry.Open();
            using var bytes = new MemoryStream();
            file.CopyTo(bytes);
            return bytes.ToArray();
        });
    }
}
