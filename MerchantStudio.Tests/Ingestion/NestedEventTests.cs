using System.Text;
using System.Text.Json;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Ingestion.Formats;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>Events whose items stand in a list become a row each: GA4's export to BigQuery, Segment's calls, Klaviyo's order lines.</summary>
public sealed class NestedEventTests
{
    private const string Rows = """
        select concat_ws('|', event_type, coalesce(order_id, '-'), coalesce(cast(line_no as varchar), '-'), coalesce(item_id, '-'), coalesce(item_name, '-'), coalesce(category, '-'), coalesce(brand, '-'),
               coalesce(cast(price as varchar), '-'), coalesce(cast(quantity as varchar), '-'), coalesce(currency, '-'))
        from events order by ts, source_line
        """;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    /// <summary>As bq extract writes it: whole numbers as texts, repeated records as lists.</summary>
    private static string Ga4(string name, long at, string items, string parameters = "", string more = "") => $$"""
        {"event_date":"20260601","event_timestamp":"{{at}}","event_name":"{{name}}","event_params":[{"key":"ga_session_id","value":{"int_value":"1780308000"} },{"key":"page_location","value":{"string_value":"https://shop.example/"} }{{parameters}}],"event_bundle_sequence_id":"5","user_id":null,"user_pseudo_id":"1111.2222","user_properties":[],"device":{"category":"mobile","operating_system":"Android"},"geo":{"country":"Germany"},"traffic_source":{"name":"(direct)","medium":"(none)","source":"google"},"stream_id":"77","platform":"WEB"{{more}},"items":[{{items}}]}
        """.ReplaceLineEndings("");

