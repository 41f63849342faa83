using MerchantStudio.Core.Live;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>Each event once: repeated messages, restarts, torn and full journals.</summary>
public sealed class LiveJournalTests
{
    private static object View(string id) => new { @event = "view", user_id = "u1", item_id = "cup", message_id = id };

    [Fact]
    public async Task A_message_is_taken_once_within_a_request_across_requests_and_against_the_warehouse()
    {
        await using var world = await LiveWorld.OpenAsync();
        var first = await world.SendAsync(new[] { View("a"), View("a"), View("b") });
        Assert.Equal((2, 1), (first.Accepted, first.Duplicates));
        Assert.Equal(LiveStatus.Duplicate, first.Results[1].Status);
        var again = await world.SendAsync(new[] { View("b"), View("c") });
        Assert.Equal([LiveStatus.Duplicate, LiveStatus.Accepted], again.Results.Select(result => result.Status));
        await world.MoveAsync();
        Assert.Equal(3, await world.ScalarAsync<long>("select count(*) from events"));

        // An imported row with the same id, which the journal never saw.
        await world.RunAsync("insert into events (user_id, ts, event_type, message_id, import_id, source_line) values ('u1', timestamp '2026-06-01', 'view', 'old', 3, 1)");
        await world.SendAsync(View("old"));
        await world.MoveAsync();
        Assert.Equal(["3"], await world.RowsAsync("select cast(import_id as varchar) from events where message_id = 'old'"));
        var view = (await world.Studio.Get<LiveFigures>().ReadAsync(world.Scope, LiveWorld.Now)).Value;
        Assert.Equal((3, 3, 0), (view.Day.Accepted, view.Day.Duplicates, view.Day.Rejected));
    }

    [Fact]
    public async Task An_orders_line_is_taken_once_even_under_another_message()
    {
        await using var world = await LiveWorld.OpenAsync();
        object Order(string message) => new { @event = "purchase", user_id = "u1", order_id = "o1", message_id = message, items = new[] { new { item_id = "cup", price = 3 }, new { item_id = "pot", price = 5 } } };
        await world.SendAsync(Order("a"));
        await world.MoveAsync();
        await world.SendAsync(Order("b"));
        await world.MoveAsync();
        Assert.Equal(["cup", "pot"], await world.RowsAsync("select item_id from events order by line_no"));
    }

    [Fact]
    public async Task What_was_answered_and_not_yet_moved_is_there_after_a_restart_once()
    {
        var folder = Worlds.TemporaryStudio.NewFolder();
        try
        {
            await using (var world = await LiveWorld.OpenAsync(folder: folder))
            {
                await world.SendAsync(View("a"));
                await world.MoveAsync();
                await world.SendAsync(new[] { View("b"), View("c") });
            }

            await using (var world = await LiveWorld.OpenAsync(folder: folder))
            {
                // The id that waits in the journal is known before anything is moved.
                Assert.Equal(1, (await world.SendAsync(View("c"))).Duplicates);
                await world.MoveAsync();
                Assert.Equal(["a", "b", "c"], await world.RowsAsync("select message_id from events order by source_line"));
            }

            await using (var world = await LiveWorld.OpenAsync(folder: folder))
            {
                await world.SendAsync(View("d"));
                await world.MoveAsync();
                Assert.Equal(4, await world.ScalarAsync<long>("select count(*) from events"));
                Assert.Single(Directory.GetFiles(Path.Combine(world.Studio.Paths.WorkspaceFolder(world.Scope.Workspace), "live")));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public async Task A_record_that_was_cut_off_is_skipped_and_all_before_and_after_it_is_kept(int cut)
    {
        var folder = Worlds.TemporaryStudio.NewFolder();
        try
        {
            string live;
            await using (var world = await LiveWorld.OpenAsync(folder: folder))
            {
                await world.SendAsync(View("a"));
                await world.SendAsync(View("torn"));
                live = Path.Combine(world.Studio.Paths.WorkspaceFolder(world.Scope.Workspace), "live");
            }

            var file = Directory.GetFiles(live).Single();
            await using (var stream = new FileStream(file, FileMode.Open)) stream.SetLength(stream.Length - cut);
            await using (var world = await LiveWorld.OpenAsync(folder: folder))
            {
                await world.SendAsync(View("b"));
                await world.MoveAsync();
                Assert.Equal(["a", "b"], await world.RowsAsync("select message_id from events order by source_line"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Beyond_the_limits_a_sender_is_told_to_come_back_and_nothing_is_half_kept()
    {
        await using var world = await LiveWorld.OpenAsync(options => options.WaitingEvents = 3);
        Assert.IsType<LiveBusy>((await world.TryAsync(System.Text.Json.JsonSerializer.Serialize(new[] { View("a"), View("b"), View("c"), View("d") }))).Problem);
        Assert.Equal(3, (await world.SendAsync(new[] { View("a"), View("b"), View("c") })).Accepted);
        await world.MoveAsync();
        Assert.Equal(3, await world.ScalarAsync<long>("select count(*) from events"));
    }

    [Fact]
    public async Task A_disk_that_refuses_is_said_and_the_same_events_are_taken_when_it_is_well_again()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(View("a"));
        await world.MoveAsync();
        var live = Path.Combine(world.Studio.Paths.WorkspaceFolder(world.Scope.Workspace), "live");
        await world.SendAsync(Enumerable.Range(0, 400).Select(i => new { @event = "search", user_id = "u1", search_query = new string('x', 900), message_id = "fill" + i }).ToArray());
        await world.SendAsync(Enumerable.Range(0, 400).Select(i => new { @event = "search", user_id = "u1", search_query = new string('y', 990), message_id = "more" + i }).ToArray());
        await world.SendAsync(Enumerable.Range(0, 400).Select(i => new { @event = "search", user_id = "u1", search_query = new string('z', 990), message_id = "most" + i }).ToArray());
        await world.MoveAsync();   // more than a megabyte is moved: the next write begins a new segment

        Directory.Delete(live, recursive: true);
        await File.WriteAllTextAsync(live, "in the way", LiveWorld.Now);
        Assert.IsType<LiveNotStored>((await world.TryAsync(System.Text.Json.JsonSerializer.Serialize(View("b")))).Problem);
        File.Delete(live);
        Assert.Equal(1, (await world.SendAsync(View("b"))).Accepted);
        await world.MoveAsync();
        Assert.Equal(1_202, await world.ScalarAsync<long>("select count(*) from events"));
    }

    [Fact]
    public async Task Requests_that_come_at_once_are_all_kept()
    {
        await using var world = await LiveWorld.OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => world.SendAsync(new[] { View("x" + number), View("y" + (number / 2)) })));
        Assert.Equal(300, answers.Sum(answer => answer.Accepted));
        Assert.Equal(100, answers.Sum(answer => answer.Duplicates));
        await world.MoveAsync();
        Assert.Equal((300, 300), (await world.ScalarAsync<long>("select count(*) from events"), await world.ScalarAsync<long>("select count(distinct message_id) from events")));
    }
}
