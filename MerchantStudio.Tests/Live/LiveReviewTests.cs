using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Features.Identities;
using MerchantStudio.Core.Ingestion;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>A review that comes as an event is a review like one of a file.</summary>
public sealed class LiveReviewTests
{
    private const string Reviews = "select concat_ws('|', item_id, coalesce(user_id, '-'), coalesce(cast(rating as varchar), '-'), coalesce(title, '-'), coalesce(text, '-')) from reviews order by source_line";

    [Fact]
    public async Task Our_form_and_Segments_become_reviews_beside_their_events()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(new { @event = "review", user_id = "u1", item_id = "cup", rating = 4.5, review_title = "Good", review_text = "Holds its warmth.", message_id = "r1", timestamp = "2026-06-30T10:00:00Z" });
        await world.SendJsonAsync("""{"type":"track","event":"Product Reviewed","userId":"u2","messageId":"r2","properties":{"product_id":"pot","review_id":"77","review_body":"It drips.","rating":"2"}}""");
        await world.SendAsync(new { @event = "review", anonymous_id = "a1", item_id = "tea", stars = 5 });
        await world.SendAsync(new { @event = "review", user_id = "u3", item_id = "jar" });
        await world.MoveAsync();
        Assert.Equal(["cup|u1|4.5|Good|Holds its warmth.", "pot|u2|2.0|-|It drips.", "tea|a1|5.0|-|-"], await world.RowsAsync(Reviews));
        Assert.Equal(4, await world.ScalarAsync<long>("select count(*) from events where event_type = 'review'"));
        Assert.Equal(3, await world.ScalarAsync<long>("select count(*) from reviews r join events e on e.import_id = r.import_id and e.source_line = r.source_line and e.item_id = r.item_id and e.ts = r.ts"));
        Assert.Equal(0, await world.ScalarAsync<long>("select count(*) from events where properties like '%warmth%'"));
    }

    [Fact]
    public async Task The_same_message_or_review_brings_one_review_whenever_it_comes_again()
    {
        await using var world = await LiveWorld.OpenAsync(limits => limits.RememberedIds = 1);
        object Review(string message, string id) => new { @event = "review", user_id = "u1", item_id = "cup", rating = 4, review_text = "Fine.", review_id = id, message_id = message };
        await world.SendAsync(new[] { Review("m1", "1"), Review("m1", "1"), Review("m2", "2") });
        await world.MoveAsync();
        await world.SendAsync(new[] { Review("m3", "3"), Review("m1", "1"), Review("m4", "2") });
        await world.MoveAsync();
        Assert.Equal(["1", "2", "3"], await world.RowsAsync("select review_id from reviews order by 1"));
        Assert.Equal(4, await world.ScalarAsync<long>("select count(*) from events"));
    }

    [Theory]
    [InlineData("6")]
    [InlineData("-1")]
    public async Task Stars_outside_their_range_are_refused_with_the_reason(string stars)
    {
        await using var world = await LiveWorld.OpenAsync();
        var answer = await world.SendJsonAsync($$"""[{"event":"review","user_id":"u","rating":{{stars}}}]""");
        Assert.Equal(("rating_out_of_range", "rating"), (answer.Results[0].Reason, answer.Results[0].Field));
    }

    [Fact]
    public async Task A_long_review_is_kept_whole_and_one_without_end_is_refused()
    {
        await using var world = await LiveWorld.OpenAsync();
        var answer = await world.SendAsync(new[] { new { @event = "review", user_id = "u", review_text = new string('好', 20_000) }, new { @event = "review", user_id = "u", review_text = new string('x', 20_001) } });
        Assert.Equal((1, "too_long"), (answer.Accepted, answer.Results[1].Reason));
        await world.MoveAsync();
        Assert.Equal(20_000, await world.ScalarAsync<long>("select length(text) from reviews"));
    }

    [Fact]
    public async Task A_visitors_review_is_her_customers_until_the_join_is_taken_back()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(new { @event = "review", anonymous_id = "a1", item_id = "cup", rating = 4 });
        await world.SendAsync(new { type = "identify", anonymous_id = "a1", user_id = "u1" });
        await world.MoveAsync();
        const string Writer = "select user_id from known_reviews";
        Assert.Equal(["u1"], await world.RowsAsync(Writer));
        Assert.True((await world.Studio.Get<IdentityStitcher>().PartAsync(world.Scope, "a1", "u1", LiveWorld.Now)).Succeeded);
        Assert.Equal(["a1"], await world.RowsAsync(Writer));
    }

    [Fact]
    public async Task Reviews_go_when_the_events_that_brought_them_are_removed()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(new { @event = "review", user_id = "u1", item_id = "cup", rating = 4, message_id = "m1" });
        await world.MoveAsync();
        Assert.True((await world.Studio.Get<DatasetCatalogue>().DeleteAsync(world.Scope, DatasetKind.Events, null, LiveWorld.Now)).Succeeded);
        Assert.Empty(await world.RowsAsync(Reviews));
    }
}
