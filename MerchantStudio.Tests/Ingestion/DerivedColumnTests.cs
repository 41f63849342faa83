using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Recognition;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>Columns that the file does not have, and ids that are written in several ways.</summary>
public sealed class DerivedColumnTests
{
    private static readonly (string Column, ColumnRole Role)[] Shopper = [("who", ColumnRole.UserId), ("what", ColumnRole.ItemId)];

    [Fact]
    public async Task Joined_constant_part_and_field_columns_are_made_for_every_row()
    {
        const string Text = "who;what;day;hour;path;info\nann;tea;01.03.2026;10:00;Home > Tea > Green;\"{\"\"device\"\":{\"\"type\"\":\"\"mobile\"\"},\"\"n\"\":2}\"\nbob;cup;02.03.2026;11:30;Home;oops\n";
        await using var world = await ImportWorld.OpenAsync();
        var report = (await world.ImportTextAsync(Text, map: mapping => Mapped(
            mapping,
            new DerivedColumn(ColumnRole.Timestamp, DerivedHow.Join, ["day", "hour"], " "),
            new DerivedColumn(ColumnRole.EventType, DerivedHow.Constant, [], "view"),
            new DerivedColumn(ColumnRole.Category, DerivedHow.Part, ["path"], ">", -2),
            new DerivedColumn(ColumnRole.Device, DerivedHow.Field, ["info"], "device.type")))).Value;
        Assert.Equal((2, 2), (report.Read, report.Accepted));
        Assert.Equal(
            "ann 2026-03-01 09:00:00 view Tea mobile",
            await world.ScalarAsync<string>("select concat_ws(' ', user_id, ts, event_type, category, device) from events where item_id = 'tea'"));
        Assert.Equal("bob 2026-03-02 10:30:00 view", await world.ScalarAsync<string>("select concat_ws(' ', user_id, ts, event_type, category, device) from events where item_id = 'cup'"));
    }

    [Fact]
    public async Task Columns_that_say_by_which_link_a_visit_came_are_kept_beside_the_row_whatever_else_they_are_mapped_to()
    {
        await using var world = await ImportWorld.OpenAsync();
        var report = (await world.ImportTextAsync("user_id,event_type,item_id,timestamp,utm_source,utm_campaign\nann,view,tea,2026-03-01T10:00:00Z,news,春\nbob,view,cup,2026-03-02T11:00:00Z,,\ncleo,view,cup,2026-03-02T11:00:00Z,x@y.test,\n")).Value;
        Assert.Equal(3, report.Accepted);
        Assert.Equal("news 春", await world.ScalarAsync<string>("select json_extract_string(properties, '$.utm_source') || ' ' || json_extract_string(properties, '$.utm_campaign') from events where user_id = 'ann'"));
        Assert.Equal(1L, await world.ScalarAsync<long>("select count(properties) from events"));
    }

    [Fact]
    public async Task The_address_of_a_page_is_read_for_a_link_where_no_column_names_one()
    {
        await using var world = await ImportWorld.OpenAsync();
        var report = (await world.ImportTextAsync("""
            user_id,event_type,item_id,timestamp,utm_source,context.page.url
            ann,view,tea,2026-03-01T10:00:00Z,,https://shop.test/?utm_source=a%20b&utm_campaign=%E6%98%A5
            bob,view,tea,2026-03-01T10:00:00Z,news,https://shop.test/?utm_source=other&utm_campaign=other
            cleo,view,tea,2026-03-01T10:00:00Z,,not an address ?utm_source=x

            """)).Value;
        Assert.Equal(3, report.Accepted);
        Assert.Equal("a b 春", await world.ScalarAsync<string>("select json_extract_string(properties, '$.utm_source') || ' ' || json_extract_string(properties, '$.utm_campaign') from events where user_id = 'ann'"));
        Assert.Equal("""{"utm_source":"news"}""", await world.ScalarAsync<string>("select properties from events where user_id = 'bob'"));
        Assert.Equal(2L, await world.ScalarAsync<long>("select count(properties) from events"));
    }

