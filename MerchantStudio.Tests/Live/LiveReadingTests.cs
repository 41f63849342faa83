using System.Text;
using MerchantStudio.Core.Live;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>Which events are taken, in which forms, and what they become.</summary>
public sealed class LiveReadingTests
{
    private const string Facts = "concat_ws('|', event_type, coalesce(user_id, '-'), coalesce(anonymous_id, '-'), coalesce(item_id, '-'), coalesce(cast(price as varchar), '-'), coalesce(cast(quantity as varchar), '-'), coalesce(order_id, '-'), coalesce(cast(line_no as varchar), '-'), strftime(ts, '%Y-%m-%dT%H:%M:%S'))";

    [Fact]
    public async Task Our_own_form_fills_the_columns()
    {
        await using var world = await LiveWorld.OpenAsync();
        var answer = await world.SendJsonAsync("""
            {"event":"add_to_cart","user_id":"u1","anonymous_id":"a1","item_id":"cup","item_name":"Blue cup","category":"Cups","price":"12.50","quantity":2,"currency":"eur",
             "timestamp":"2026-07-01T11:59:00Z","message_id":"m1","channel":"mail","properties":{"colour":"blue","email":"x@y.test","page":3}}
            """);
        Assert.Equal(new LiveResult(0, "m1", LiveStatus.Accepted), Assert.Single(answer.Results));
        await world.MoveAsync();
        Assert.Equal(["add_to_cart|u1|a1|cup|12.5000|2|-|-|2026-07-01T11:59:00"], await world.RowsAsync($"select {Facts} from events"));
        Assert.Equal(["Blue cup|Cups|EUR|mail|m1|{\"colour\":\"blue\",\"page\":3}|0|1"], await world.RowsAsync("select concat_ws('|', item_name, category, currency, channel, message_id, properties, import_id, source_line) from events"));
    }

    [Fact]
    public async Task Segments_calls_are_understood()
    {
        await using var world = await LiveWorld.OpenAsync();
        var answer = await world.SendJsonAsync("""
            {"batch":[
              {"type":"track","event":"Product Viewed","anonymousId":"a1","messageId":"s1","timestamp":"2026-07-01T10:00:00.000Z","context":{"campaign":{"source":"mail"},"device":{"type":"ios","manufacturer":"Apple"}},
               "properties":{"product_id":"cup","name":"Blue cup","price":12.5}},
              {"type":"page","anonymousId":"a1","messageId":"s2","timestamp":"2026-07-01T10:01:00.000Z","properties":{"path":"/cups"}},
              {"type":"identify","userId":"u1","anonymousId":"a1","messageId":"s3","timestamp":"2026-07-01T10:02:00.000Z","traits":{"email":"x@y.test"}},
              {"type":"track","event":"Order Completed","userId":"u1","messageId":"s4","timestamp":"2026-07-01T10:03:00.000Z",
               "properties":{"order_id":"o1","currency":"EUR","revenue":40,"discount":4,"products":[{"product_id":"cup","price":10,"quantity":3},{"sku":"pot","price":10,"quantity":1}]}},
              {"type":"group","userId":"u1","groupId":"g"}]}
            """);
        Assert.Equal((4, 0, 1), (answer.Accepted, answer.Duplicates, answer.Rejected));
        Assert.Equal("not_supported", answer.Results[4].Reason);
        await world.MoveAsync();
        Assert.Equal(
            [
                "view|-|a1|cup|12.5000|-|-|-|2026-07-01T10:00:00", "view|-|a1|-|-|-|-|-|2026-07-01T10:01:00",
                "purchase|u1|-|cup|10.0000|3|o1|1|2026-07-01T10:03:00", "purchase|u1|-|pot|10.0000|1|o1|2|2026-07-01T10:03:00",
            ],
            await world.RowsAsync($"select {Facts} from events order by ts, line_no"));
        Assert.Equal(["3.0000", "1.0000"], await world.RowsAsync("select cast(discount as varchar) from events where event_type = 'purchase' order by line_no"));
        Assert.Equal(["{\"utm_source\":\"mail\"}"], await world.RowsAsync("select properties from events where item_id = 'cup' and event_type = 'view'"));
        Assert.Equal(["mail|ios"], await world.RowsAsync("select concat_ws('|', channel, device) from events where item_id = 'cup' and event_type = 'view'"));
        Assert.Equal(["a1|u1"], await world.RowsAsync("select concat_ws('|', alias, customer) from identities"));
    }

