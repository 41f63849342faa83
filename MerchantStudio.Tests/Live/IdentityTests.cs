using MerchantStudio.Core.Access;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Identities;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>A visitor's history joins the customer that she turns out to be.</summary>
public sealed class IdentityTests
{
    private static object View(string anonymous, string item, string? user = null, string at = "2026-06-30T10:00:00Z") => new { @event = "view", anonymous_id = anonymous, user_id = user, item_id = item, timestamp = at };

    [Fact]
    public async Task History_joins_the_customer_by_identify_by_an_event_with_both_ids_and_by_an_order()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(new[] { View("a1", "cup"), View("a2", "pot"), View("a3", "tea"), View("a4", "jar") });
        await world.MoveAsync();
        Assert.Equal(["a1", "a2", "a3", "a4"], await ShoppersAsync(world));

        await world.SendAsync(new { type = "identify", anonymous_id = "a1", user_id = "u1" });
        await world.SendAsync(View("a2", "cup", "u1"));
        await world.SendAsync(new { @event = "purchase", anonymous_id = "a3", user_id = "u2", order_id = "o1", item_id = "tea", price = 5, quantity = 1 });
        await world.MoveAsync();
        Assert.Equal(["a4", "u1", "u1", "u1", "u2", "u2"], await ShoppersAsync(world));
        var joins = (await world.Studio.Get<IdentityStitcher>().ListAsync(world.Scope, 10, LiveWorld.Now)).Value;
        Assert.Equal(["a1>u1 identify 1", "a2>u1 view 1", "a3>u2 purchase 1"], joins.Select(join => $"{join.Alias}>{join.Customer} {join.Kind} {join.Events}").Order());
        Assert.Equal(["a1", "a2", "a3", "a4"], await world.RowsAsync("select anonymous_id from events where user_id is null order by 1"));
    }

    [Fact]
    public async Task A_join_is_taken_back_and_made_again()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(new[] { View("a1", "cup"), View("a1", "cup", "u1") });
        await world.MoveAsync();
        var stitcher = world.Studio.Get<IdentityStitcher>();
        Assert.Equal(["u1", "u1"], await ShoppersAsync(world));

        Assert.True((await stitcher.PartAsync(world.Scope, "a1", "u1", LiveWorld.Now)).Succeeded);
        Assert.Equal(["a1", "u1"], await ShoppersAsync(world));
        await world.SendAsync(View("a1", "pot", "u1"));
        await world.MoveAsync();
        Assert.Equal(["a1", "u1", "u1"], await ShoppersAsync(world));
        Assert.Equal("identity.not-found", (await stitcher.PartAsync(world.Scope, "a1", "u1", LiveWorld.Now)).Problem!.Code);

        Assert.True((await stitcher.JoinAgainAsync(world.Scope, "a1", "u1", LiveWorld.Now)).Succeeded);
        Assert.Equal(["u1", "u1", "u1"], await ShoppersAsync(world));
        var audit = (await world.Studio.Get<AuditTrail>().ReadAsync(world.Scope, 10, LiveWorld.Now)).Value;
        Assert.Contains(audit, entry => entry.Action == "identity.parted");
        Assert.Contains(audit, entry => entry.Action == "identity.joined");
    }

    [Fact]
    public async Task Two_known_customers_are_never_made_one()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(new[] { View("a1", "cup"), View("a1", "cup", "u1"), View("a1", "cup", "u2", "2026-06-30T11:00:00Z"), View("a9", "cup", "u3") });
        await world.SendAsync(new { type = "alias", previous_id = "u3", user_id = "u1" });
        await world.MoveAsync();
        Assert.Equal(["u1", "u1", "u2", "u3"], await ShoppersAsync(world));
        var refused = (await world.Studio.Get<IdentityStitcher>().ListAsync(world.Scope, 10, LiveWorld.Now)).Value.Where(join => join.Refused is not null).Select(join => $"{join.Alias}>{join.Customer} {join.Refused}");
        Assert.Equal(["a1>u2 other-customer", "u3>u1 known-customer"], refused.Order());
    }

    [Fact]
    public async Task An_order_with_an_address_joins_the_customer_of_that_address_however_it_is_written()
    {
        await using var world = await LiveWorld.OpenAsync();
        var hash = ((IContactProtector)world.Studio.Services.GetService(typeof(IContactProtector))!).Hash("mei@example.test");
        await world.SendAsync(View("a1", "cup"));
        await world.SendAsync(new { @event = "purchase", anonymous_id = "a1", email = " MEI@example.test", order_id = "o1", item_id = "cup", price = 5 });
        await world.MoveAsync();
        var guest = hash[..16];
        Assert.Equal([guest, guest], await ShoppersAsync(world));

        // The customer's record comes later, with a file.
        await world.RunAsync($"insert into customers (user_id, email_hash, import_id, source_line) values ('u7', '{hash}', 1, 1)");
        await world.SendAsync(new { @event = "view", email = "ｍei@EXAMPLE.test", item_id = "pot" });
        await world.MoveAsync();
        Assert.Equal(["u7", "u7", "u7"], await ShoppersAsync(world, stitchAll: true));
    }

    [Fact]
    public async Task Imported_rows_join_too_and_part_when_their_import_is_gone()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(View("a1", "cup"));
        await world.MoveAsync();
        await world.RunAsync("insert into events (user_id, anonymous_id, ts, event_type, import_id, source_line) values ('u1', 'a1', timestamp '2026-06-01', 'view', 4, 2)");
        Assert.Equal(["u1", "u1"], await ShoppersAsync(world, stitchAll: true));
        await world.RunAsync("delete from events where import_id = 4");
        Assert.Equal(["a1"], await ShoppersAsync(world, stitchAll: true));
    }

    private static async Task<IReadOnlyList<string>> ShoppersAsync(LiveWorld world, bool stitchAll = false)
    {
        await using var session = await (await world.WarehouseAsync()).BeginAsync(LiveWorld.Now);
        if (stitchAll) await IdentityStitcher.StitchAsync(session, LiveWorld.Start, LiveWorld.Now);
        var report = await EventCleaner.RunAsync(session, CleaningSettings.Default, LiveWorld.Start, LiveWorld.Now);
        var shoppers = await session.QueryAsync($"select user_id from {EventCleaner.CleanedTable} order by 1", row => row.Text(0)!, [], LiveWorld.Now);
        Assert.Equal(report.Kept, shoppers.Length);
        return shoppers;
    }
}
