using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Recognition;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>Every kind of data comes in by its template, can be replaced, undone, exported and removed.</summary>
public sealed class DatasetKindTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public static TheoryData<DatasetKind> Kinds => [.. Enum.GetValues<DatasetKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_kinds_template_is_recognised_imported_replaced_undone_exported_and_deleted(DatasetKind kind)
    {
        await using var world = await ImportWorld.OpenAsync();
        var template = ImportTemplate.Content(kind);
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), template[..3]);
        var report = (await world.ImportAsync(template)).Value;
        Assert.Equal((kind, 2L, 2L, 0L), (report.Kind, report.Read, report.Accepted, report.Rejected));
        var catalogue = world.Studio.Get<DatasetCatalogue>();
        var set = Assert.Single((await catalogue.ListAsync(world.Scope, Now)).Value, set => set.Kind == kind);
        var rows = set.Rows;

        var exported = await ExportAsync(world, kind, set.Table?.Number);
        Assert.Equal(rows, exported.Rows);
        Assert.Contains(exported.Text, letter => letter > 0x4E00);

        var replaced = (await world.ImportAsync(template, new ImportChoices(ImportMode.Replace, Force: true))).Value;
        Assert.Equal(2, replaced.Accepted);
        Assert.Equal(rows, Assert.Single((await catalogue.ListAsync(world.Scope, Now)).Value, set => set.Kind == kind).Rows);
        Assert.True((await world.Importer.UndoAsync(world.Scope, (await world.Importer.HistoryAsync(world.Scope, Now))[0].Id, Now)).Succeeded);
        Assert.Equal(rows, Assert.Single((await catalogue.ListAsync(world.Scope, Now)).Value, set => set.Kind == kind).Rows);

        Assert.True((await catalogue.DeleteAsync(world.Scope, kind, set.Table?.Number, Now)).Succeeded);
        Assert.DoesNotContain((await catalogue.ListAsync(world.Scope, Now)).Value, set => set.Kind == kind);
        Assert.Equal(0, await world.ScalarAsync<long>("select count(*) from feature_tables"));
    }

    [Fact]
    public async Task An_export_of_events_is_imported_again_to_the_same_rows()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(ImportWorld.SmallEvents);
        var (_, text) = await ExportAsync(world, DatasetKind.Events, null);
        var again = (await world.ImportTextAsync(text, new ImportChoices(ImportMode.Replace))).Value;
        Assert.Equal((3L, 3L), (again.Read, again.Accepted));
        Assert.Equal("2026-03-01 10:05:00", await world.ScalarAsync<string>("select cast(ts as varchar) from events where event_type = 'purchase'"));
    }

    [Fact]
    public async Task Feature_tables_keep_their_columns_types_and_label_and_stand_apart()
    {
        await using var world = await ImportWorld.OpenAsync();
        var churn = (await world.ImportTextAsync("CustomerID,Tenure,City Tier,Channel,Churn\n7,4.125,1,app,1\n8,,3,web,0\n9,12,1,web,\n10,x,1,web,1\n")).Value;
        Assert.Equal((DatasetKind.Features, 4L, 3L, 1L), (churn.Kind, churn.Read, churn.Accepted, churn.Rejected));
        Assert.Equal("missing_value", Assert.Single(churn.Reasons).Code);
        var more = (await world.ImportTextAsync("CustomerID,Tenure,City Tier,Channel,Churn\n11,x,2,app,1\n")).Value;
        Assert.Equal(churn.FeatureTable, more.FeatureTable);
        var other = (await world.ImportTextAsync("a,b,c,d,target\n1,2,3,4,0\n2,3,4,5,1\n")).Value;
        Assert.NotEqual(churn.FeatureTable, other.FeatureTable);
        var sets = (await world.Studio.Get<DatasetCatalogue>().ListAsync(world.Scope, Now)).Value;
        Assert.Equal([("Churn", 4L), ("target", 2L)], sets.Select(set => (set.Table!.Label, set.Rows)));
        Assert.Equal(5d, await world.ScalarAsync<double>($"select sum(\"City Tier\") from feature_rows_{churn.FeatureTable} where \"Channel\" = 'web' or \"CustomerID\" = '7'"));
        Assert.Equal("VARCHAR", await world.ScalarAsync<string>($"select data_type from information_schema.columns where table_name = 'feature_rows_{churn.FeatureTable}' and column_name = 'Tenure'"));
    }

    [Fact]
    public async Task A_number_that_is_none_sets_its_row_aside_and_a_dry_run_leaves_no_table()
    {
        await using var world = await ImportWorld.OpenAsync();
        var rows = string.Concat(Enumerable.Range(0, 1_200).Select(row => $"{row},{row % 7},{row % 2}\n"));
        var inspection = await world.InspectAsync("visits,items,label\n" + rows + "many,1,1\n");
        var mapping = inspection.Mapping with { Kind = DatasetKind.Features, Columns = [new("visits", ColumnRole.Feature), new("items", ColumnRole.Feature), new("label", ColumnRole.Label)] };
        var tried = (await world.Importer.TryAsync(world.Scope, inspection.ImportId, mapping, new ImportChoices(), null, Now)).Value;
        Assert.Equal((1_201L, 1_200L, 1L), (tried.Read, tried.Accepted, tried.Rejected));
        Assert.Equal("not_a_number", Assert.Single(tried.Reasons).Code);
        Assert.Equal(0, await world.ScalarAsync<long>("select count(*) from feature_tables"));
    }

    [Fact]
    public async Task A_table_too_wide_for_anything_else_is_a_feature_table()
    {
        await using var world = await ImportWorld.OpenAsync();
        var columns = Enumerable.Range(1, 2_500).ToArray();
        var row = string.Join(',', columns.Select(column => column % 10));
        var report = (await world.ImportTextAsync($"{string.Join(',', columns.Select(column => $"f{column}"))},label\n{row},1\n{row},0\n")).Value;
        Assert.Equal((DatasetKind.Features, 2L, 2L), (report.Kind, report.Read, report.Accepted));
        Assert.Equal(2_503, await world.ScalarAsync<long>($"select count(*) from information_schema.columns where table_name = 'feature_rows_{report.FeatureTable}'"));
    }

    [Fact]
    public async Task A_label_that_only_its_shape_gives_away_is_asked_for()
    {
        await using var world = await ImportWorld.OpenAsync();
        var staged = (await world.Importer.StageAsync(world.Scope, new MemoryStream("a,b,c\n1,2,yes\n3,4,no\n5,6,yes\n"u8.ToArray()), "t.csv", null, null, Now)).Value;
        var inspection = (await world.Importer.InspectAsync(world.Scope, staged.Id, DatasetKind.Features, null, null, Now)).Value;
        Assert.Equal((ColumnRole.Label, true), (inspection.Suggestions[2].Role, inspection.Suggestions[2].Confidence < 0.6));
        Assert.Equal("import.roles-missing", inspection.Mapping.Check()?.Code);
    }

    private static async Task<(long Rows, string Text)> ExportAsync(ImportWorld world, DatasetKind kind, int? table)
    {
        var what = kind == DatasetKind.Features ? ExportWhat.FeatureTable : Enum.Parse<ExportWhat>(kind.ToString());
        using var file = new MemoryStream();
        var rows = (await world.Studio.Get<TableExport>().WriteAsync(world.Scope, new ExportQuestion(what, Table: table), ExportFormat.Csv, file, Now)).Value;
        return (rows, Encoding.UTF8.GetString(file.ToArray()));
    }
}