    private const string Cup = """{"item_id":"CUP","item_name":"Blue cup","item_brand":"Kiln","item_variant":"(not set)","item_category":"Cups","price_in_usd":13.0,"price":12.5,"quantity":"2","item_revenue":25.0,"coupon":"(not set)","item_params":[{"key":"colour","value":{"string_value":"blue"} }]}""";
    private const string Pot = """{"item_id":"POT","item_name":"Tea pot","item_brand":"(not set)","item_category":"Pots","price":40,"quantity":null}""";
    private const string Order = """,{"key":"currency","value":{"string_value":"EUR"} },{"key":"value","value":{"double_value":65.0} },{"key":"transaction_id","value":{"string_value":"T-1"} }""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_GA4_export_is_a_row_an_item(bool asDocument)
    {
        await using var world = await ImportWorld.OpenAsync();
        string[] events =
        [
            Ga4("session_start", 1780308000000000, ""),
            Ga4("page_view", 1780308000000001, ""),
            Ga4("view_item", 1780308001000000, Cup, """,{"key":"currency","value":{"string_value":"EUR"} }"""),
            Ga4("add_to_cart", 1780308002000000, Cup + "," + Pot),
            Ga4("purchase", 1780308003000000, Cup + "," + Pot, Order, ""","ecommerce":{"transaction_id":"T-1","purchase_revenue":65.0,"unique_items":"2"} """),
            Ga4("refund", 1780308004000000, Cup, Order),
            Ga4("refund", 1780308005000000, "", """,{"key":"currency","value":{"string_value":"EUR"} },{"key":"value","value":{"int_value":"40"} }""", ""","ecommerce":{"transaction_id":"T-1"} """),
        ];
        var text = asDocument ? $"[{string.Join(",\n", events)}]" : string.Join('\n', events);
        var report = (await world.ImportTextAsync(text, name: "ga4.json")).Value;
        Assert.Equal((DatasetKind.Events, 9L, 8L, 1L), (report.Kind, report.Read, report.Accepted, report.Rejected));
        Assert.Equal("session_start", Assert.Single(report.Reasons).ExampleValue);
        Assert.Equal(
            [
                "view|-|1|-|-|-|-|-|-|-", "view|-|1|CUP|Blue cup|Cups|Kiln|12.5000|2|EUR", "add_to_cart|-|1|CUP|Blue cup|Cups|Kiln|12.5000|2|-", "add_to_cart|-|2|POT|Tea pot|Pots|-|40.0000|-|-",
                "purchase|T-1|1|CUP|Blue cup|Cups|Kiln|12.5000|2|EUR", "purchase|T-1|2|POT|Tea pot|Pots|-|40.0000|1|EUR", "refund|T-1|1|CUP|Blue cup|Cups|Kiln|12.5000|2|EUR", "refund|T-1|1|-|-|-|-|40.0000|1|EUR",
            ],
            await RowsAsync(world, Rows));
        Assert.Equal(
            ["1111.2222|1780308000|mobile|Germany|google|2026-06-01 10:00:03"],
            await RowsAsync(world, "select distinct concat_ws('|', anonymous_id, session_id, device, region, channel, cast(ts as varchar)) from events where event_type = 'purchase'"));
    }

    [Fact]
    public async Task Items_that_come_up_late_still_have_their_columns()
    {
        await using var world = await ImportWorld.OpenAsync();
        var views = Enumerable.Range(0, 1_500).Select(number => Ga4("page_view", 1780308000000000 + number, ""));
        var report = (await world.ImportTextAsync(string.Join('\n', views.Append(Ga4("purchase", 1780309000000000, Cup, Order))), name: "ga4.json")).Value;
        Assert.Equal(1_501, report.Accepted);
        Assert.Equal(["purchase|T-1|1|CUP|Blue cup|Cups|Kiln|12.5000|2|EUR"], await RowsAsync(world, Rows.Replace("from events", "from events where event_type = 'purchase'", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_overlapping_GA4_export_adds_no_order_twice_and_a_broken_item_costs_its_event_alone()
    {
        await using var world = await ImportWorld.OpenAsync();
        var bought = Ga4("purchase", 1780308003000000, Cup + "," + Pot, Order);
        Assert.Equal(2, (await world.ImportTextAsync(bought, name: "one.json")).Value.Accepted);
        var second = (await world.ImportTextAsync(bought + "\n" + Ga4("view_item", 1780308006000000, """{"item_id":"\ud800"}""") + "\n" + Ga4("view_item", 1780308007000000, Pot), name: "two.json")).Value;
        Assert.Equal((1L, 2L, 1L), (second.Accepted, second.Duplicates, second.Rejected));
        Assert.Equal(2, Assert.Single(second.Reasons).ExampleLine);
    }

    [Fact]
    public async Task Overlapping_GA4_exports_bring_every_event_once_and_a_sale_that_is_reported_again_is_one_sale()
    {
        await using var world = await ImportWorld.OpenAsync();
        string[] events =
        [
            Ga4("page_view", 1780308000000000, ""),
            Ga4("view_item", 1780308001000000, Cup),
            Ga4("view_item", 1780308001000000, Pot),
            Ga4("view_item", 1780308002000000, Cup, "", ""","batch_event_index":"1" """),
            Ga4("view_item", 1780308002000000, Cup, "", ""","batch_event_index":"2" """),
            Ga4("add_to_cart", 1780308003000000, Cup + "," + Pot),
            Ga4("purchase", 1780308004000000, Cup + "," + Pot, Order),
        ];
        var first = (await world.ImportTextAsync(string.Join('\n', events[..5]), name: "one.json")).Value;
        Assert.Equal((5L, 5L, 0L), (first.Read, first.Accepted, first.Duplicates));
        var second = (await world.ImportTextAsync(string.Join('\n', events), name: "two.json")).Value;
        Assert.Equal((9L, 4L, 5L), (second.Read, second.Accepted, second.Duplicates));
        var third = (await world.ImportTextAsync(string.Join('\n', [.. events, Ga4("purchase", 1780309999000000, Cup + "," + Pot, Order)]), new ImportChoices(ImportMode.Upsert), name: "three.json")).Value;
        Assert.Equal(0, third.Accepted);
        Assert.Equal(9, await world.ScalarAsync<long>("select count(*) from events"));
        Assert.Equal(7, await world.ScalarAsync<long>("select count(distinct message_id) from events where length(message_id) = 32"));
    }

    [Fact]
    public async Task GA4s_nested_columns_in_Parquet_are_a_row_an_item_and_meet_the_JSON_of_the_same_events()
    {
        await using var world = await ImportWorld.OpenAsync();
        using var made = new FormatWorld();
        var file = made.Parquet("""
            select '20260601' as event_date, moment as event_timestamp, name as event_name, parameters as event_params, 5::bigint as event_bundle_sequence_id, null::varchar as user_id, '1111.2222' as user_pseudo_id,
                   {'category': 'mobile'} as device, {'country': 'Germany'} as geo, {'name': '(direct)', 'medium': '(none)', 'source': 'google'} as traffic_source, '77' as stream_id, 'WEB' as platform,
                   {'transaction_id': case when name = 'purchase' then 'T-1' end, 'purchase_revenue': 65.0::double} as ecommerce, items
            from (values
                (1780308000000000, 'page_view', [{'key': 'ga_session_id', 'value': {'string_value': null::varchar, 'int_value': 1780308000}}], []::struct(item_id varchar, item_name varchar, item_brand varchar, item_category varchar, price double, quantity bigint)[]),
                (1780308003000000, 'purchase', [{'key': 'ga_session_id', 'value': {'string_value': null, 'int_value': 1780308000}}, {'key': 'currency', 'value': {'string_value': 'EUR', 'int_value': null}}],
                 [{'item_id': 'CUP', 'item_name': 'Blue cup', 'item_brand': 'Kiln', 'item_category': 'Cups', 'price': 12.5, 'quantity': 2}, {'item_id': 'POT', 'item_name': 'Tea pot', 'item_brand': '(not set)', 'item_category': 'Pots', 'price': 40.0, 'quantity': null}]),
                (1780308004000000, 'view_item', null, null)) as t(moment, name, parameters, items)
            """);
        var report = (await world.ImportAsync(file, name: "ga4.parquet")).Value;
        Assert.Equal((DatasetKind.Events, 4L, 4L), (report.Kind, report.Read, report.Accepted));
        Assert.Equal(["view|-|1|-|-|-|-|-|-|-", "purchase|T-1|1|CUP|Blue cup|Cups|Kiln|12.5000|2|EUR", "purchase|T-1|2|POT|Tea pot|Pots|-|40.0000|1|EUR", "view|-|1|-|-|-|-|-|-|-"], await RowsAsync(world, Rows));
        Assert.Equal(["1111.2222|1780308000|mobile|Germany|google"], await RowsAsync(world, "select distinct concat_ws('|', anonymous_id, session_id, device, region, channel) from events where event_type = 'purchase'"));
        var again = (await world.ImportTextAsync(Ga4("page_view", 1780308000000000, "") + "\n" + Ga4("purchase", 1780308003000000, Cup + "," + Pot, Order), name: "ga4.json")).Value;
        Assert.Equal((0L, 3L), (again.Accepted, again.Duplicates));
    }

    [Fact]
    public async Task GA4s_lists_in_the_cells_of_a_table_are_a_row_an_item_and_meet_the_JSON_of_the_same_events()
    {
        await using var world = await ImportWorld.OpenAsync();
        string[] events = [Ga4("page_view", 1780308000000000, ""), Ga4("purchase", 1780308003000000, Cup + "," + Pot, Order)];
        var report = (await world.ImportTextAsync(AsTable(events))).Value;
        Assert.Equal((DatasetKind.Events, 3L, 3L), (report.Kind, report.Read, report.Accepted));
        var rows = await RowsAsync(world, Rows);
        Assert.Equal(["purchase|T-1|1|CUP|Blue cup|Cups|Kiln|12.5000|2|EUR"], rows.Where(row => row.Contains("CUP", StringComparison.Ordinal)));
        var again = (await world.ImportTextAsync(string.Join('\n', events), name: "ga4.json")).Value;
        Assert.Equal((0L, 3L), (again.Accepted, again.Duplicates));
        Assert.Equal(rows, await RowsAsync(world, Rows));

        static string AsTable(string[] lines)
        {
            var records = lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
            var names = records.SelectMany(record => record.EnumerateObject().Select(field => field.Name)).Distinct().ToList();
            var text = string.Join(',', names) + "\n";
            foreach (var record in records)
                text += string.Join(',', names.Select(name => record.TryGetProperty(name, out var value) ? $"\"{(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()).Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : "")) + "\n";
            return text;
        }
    }

    [Fact]
    public async Task A_flattened_GA4_table_gets_ids_of_its_own_and_overlaps_without_repeating()
    {
        await using var world = await ImportWorld.OpenAsync();
        const string Header = "event_timestamp,event_name,user_pseudo_id,event_bundle_sequence_id,ga_session_id,item_id,price,quantity,transaction_id\n";
        const string Viewed = "1780308000000000,page_view,1.1,4,s1,,,,\n1780308001000000,view_item,1.1,5,s1,CUP,10,,\n1780308001000000,view_item,1.1,5,s1,POT,20,,\n1780308001000000,view_item,1.1,6,s1,POT,20,,\n1780308001000000,view_item,2.2,5,s2,POT,20,,\n";
        var first = (await world.ImportTextAsync(Header + Viewed)).Value;
        Assert.Equal((5L, 5L), (first.Read, first.Accepted));
        var second = (await world.ImportTextAsync(Header + Viewed + "1780308009000000,purchase,1.1,7,s1,CUP,10,1,T-1\n1780308009000000,purchase,1.1,7,s1,POT,20,1,T-1\n", name: "next.csv")).Value;
        Assert.Equal((7L, 2L, 5L), (second.Read, second.Accepted, second.Duplicates));
        Assert.Equal(["CUP", "POT"], await RowsAsync(world, "select item_id from events where event_type = 'purchase' order by 1"));
    }

    [Theory]
    [InlineData("id,anonymous_id,user_id,event,event_text,timestamp,original_timestamp,received_at,order_id,revenue,discount,currency,product_id,price,products\n", true)]
    [InlineData("messageId,anonymousId,userId,type,event,timestamp,originalTimestamp,receivedAt,properties\n", false)]
    public async Task Lists_in_the_cells_of_a_Segment_export_are_a_line_each(string header, bool isTable)
    {
        await using var world = await ImportWorld.OpenAsync();
        static string Cell(string json) => $"\"{json.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var products = Products(("cup", "30", 1), ("pot", "10", 2));
        string Row(string id, string name, string text, string at, string order, string list, string product) => isTable
            ? $"{id},a1,u1,{name},{text},{at},{at},{at},{order},{(order.Length > 0 ? "45,5" : ",")},EUR,{(product.Length > 0 ? product + ",30" : ",")},{(list.Length > 0 ? Cell(list) : "")}\n"
            : $"{id},a1,u1,track,{text},{at},{at},{at},{Cell("{" + string.Join(',', new[] { "\"currency\":\"EUR\"", order.Length > 0 ? $"\"order_id\":\"{order}\",\"revenue\":45,\"discount\":5" : "", product.Length > 0 ? $"\"product_id\":\"{product}\",\"price\":30" : "", list.Length > 0 ? $"\"products\":{list}" : "" }.Where(part => part.Length > 0)) + "}")}\n";
        var text = header + Row("m1", "product_viewed", "Product Viewed", "2026-06-01T10:00:00Z", "", "", "cup") + Row("m2", "order_completed", "Order Completed", "2026-06-01T10:05:00Z", "o1", products, "")
            + "m3,a1\n" + Row("m4", "order_refunded", "Order Refunded", "2026-06-02T10:05:00Z", "o1", Products(("pot", "10", 1)), "");
        var report = (await world.ImportTextAsync(text)).Value;
        Assert.Equal((5L, 4L, 1L), (report.Read, report.Accepted, report.Rejected));
        Assert.Equal(4, Assert.Single(report.Reasons).ExampleLine);
        string[] expected = ["view|-|cup|30.0000|-|-", "purchase|o1|cup|30.0000|1|3.0000", "purchase|o1|pot|10.0000|2|2.0000", "refund|o1|pot|10.0000|1|5.0000"];
        Assert.Equal(expected, await RowsAsync(world, "select concat_ws('|', event_type, coalesce(order_id, '-'), item_id, price, coalesce(cast(quantity as varchar), '-'), coalesce(cast(discount as varchar), '-')) from events order by ts, source_line"));
        var again = (await world.ImportTextAsync(text + Row("m5", "product_viewed", "Product Viewed", "2026-06-03T10:00:00Z", "", "", "pot"), name: "again.csv")).Value;
        Assert.Equal((1L, 4L), (again.Accepted, again.Duplicates));
    }

    /// <summary>A call as Segment keeps it.</summary>
    internal static string Segment(string name, string message, string at, string properties) =>
        $$"""{"anonymousId":"a1","userId":"u1","type":"track","event":"{{name}}","messageId":"{{message}}","timestamp":"{{at}}","originalTimestamp":"{{at}}","sentAt":"{{at}}","receivedAt":"{{at}}","context":{"ip":"203.0.113.9","library":{"name":"analytics.js","version":"2.11.1"},"page":{"path":"/"} },"integrations":{"All":true},"properties":{{properties}}}""";

    private static string Products(params (string Id, string Price, int Quantity)[] products) =>
        "[" + string.Join(',', products.Select(product => $$"""{"product_id":"{{product.Id}}","sku":"s-{{product.Id}}","name":"{{product.Id}}","category":"Tea","brand":"Kiln","price":{{product.Price}},"quantity":{{product.Quantity}},"position":1}""")) + "]";

    [Fact]
    public async Task Segments_products_are_lines_and_an_order_discount_is_spread_over_them()
    {
        await using var world = await ImportWorld.OpenAsync();
        string[] calls =
        [
            """{"anonymousId":"a1","userId":"u1","type":"identify","messageId":"m0","timestamp":"2026-06-01T09:00:00Z","originalTimestamp":"2026-06-01T09:00:00Z","sentAt":"2026-06-01T09:00:00Z","receivedAt":"2026-06-01T09:00:00Z","traits":{"plan":"x"}}""",
            Segment("Product Viewed", "m1", "2026-06-01T10:00:00Z", """{"product_id":"cup","price":30,"currency":"EUR"}"""),
            Segment("Order Completed", "m2", "2026-06-01T10:05:00Z", $$"""{"order_id":"o1","revenue":45,"discount":5,"currency":"EUR","products":{{Products(("cup", "30", 1), ("pot", "10", 2))}}}"""),
            Segment("Order Refunded", "m3", "2026-06-02T10:05:00Z", $$"""{"order_id":"o1","currency":"EUR","products":{{Products(("pot", "10", 1))}}}"""),
            Segment("Order Completed", "m4", "2026-06-03T10:05:00Z", """{"order_id":"o2","revenue":19.9,"discount":2,"total":25,"currency":"EUR"}"""),
        ];
        var report = (await world.ImportTextAsync(string.Join('\n', calls), name: "segment.json")).Value;
        Assert.Equal((5L, 1L), (report.Accepted, report.Rejected));
        Assert.Equal(
            ["view|-|1|cup|-|-|-|30.0000|-|EUR", "purchase|o1|1|cup|cup|Tea|Kiln|30.0000|1|EUR", "purchase|o1|2|pot|pot|Tea|Kiln|10.0000|2|EUR", "refund|o1|1|pot|pot|Tea|Kiln|10.0000|1|EUR", "purchase|o2|1|-|-|-|-|19.9000|1|EUR"],
            await RowsAsync(world, Rows));
        Assert.Equal(["3.0000", "2.0000"], await RowsAsync(world, "select cast(discount as varchar) from events where discount is not null order by source_line"));
        Assert.Equal(["m2|m2"], await RowsAsync(world, "select string_agg(message_id, '|') from events where order_id = 'o1' and event_type = 'purchase'"));
    }

    [Fact]
    public async Task An_updated_order_replaces_its_lines_within_a_file_and_across_files_and_undo_brings_them_back()
    {
        await using var world = await ImportWorld.OpenAsync();
        var placed = Segment("Order Completed", "m1", "2026-06-01T10:00:00Z", $$"""{"order_id":"o1","products":{{Products(("cup", "10", 1), ("pot", "20", 1), ("tea", "5", 1))}}}""");
        var other = Segment("Order Completed", "m9", "2026-06-01T12:00:00Z", $$"""{"order_id":"o2","products":{{Products(("cup", "10", 7))}}}""");
        var first = Segment("Order Updated", "m2", "2026-06-02T10:00:00Z", $$"""{"order_id":"o1","products":{{Products(("cup", "10", 2), ("pot", "20", 1), ("tea", "5", 1))}}}""");
        var second = Segment("Order Updated", "m3", "2026-06-03T10:00:00Z", $$"""{"order_id":"o1","products":{{Products(("cup", "10", 3), ("jar", "7", 1))}}}""");
        const string Lines = "select concat_ws('|', order_id, line_no, item_id, quantity, cast(ts as varchar)) from events where event_type = 'purchase' order by order_id, line_no";
        string[] before = ["o1|1|cup|2|2026-06-01 10:00:00", "o1|2|pot|1|2026-06-01 10:00:00", "o1|3|tea|1|2026-06-01 10:00:00", "o2|1|cup|7|2026-06-01 12:00:00"];
        string[] after = ["o1|1|cup|3|2026-06-01 10:00:00", "o1|2|jar|1|2026-06-01 10:00:00", "o2|1|cup|7|2026-06-01 12:00:00"];

        var one = (await world.ImportTextAsync(placed + "\n" + other + "\n" + first, name: "one.json")).Value;
        Assert.Equal((7L, 4L, 3L, 0L), (one.Read, one.Accepted, one.Duplicates, one.Updated));
        Assert.Equal(before, await RowsAsync(world, Lines));

        var staged = (await world.Importer.StageAsync(world.Scope, new MemoryStream(Encoding.UTF8.GetBytes(second + "\n" + Segment("Product Viewed", "m5", "2026-06-03T11:00:00Z", """{"product_id":"cup"}"""))), "two.json", null, null, Now)).Value;
        var mapping = (await world.Importer.InspectAsync(world.Scope, staged.Id, null, null, null, Now)).Value.Mapping;
        var two = (await world.Importer.ImportAsync(world.Scope, staged.Id, mapping, new ImportChoices(), Now)).Value;
        Assert.Equal((3L, 1L, 0L, 2L), (two.Read, two.Accepted, two.Duplicates, two.Updated));
        Assert.Equal(after, await RowsAsync(world, Lines));

        // The next export has all of it once more: nothing doubles and nothing that gave way returns.
        var again = (await world.ImportTextAsync(placed + "\n" + other + "\n" + first + "\n" + second, name: "three.json")).Value;
        Assert.Equal((9L, 0L), (again.Read, again.Accepted));
        Assert.Equal(after, await RowsAsync(world, Lines));

        Assert.True((await world.Importer.UndoAsync(world.Scope, staged.Id, Now)).Succeeded);
        Assert.Equal(before, await RowsAsync(world, Lines));
    }

    [Fact]
    public async Task Bringing_calls_up_to_date_keeps_every_line_of_a_message()
    {
        await using var world = await ImportWorld.OpenAsync();
        string Call(int quantity) => Segment("Order Completed", "m1", "2026-06-01T10:00:00Z", $$"""{"order_id":"o1","products":{{Products(("cup", "10", quantity), ("pot", "20", 1))}}}""");
        await world.ImportTextAsync(Call(1), name: "one.json");
        var report = (await world.ImportTextAsync(Call(5), new ImportChoices(ImportMode.Upsert), name: "two.json")).Value;
        Assert.Equal((0L, 1L, 1L), (report.Accepted, report.Updated, report.Unchanged));
        Assert.Equal(["cup|5", "pot|1"], await RowsAsync(world, "select concat_ws('|', item_id, quantity) from events order by line_no"));
    }

    private const string KlaviyoHeader = "Event ID,Metric Name,Metric ID,Profile ID,Profile Email,Event Time,Value,Value Currency,Order ID,Item ID,Product Name,Quantity,Item Price,Discount Code,Flow ID,Campaign ID,Attributed Message\n";
    private const string Placed = "e1,Placed Order,MPl,01Pa,ada@example.com,2026-06-01 10:05:00,30,USD,K-1,,,,30,,,,\n";
    private const string Ordered = "e2,Ordered Product,MOr,01Pa,ada@example.com,2026-06-01 10:05:00,10,USD,K-1,CUP,Cup,1,10,,,,\ne3,Ordered Product,MOr,01Pa,ada@example.com,2026-06-01 10:05:00,20,USD,K-1,POT,Pot,2,10,,,,\n";
    private const string OtherOrder = "e4,Placed Order,MPl,01Pa,ada@example.com,2026-06-02 10:05:00,12,USD,K-2,,,,12,,,,\n";

    [Theory]
    [InlineData(Placed + Ordered + OtherOrder, "")]
    [InlineData(Placed + OtherOrder, Ordered)]
    [InlineData(Ordered, OtherOrder + Placed)]
    public async Task Klaviyos_order_and_its_products_count_once_in_whatever_order_they_come(string first, string second)
    {
        await using var world = await ImportWorld.OpenAsync();
        Assert.True((await world.ImportTextAsync(KlaviyoHeader + first)).Succeeded);
        if (second.Length > 0)
        {
            var report = (await world.ImportTextAsync(KlaviyoHeader + second)).Value;
            Assert.Equal(report.Read, report.Accepted + report.Duplicates + report.Updated + report.Unchanged + report.Rejected);
        }

        Assert.Equal(["K-1|CUP|10.0000|1", "K-1|POT|10.0000|2", "K-2|-|12.0000|-"], await RowsAsync(world, "select concat_ws('|', order_id, coalesce(item_id, '-'), price, coalesce(cast(quantity as varchar), '-')) from events order by order_id, item_id"));
    }

    private static async Task<IReadOnlyList<string>> RowsAsync(ImportWorld world, string sql) =>
        await (await world.Studio.Get<WarehouseRegistry>().OpenAsync(world.Scope.Workspace, Now)).QueryAsync(sql, row => row.Text(0) ?? "", [], Now);
}