    [Fact]
    public async Task A_joined_value_with_a_part_missing_is_empty_and_the_row_says_which_column()
    {
        await using var world = await ImportWorld.OpenAsync();
        var report = (await world.ImportTextAsync("who,what,day,hour\nann,tea,2026-03-01,10:00\nbob,cup,2026-03-02,\n", map: mapping => Mapped(
            mapping,
            new DerivedColumn(ColumnRole.Timestamp, DerivedHow.Join, ["day", "hour"], " "),
            new DerivedColumn(ColumnRole.EventType, DerivedHow.Constant, [], "view")))).Value;
        Assert.Equal((1, 1), (report.Accepted, report.Rejected));
        Assert.Equal(("missing_time", "day", 3L), (report.Reasons[0].Code, report.Reasons[0].Column, report.Reasons[0].ExampleLine));
    }

    [Fact]
    public async Task An_unfinished_one_or_one_of_a_column_that_is_not_there_stops_the_import_with_its_name()
    {
        const string Text = "who,what,when\nann,tea,2026-03-01\n";
        await using var world = await ImportWorld.OpenAsync();
        var unfinished = await world.ImportTextAsync(Text, map: mapping => Mapped(mapping, new DerivedColumn(ColumnRole.EventType, DerivedHow.Constant, [], " "), Time));
        Assert.Equal("import.derived-unfinished", unfinished.Problem?.Code);
        var absent = await world.ImportTextAsync(Text, map: mapping => Mapped(mapping, new DerivedColumn(ColumnRole.EventType, DerivedHow.Field, ["info"], "type"), Time));
        Assert.Equal("import.column-missing", absent.Problem?.Code);
        await world.AssertNothingThereAsync();
    }

    [Fact]
    public async Task A_mapping_with_derived_columns_round_trips_and_counts_for_the_required_roles()
    {
        await using var world = await ImportWorld.OpenAsync();
        var inspection = await world.InspectAsync("who,what,when\nann,tea,2026-03-01\n");
        var mapping = Mapped(inspection.Mapping, new DerivedColumn(ColumnRole.EventType, DerivedHow.Constant, [], "view"), Time);
        Assert.Null(mapping.Check());
        Assert.Equal(mapping.ToJson(), ImportMapping.FromJson(mapping.ToJson()).Value.ToJson());
        Assert.Equal("import.roles-missing", (mapping with { Derived = [] }).Check()?.Code);
        Assert.Equal("import.role-twice", (mapping with { Derived = [.. mapping.Derived, Time] }).Check()?.Code);
    }

    [Fact]
    public async Task Ids_in_full_width_letters_and_mails_in_capitals_are_one_shopper_each_and_other_ids_keep_their_case()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync("""
            user_id,event_type,item_id,timestamp
            Ann@Example.test,view,Ａ－１,2026-01-01
             ann@example.test ,view,A-1,2026-01-02
            ａｎｎ＠example.test,view,a-1,2026-01-03
            ="007",view,'012,2026-01-04

            """);
        Assert.Equal(2, await world.ScalarAsync<long>("select count(distinct user_id) from events"));
        Assert.Equal("012,A-1,a-1", await world.ScalarAsync<string>("select string_agg(distinct item_id, ',' order by item_id) from events"));
        Assert.Equal(1, await world.ScalarAsync<long>("select count(*) from events where user_id = '007'"));
    }

    private static DerivedColumn Time => new(ColumnRole.Timestamp, DerivedHow.Join, ["when", "what"], "");

    private static ImportMapping Mapped(ImportMapping mapping, params DerivedColumn[] derived) => mapping with
    {
        Kind = DatasetKind.Events,
        Preset = null,
        EveryRowIs = null,
        DateOrder = Core.Ingestion.Values.DateOrder.DayFirst,
        Columns = [.. mapping.Columns.Select(column => column with { Role = Shopper.FirstOrDefault(known => known.Column == column.Name).Role })],
        Derived = [.. derived],
    };
}