    [Fact]
    public async Task The_address_of_the_page_says_by_which_link_a_visit_came_where_nothing_else_does()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendJsonAsync("""
            {"batch":[
              {"type":"page","anonymousId":"a1","messageId":"p1","timestamp":"2026-07-01T10:00:00Z","properties":{"url":"https://shop.test/?utm_source=news%20letter&utm_campaign=%E6%98%A5"}},
              {"type":"track","event":"Product Viewed","anonymousId":"a1","messageId":"p2","timestamp":"2026-07-01T10:01:00Z","properties":{"product_id":"cup","url":"https://shop.test/cup?utm_source=product"},
               "context":{"page":{"url":"https://shop.test/cup?utm_source=context"}}},
              {"type":"track","event":"Product Viewed","anonymousId":"a1","messageId":"p3","timestamp":"2026-07-01T10:02:00Z","properties":{"product_id":"pot"},
               "context":{"campaign":{"name":"spring"},"page":{"url":"https://shop.test/pot?utm_source=context"}}},
              {"type":"track","event":"Product Viewed","anonymousId":"a1","messageId":"p4","timestamp":"2026-07-01T10:03:00Z","properties":{"product_id":"tea"},"context":{"page":{"url":"no address ?utm_source=x"}}}]}
            """);
        await world.SendJsonAsync("""{"client_id":"c1","events":[{"name":"view_item","params":{"page_location":"https://shop.test/jar?utm_medium=cpc","items":[{"item_id":"jar"}]}}]}""");
        await world.MoveAsync();
        Assert.Equal(
            ["-|news letter|春|-", "cup|context|-|-", "pot|-|spring|-", "tea|-|-|-", "jar|-|-|cpc"],
            await world.RowsAsync("""
                select concat_ws('|', coalesce(item_id, '-'), coalesce(json_extract_string(properties, '$.utm_source'), '-'), coalesce(json_extract_string(properties, '$.utm_campaign'), '-'), coalesce(json_extract_string(properties, '$.utm_medium'), '-'))
                from events order by ts = (select max(ts) from events), ts
                """));
    }

    [Fact]
    public async Task Google_analytics_bodies_are_understood()
    {
        await using var world = await LiveWorld.OpenAsync();
        var answer = await world.SendJsonAsync("""
            {"client_id":"c.1","user_id":"u9","timestamp_micros":"1782900000000000","events":[
              {"name":"view_item","params":{"items":[{"item_id":"cup","item_name":"Blue cup","price":9.9}]}},
              {"name":"search","params":{"search_term":"blue"}},
              {"name":"purchase","params":{"transaction_id":"T1","value":19.8,"currency":"EUR","items":[{"item_id":"cup","price":9.9,"quantity":2}]}},
              {"name":"user_engagement","params":{}}]}
            """);
        Assert.Equal((3, 1), (answer.Accepted, answer.Rejected));
        Assert.Equal(("unknown_event", "event"), (answer.Results[3].Reason!, answer.Results[3].Field!));
        await world.MoveAsync();
        Assert.Equal(
            ["purchase|u9|c.1|cup|9.9000|2|T1|1|2026-07-01T10:00:00", "search|u9|c.1|-|-|-|-|-|2026-07-01T10:00:00", "view|u9|c.1|cup|9.9000|-|-|1|2026-07-01T10:00:00"],
            await world.RowsAsync($"select {Facts} from events order by event_type"));
    }

    [Theory]
    [InlineData("""{"event":"view"}""", "no_shopper")]
    [InlineData("""{"user_id":"u"}""", "missing_event")]
    [InlineData("""{"event":"dance","user_id":"u"}""", "unknown_event")]
    [InlineData("""{"event":"view","user_id":"u","timestamp":"yesterday"}""", "not_a_time")]
    [InlineData("""{"event":"view","user_id":"u","timestamp":"2026-07-03T00:00:00Z"}""", "future_time")]
    [InlineData("""{"event":"view","user_id":"u","price":"12,5O"}""", "not_a_number")]
    [InlineData("""{"event":"view","user_id":"u","price":1e400}""", "not_a_number")]
    [InlineData("""{"event":"view","user_id":"u","quantity":1.5}""", "not_a_whole_number")]
    [InlineData("""{"event":"view","user_id":{"a":1}}""", "not_text")]
    [InlineData("""{"event":"view","user_id":"\ud800"}""", "not_text")]
    [InlineData("""{"event":"view","user_id":"a\u0000b"}""", "not_text")]
    [InlineData("""[[1]]""", "not_an_object")]
    [InlineData("""{"type":"identify","anonymous_id":"a"}""", "missing_id")]
    [InlineData("""{"type":"alias","userId":"u"}""", "missing_id")]
    public async Task An_event_at_fault_is_refused_by_itself_with_the_reason(string json, string reason)
    {
        await using var world = await LiveWorld.OpenAsync();
        var body = json.StartsWith('[') ? json[..^1] + ",{\"event\":\"view\",\"user_id\":\"good\"}]" : $"[{json},{{\"event\":\"view\",\"user_id\":\"good\"}}]";
        var answer = await world.SendJsonAsync(body);
        Assert.Equal((1, 1), (answer.Accepted, answer.Rejected));
        Assert.Equal(reason, answer.Results[0].Reason);
        Assert.NotEmpty(answer.Results[0].Detail!);
        await world.MoveAsync();
        Assert.Equal(["good"], await world.RowsAsync("select user_id from events"));
        Assert.Equal([reason], await world.RowsAsync("select reason from live_warnings"));
    }

    [Theory, Trait("Row", "H11")]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("{\"event\":\"view\",\"user_id\":\"u\",\"properties\":{\"\\ud800\":\"x\"}}")]
    [InlineData("{\"event\":\"view\",\"event\":\"search\",\"user_id\":\"u\"}")]
    public async Task A_body_that_is_no_json_is_refused_whole(string body)
    {
        await using var world = await LiveWorld.OpenAsync();
        Assert.Equal("live.not-json", (await world.TryAsync(body)).Problem!.Code);
    }

    [Fact, Trait("Row", "H11")]
    public async Task Deep_long_and_crowded_json_is_refused_quickly()
    {
        await using var world = await LiveWorld.OpenAsync();
        Assert.Equal("live.not-json", (await world.TryAsync(new string('[', 1_000) + new string(']', 1_000))).Problem!.Code);
        Assert.Equal("live.too-large", (await world.TryAsync("{\"event\":\"" + new string('x', 2_000_000) + "\"}")).Problem!.Code);
        Assert.Equal("live.too-many-events", (await world.TryAsync("[" + string.Join(',', Enumerable.Repeat("{}", 501)) + "]")).Problem!.Code);
        var crowded = new Dictionary<string, object> { ["event"] = "view", ["user_id"] = "u" };
        for (var i = 0; i < 10_000; i++) crowded["p" + i] = i;
        Assert.Equal("too_many_fields", (await world.SendAsync(crowded)).Results[0].Reason);
    }

    [Fact, Trait("Row", "H3")]
    public async Task Two_thousand_mutations_of_good_bodies_are_answered_and_never_throw()
    {
        await using var world = await LiveWorld.OpenAsync();
        var good = Encoding.UTF8.GetBytes("""{"batch":[{"type":"track","event":"Order Completed","userId":"u1","messageId":"s4","timestamp":"2026-07-01T10:03:00.000Z","properties":{"order_id":"o1","products":[{"product_id":"杯","price":10.5,"quantity":3}]}}]}""");
        var random = new Random(7);
        var shop = (await world.Studio.Get<LiveShops>().FindAsync(world.Scope.Workspace, LiveWorld.Now))!;
        for (var round = 0; round < 2_000; round++)
        {
            var body = (byte[])good.Clone();
            for (var change = random.Next(1, 6); change > 0; change--) body[random.Next(body.Length)] = (byte)random.Next(256);
            var taken = await world.Intake.TakeAsync(shop, body, false, LiveWorld.Now);
            if (!taken.Succeeded) Assert.StartsWith("live.", taken.Problem!.Code, StringComparison.Ordinal);
        }

        await world.MoveAsync();
        Assert.True((await world.SendJsonAsync("""{"event":"view","user_id":"u"}""")).Accepted == 1);
    }

    [Fact]
    public async Task Late_and_unordered_times_are_taken_and_a_missing_one_is_now()
    {
        await using var world = await LiveWorld.OpenAsync();
        var answer = await world.SendJsonAsync("""
            [{"event":"view","user_id":"u","timestamp":"2026-07-02T11:00:00Z"},{"event":"view","user_id":"u","timestamp":"2024-02-29"},{"event":"view","user_id":"u","timestamp":1782900000},{"event":"view","user_id":"u"}]
            """);
        Assert.Equal(4, answer.Accepted);
        await world.MoveAsync();
        Assert.Equal(["2026-07-02 11:00:00", "2024-02-28 23:00:00", "2026-07-01 10:00:00", "2026-07-01 12:00:00"], await world.RowsAsync("select cast(ts as varchar) from events order by source_line"));
    }

    [Fact]
    public async Task Orders_of_the_preview_are_marked_as_tests()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(new { @event = "purchase", user_id = "u", order_id = "p1", price = 3, quantity = 1 }, isPreview: true);
        await world.MoveAsync();
        Assert.Equal(["test"], await world.RowsAsync("select order_state from events"));
    }

    [Fact]
    public async Task An_address_is_kept_as_a_hash_alone()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(new { @event = "purchase", email = "Mei.Lin@Example.test", order_id = "o1", price = 3 });
        await world.SendAsync(new { @event = "view", email = "ｍｅｉ.lin@example.TEST ", item_id = "cup" });
        await world.MoveAsync();
        var ids = await world.RowsAsync("select distinct user_id from events");
        Assert.Matches("^[0-9a-f]{16}$", Assert.Single(ids));
        foreach (var file in Directory.GetFiles(world.Studio.Paths.WorkspaceFolder(world.Scope.Workspace), "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var memory = new MemoryStream();
            await stream.CopyToAsync(memory, LiveWorld.Now);
            Assert.DoesNotContain("lin@example", Encoding.UTF8.GetString(memory.ToArray()), StringComparison.OrdinalIgnoreCase);
        }
    }
}
