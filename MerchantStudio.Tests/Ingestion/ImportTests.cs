using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Formats;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Running;
using MerchantStudio.Core.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

public sealed class ImportTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dry_run_counts_like_the_import_and_writes_nothing()
    {
        await using var world = await ImportWorld.OpenAsync();
        var staged = (await world.Importer.StageAsync(world.Scope, new MemoryStream(Encoding.UTF8.GetBytes(ImportWorld.SmallEvents + "x,oops,y,2026-01-01\n")), "a.csv", null, null, Now)).Value;
        var inspection = (await world.Importer.InspectAsync(world.Scope, staged.Id, null, null, null, Now)).Value;
        var tried = (await world.Importer.TryAsync(world.Scope, staged.Id, inspection.Mapping, new ImportChoices(), null, Now)).Value;
        Assert.Equal((4, 3, 1), (tried.Read, tried.Accepted, tried.Rejected));
        await world.AssertNothingThereAsync();
        var done = (await world.Importer.ImportAsync(world.Scope, staged.Id, inspection.Mapping, new ImportChoices(), Now)).Value;
        Assert.Equal((tried.Read, tried.Accepted, tried.Rejected), (done.Read, done.Accepted, done.Rejected));
        Assert.Empty(Directory.EnumerateFiles(world.Studio.Paths.Staging));
    }

    [Fact]
    public async Task An_import_is_undone_as_a_whole()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(ImportWorld.SmallEvents + "x,oops,y,2026-01-01\n");
        var record = Assert.Single(await world.Importer.HistoryAsync(world.Scope, Now));
        Assert.Equal((ImportState.Complete, 3), (record.State, record.Accepted));
        Assert.True((await world.Importer.UndoAsync(world.Scope, record.Id, Now)).Succeeded);
        await world.AssertNothingThereAsync();
        Assert.Equal(ImportState.Undone, (await world.Importer.FindAsync(world.Scope, record.Id, Now))!.State);
        Assert.Equal(3, (await world.ImportTextAsync(ImportWorld.SmallEvents)).Value.Accepted);
    }

    [Fact]
    public async Task A_repeated_message_id_or_order_line_is_a_duplicate_in_the_file_and_against_the_data()
    {
        const string Header = "user_id,event_type,item_id,timestamp,message_id,order_id,line_no\n";
        await using var world = await ImportWorld.OpenAsync();
        var first = (await world.ImportTextAsync(Header + "a,view,t,2026-01-01,m1,,\na,view,t,2026-01-01,m1,,\na,purchase,t,2026-01-01,,o1,1\na,purchase,t,2026-01-01,,o1,2\n")).Value;
        Assert.Equal((4, 3, 1), (first.Read, first.Accepted, first.Duplicates));
        var second = (await world.ImportTextAsync(Header + "a,view,t,2026-01-01,m1,,\na,view,t,2026-01-01,m2,,\na,purchase,t,2026-01-01,,o1,2\n")).Value;
        Assert.Equal((3, 1, 2), (second.Read, second.Accepted, second.Duplicates));
    }

    [Fact]
    public async Task Identical_lines_without_a_key_are_told_and_kept_unless_they_are_to_be_dropped()
    {
        const string Text = "user_id,event_type,item_id,timestamp\na,purchase,t,2026-01-01\na,purchase,t,2026-01-01\n";
        await using var world = await ImportWorld.OpenAsync();
        var kept = (await world.ImportTextAsync(Text)).Value;
        Assert.Equal((2, 0, 1), (kept.Accepted, kept.Duplicates, kept.Identical));
        var dropped = (await world.ImportTextAsync(Text, new ImportChoices(Force: true, DropIdentical: true))).Value;
        Assert.Equal((1, 1, 0), (dropped.Accepted, dropped.Duplicates, dropped.Identical));
    }

    [Fact]
    public async Task Products_are_updated_by_their_id_and_an_undo_brings_the_former_ones_back()
    {
        var upsert = new ImportChoices(ImportMode.Upsert);
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync("item_id,name,category,price\n1,Tea,Food,5\n2,Cup,Home,7\n", upsert);
        var second = (await world.ImportTextAsync("item_id,name,category,price\n1,Tea,Food,6\n2,Cup,Home,7\n3,Pot,Home,9\n", upsert)).Value;
        Assert.Equal((3, 1, 1, 1), (second.Read, second.Accepted, second.Updated, second.Unchanged));
        Assert.Equal(22m, await world.ScalarAsync<decimal>("select sum(price) from products"));
        var record = (await world.Importer.HistoryAsync(world.Scope, Now))[0];
        Assert.True((await world.Importer.UndoAsync(world.Scope, record.Id, Now)).Succeeded);
        Assert.Equal(12m, await world.ScalarAsync<decimal>("select sum(price) from products"));
    }

    [Fact]
    public async Task A_dry_run_that_is_still_at_work_does_not_stop_the_import_of_the_same_kind()
    {
        const string File = "item_id,name,category,price\n1,Tea,Food,5\n2,Cup,Home,7\n";
        await using var world = await ImportWorld.OpenAsync();
        var inspected = await world.InspectAsync(File);
        var task = new ImportTask(world.Scope.Workspace, 0, ReadableFile.Plain(""), TimeZoneInfo.Utc, inspected.Mapping, new ImportChoices(), DryRun: true);
        var warehouse = await world.Studio.Get<WarehouseRegistry>().OpenAsync(world.Scope.Workspace, Now);
        await using var dryRun = await warehouse.BeginAsync(Now);
        await KeyedMerge.For(task).Value!.PrepareAsync(dryRun, Now);

        var imported = await world.ImportTextAsync(File);

        Assert.Null(imported.Problem);
        Assert.Equal(2, imported.Value.Accepted);
    }

    [Fact]
    public async Task Contact_fields_are_stored_protected_and_shown_by_role()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync("user_id,name,email,phone\n7,Ann Example,Ann@Example.test,+49 170 123\n");
        var stored = await world.ScalarAsync<string>("select email_protected from customers");
        Assert.DoesNotContain("example", stored, StringComparison.OrdinalIgnoreCase);
        var contacts = world.Studio.Get<Contacts>();
        Assert.Equal("Ann@Example.test", contacts.Show(world.Scope, stored));
        Assert.Equal("A…n@Example.test", contacts.Show(world.Scope with { Actor = world.Scope.Actor with { Role = Role.Viewer } }, stored));
        Assert.Equal(world.Studio.Get<IContactProtector>().Hash("ann@example.test"), await world.ScalarAsync<string>("select email_hash from customers"));
    }

    [Fact]
    public async Task Every_column_gets_a_role_a_confidence_and_samples_and_the_mapping_round_trips()
    {
        await using var world = await ImportWorld.OpenAsync();
        var inspection = await world.InspectAsync("Kunde;Customer ID;Action;SKU;Created At;Unit Price\nx;=\"0071\";buy;A1;13.02.2026 10:00;12,50\ny;=\"0072\";pv;A2;14.02.2026 11:00;9,99\n");
        Assert.Equal(
            [ColumnRole.Ignore, ColumnRole.UserId, ColumnRole.EventType, ColumnRole.ItemId, ColumnRole.Timestamp, ColumnRole.Price],
            inspection.Suggestions.Select(column => column.Role));
        Assert.All(inspection.Suggestions.Skip(1), column => Assert.InRange(column.Confidence, 0.6, 1));
        Assert.Equal(["buy", "pv"], inspection.Suggestions[2].Samples);
        var mapping = ImportMapping.FromJson(inspection.Mapping.ToJson()).Value;
        Assert.Equal(inspection.Mapping.ToJson(), mapping.ToJson());
        Assert.True(mapping.DecimalComma);
        var report = (await world.Importer.ImportAsync(world.Scope, inspection.ImportId, mapping, new ImportChoices(), Now)).Value;
        Assert.Equal(2, report.Accepted);
        Assert.Equal("0071", await world.ScalarAsync<string>("select user_id from events where event_type = 'purchase'"));
        Assert.Equal(12.5m, await world.ScalarAsync<decimal>("select price from events where event_type = 'purchase'"));
        Assert.Equal(new DateTimeOffset(2026, 2, 13, 9, 0, 0, TimeSpan.Zero), await world.ScalarAsync<DateTimeOffset>("select min(ts) from events"));
    }

    [Fact]
    public async Task A_mapping_is_offered_again_for_a_file_with_the_same_header()
    {
        const string Text = "who,what,which,moment\nann,view,tea,2026-01-01\n";
        await using var world = await ImportWorld.OpenAsync();
        ColumnRole[] roles = [ColumnRole.UserId, ColumnRole.EventType, ColumnRole.ItemId, ColumnRole.Timestamp];
        var first = await world.ImportTextAsync(Text, map: mapping => mapping with { Kind = DatasetKind.Events, EveryRowIs = null, Columns = [.. mapping.Columns.Select((column, at) => column with { Role = roles[at] })] });
        Assert.True(first.Succeeded);
        var again = await world.InspectAsync(Text.Replace("ann", "bob", StringComparison.Ordinal));
        Assert.True(again.Remembered);
        Assert.Equal(roles, again.Mapping.Columns.Select(column => column.Role));
    }

    [Fact]
    public async Task A_cancelled_import_leaves_nothing_and_says_so()
    {
        await using var world = await ImportWorld.OpenAsync();
        var text = ImportWorld.SmallEvents + string.Concat(Enumerable.Range(0, 50_000).Select(row => $"u{row},view,tea,2026-01-01T00:00:00Z\n"));
        var staged = (await world.Importer.StageAsync(world.Scope, new MemoryStream(Encoding.UTF8.GetBytes(text)), "a.csv", null, null, Now)).Value;
        var inspection = (await world.Importer.InspectAsync(world.Scope, staged.Id, null, null, null, Now)).Value;
        using var cancel = new CancellationTokenSource();
        var importing = world.Importer.ImportAsync(world.Scope, staged.Id, inspection.Mapping, new ImportChoices(), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => importing);
        await world.AssertNothingThereAsync();
        Assert.NotEqual(ImportState.Complete, (await world.Importer.FindAsync(world.Scope, staged.Id, Now))!.State);
    }

    [Fact]
    public async Task A_viewer_may_not_import_and_a_marketer_may_not_undo()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(ImportWorld.SmallEvents);
        var record = (await world.Importer.HistoryAsync(world.Scope, Now))[0];
        var marketer = world.Scope with { Actor = world.Scope.Actor with { Role = Role.Marketer } };
        var viewer = world.Scope with { Actor = world.Scope.Actor with { Role = Role.Viewer } };
        Assert.Equal("access.refused", (await world.Importer.UndoAsync(marketer, record.Id, Now)).Problem?.Code);
        Assert.Equal("access.refused", (await world.Importer.StageAsync(viewer, Stream.Null, "a.csv", null, null, Now)).Problem?.Code);
    }

    [Fact]
    public async Task Deleting_a_data_set_removes_its_rows_and_keeps_the_others()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(ImportWorld.SmallEvents);
        await world.ImportTextAsync("text,rating\nlovely,5\ngreat,4\n");
        var sets = world.Studio.Get<DatasetCatalogue>();
        Assert.Equal([(DatasetKind.Events, 3L), (DatasetKind.Reviews, 2L)], (await sets.ListAsync(world.Scope, Now)).Value.Select(set => (set.Kind, set.Rows)));
        Assert.True((await sets.DeleteAsync(world.Scope, DatasetKind.Events, null, Now)).Succeeded);
        Assert.Equal(DatasetKind.Reviews, Assert.Single((await sets.ListAsync(world.Scope, Now)).Value).Kind);
    }

    [Fact, Trait("Row", "H4")]
    public async Task Rejects_are_exported_formula_safe_with_line_column_value_and_reason()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(ImportWorld.SmallEvents + "x,=cmd|' /C calc'!A0,y,2026-01-01\n");
        var file = new MemoryStream();
        Assert.Equal(1, (await world.Studio.Get<TableExport>().WriteAsync(world.Scope, new ExportQuestion(ExportWhat.Rejects, 1), ExportFormat.Csv, file, Now)).Value);
        var lines = Encoding.UTF8.GetString(file.ToArray()).Split("\r\n");
        Assert.Equal("\uFEFFimport,line,column,value,reason,reason_code", lines[0]);
        Assert.StartsWith("1,5,event_type,'=cmd|' /C calc'!A0,", lines[1], StringComparison.Ordinal);
    }
}
