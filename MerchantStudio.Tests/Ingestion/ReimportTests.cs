using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Recognition;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>What becomes of the data when a file comes again with other values.</summary>
public sealed class ReimportTests
{
    private const string EventHead = "user_id,event_type,item_id,timestamp,message_id,channel,price\n";
    private static readonly ImportChoices Upsert = new(ImportMode.Upsert);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_are_updated_by_their_message_id()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(EventHead + "ann,view,tea,2026-01-01,m1,web,5\nann,view,cup,2026-01-02,m2,web,6\nbob,view,cup,2026-01-03,,web,6\n");
        var report = (await world.ImportTextAsync(EventHead + "ann,view,tea,2026-01-01,m1,app,5\nann,view,cup,2026-01-02,m2,web,6\nbob,view,cup,2026-01-04,m3,web,6\n", Upsert)).Value;
        Assert.Equal((3, 1, 1, 1, 0), (report.Read, report.Accepted, report.Updated, report.Unchanged, report.Duplicates));
        Assert.Equal(4, await world.ScalarAsync<long>("select count(*) from events"));
        Assert.Equal("app", await world.ScalarAsync<string>("select channel from events where message_id = 'm1'"));
    }

    [Fact]
    public async Task The_dry_run_counts_the_same_and_changes_nothing()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(EventHead + "ann,view,tea,2026-01-01,m1,web,5\n");
        var inspected = await world.InspectAsync(EventHead + "ann,view,tea,2026-01-01,m1,app,5\nann,view,cup,2026-01-02,m2,web,6\n");
        var tried = (await world.Importer.TryAsync(world.Scope, inspected.ImportId, inspected.Mapping, Upsert, null, Now)).Value;
        Assert.Equal((2, 1, 1), (tried.Read, tried.Accepted, tried.Updated));
        Assert.Equal("web", await world.ScalarAsync<string>("select max(channel) from events"));
    }

    [Fact]
    public async Task An_update_takes_no_value_away_and_fills_only_blanks_where_that_is_chosen()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync("item_id,name,category,price\n1,Tea,Food,5\n2,Cup,,7\n", Upsert);
        var choices = Upsert with { FillBlanks = [ColumnRole.Category] };
        var report = (await world.ImportTextAsync("item_id,category,price\n1,Drinks,\n2,Home,8\n", choices)).Value;
        Assert.Equal((0, 1, 1), (report.Accepted, report.Updated, report.Unchanged));
        Assert.Equal("Tea Food 5.0000", await world.ScalarAsync<string>("select concat_ws(' ', name, category, price) from products where item_id = '1'"));
        Assert.Equal("Cup Home 8.0000", await world.ScalarAsync<string>("select concat_ws(' ', name, category, price) from products where item_id = '2'"));
    }

    [Fact]
    public async Task Reviews_without_an_id_are_updated_by_chosen_columns()
    {
        const string Head = "user_id,item_id,text,rating\n";
        var choices = Upsert with { Keys = [ColumnRole.UserId, ColumnRole.ItemId] };
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(Head + "ann,tea,lovely,5\nbob,tea,fine,4\n");
        var report = (await world.ImportTextAsync(Head + "ann,tea,lovely but cold,3\ncyd,tea,good,4\n", choices)).Value;
        Assert.Equal((1, 1), (report.Accepted, report.Updated));
        Assert.Equal(3.0, await world.ScalarAsync<double>("select rating from reviews where user_id = 'ann'"));
    }

    [Fact]
    public async Task A_key_that_meets_several_rows_or_is_not_in_the_file_changes_nothing()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(EventHead + "ann,view,tea,2026-01-01,m1,web,5\nann,view,tea,2026-01-02,m2,web,5\n");
        var vague = await world.ImportTextAsync(EventHead + "ann,view,tea,2026-01-03,m3,app,5\n", Upsert with { Keys = [ColumnRole.UserId, ColumnRole.ItemId] });
        Assert.Equal("import.key-not-unique", vague.Problem?.Code);
        var absent = await world.ImportTextAsync(EventHead + "ann,view,tea,2026-01-03,m3,app,6\n", Upsert with { Keys = [ColumnRole.OrderId] });
        Assert.Equal("import.key-not-mapped", absent.Problem?.Code);
        var none = await world.ImportTextAsync(ImportWorld.SmallEvents, Upsert);
        Assert.Equal("import.no-key", none.Problem?.Code);
        Assert.Equal(2, await world.ScalarAsync<long>("select count(*) from events"));
    }

    [Fact]
    public async Task Updates_are_undone_in_any_order()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(EventHead + "ann,view,tea,2026-01-01,m1,web,5\nann,view,cup,2026-01-02,m2,web,6\n");
        await world.ImportTextAsync(EventHead + "ann,view,tea,2026-01-01,m1,app,5\n", Upsert);
        await world.ImportTextAsync(EventHead + "ann,view,tea,2026-01-01,m1,mail,5\n", Upsert);
        var imports = await world.Importer.HistoryAsync(world.Scope, Now);
        Assert.True((await world.Importer.UndoAsync(world.Scope, imports[1].Id, Now)).Succeeded);
        Assert.Equal("mail", await world.ScalarAsync<string>("select channel from events where message_id = 'm1'"));
        Assert.True((await world.Importer.UndoAsync(world.Scope, imports[0].Id, Now)).Succeeded);
        Assert.Equal("web", await world.ScalarAsync<string>("select channel from events where message_id = 'm1'"));
        Assert.Equal(2, await world.ScalarAsync<long>("select count(*) from events"));
        Assert.Equal(0, await world.ScalarAsync<long>("select count(*) from replaced_events"));
    }

    [Fact]
    public async Task A_replacement_of_everything_is_undone_row_by_row()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync("item_id,name,price\n1,Tea,5\n2,Cup,7\n", Upsert);
        await world.ImportTextAsync("item_id,name,price\n1,Tea,6\n3,Pot,9\n", new ImportChoices(ImportMode.Replace));
        await world.ImportTextAsync("item_id,name,price\n1,Tea,8\n", Upsert);
        Assert.Equal(17m, await world.ScalarAsync<decimal>("select sum(price) from products"));
        var imports = await world.Importer.HistoryAsync(world.Scope, Now);
        Assert.True((await world.Importer.UndoAsync(world.Scope, imports[1].Id, Now)).Succeeded);
        Assert.Equal(15m, await world.ScalarAsync<decimal>("select sum(price) from products"));
        Assert.True((await world.Importer.UndoAsync(world.Scope, imports[0].Id, Now)).Succeeded);
        Assert.Equal(12m, await world.ScalarAsync<decimal>("select sum(price) from products"));
    }

    [Fact]
    public async Task A_review_inside_an_updated_event_replaces_the_one_before()
    {
        const string Head = "user_id,event_type,item_id,timestamp,message_id,rating,review_text\n";
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(Head + "ann,review,tea,2026-01-01,m1,5,lovely\n");
        var again = (await world.ImportTextAsync(Head + "ann,review,tea,2026-01-01,m1,5,lovely\nbob,view,tea,2026-01-01,m2,,\n", Upsert)).Value;
        Assert.Equal((1, 0, 1), (again.Accepted, again.Updated, again.Unchanged));
        var changed = (await world.ImportTextAsync(Head + "ann,review,tea,2026-01-01,m1,2,it broke\n", Upsert)).Value;
        Assert.Equal(1, changed.Updated);
        Assert.Equal((1L, "it broke"), (await world.ScalarAsync<long>("select count(*) from reviews"), await world.ScalarAsync<string>("select max(text) from reviews")));
        var last = (await world.Importer.HistoryAsync(world.Scope, Now))[0];
        Assert.True((await world.Importer.UndoAsync(world.Scope, last.Id, Now)).Succeeded);
        Assert.Equal("lovely", await world.ScalarAsync<string>("select max(text) from reviews"));
    }
}
