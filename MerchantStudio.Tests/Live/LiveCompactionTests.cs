using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>A shop into which events come all day long never has a pause, and its file gets smaller nevertheless.</summary>
public sealed class LiveCompactionTests
{
    private const string Rows = "select i, hash(i) as mark, cast(hash(i + 7) as varchar) as text from range(700000) t(i)";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shop_that_is_never_idle_is_compacted_by_the_next_upkeep_and_no_event_is_refused_meanwhile()
    {
        await using var world = await LiveWorld.OpenAsync();
        var warehouse = await world.WarehouseAsync();
        for (var round = 0; round < 5; round++) await world.RunAsync($"create or replace table numbers as {Rows}; create or replace table other_{round} as {Rows}");
        for (var round = 0; round < 5; round++) await world.RunAsync($"drop table other_{round}");
        await warehouse.TrimAsync(Now);
        var before = await warehouse.SizeAsync(Now);
        Assert.True(before.IsPressing(64 << 20), before.ToString());
        warehouse.CompactInAPause();

        using var closing = CancellationTokenSource.CreateLinkedTokenSource(Now);
        var sent = 0;
        await SendAsync();
        var shoppers = Task.Run(
            async () =>
            {
                while (!closing.IsCancellationRequested) await SendAsync();
            },
            Now);
        var mover = Task.Run(
            async () =>
            {
                while (!closing.IsCancellationRequested) await world.MoveAsync();
            },
            Now);
        try
        {
            world.Wait(TimeSpan.FromMinutes(9));
            await UpkeepAsync(world);
            Assert.Equal(before.FileBytes, Length(world));
            world.Wait(TimeSpan.FromMinutes(2));
            var until = sent;
            await UpkeepAsync(world);
            Assert.InRange(Length(world), 1, before.FileBytes / 2);
            Assert.True(sent > until);
        }
        finally
        {
            await closing.CancelAsync();
            await Task.WhenAll(shoppers, mover);
        }

        await world.MoveAsync();
        Assert.Equal(sent, await world.ScalarAsync<long>("select count(*) from events"));
        Assert.Equal(700_000, await world.ScalarAsync<long>("select count(*) from numbers"));

        async Task SendAsync()
        {
            var answer = await world.SendAsync(new { type = "track", @event = "Product Viewed", messageId = $"m{sent}", anonymousId = "visitor", properties = new { product_id = "tea" } });
            Assert.Equal(LiveStatus.Accepted, Assert.Single(answer.Results).Status);
            sent++;
        }
    }

    private static async Task UpkeepAsync(LiveWorld world)
    {
        await using var services = world.Studio.Services.CreateAsyncScope();
        var handler = services.ServiceProvider.GetServices<IJobHandler>().Single(one => one.Kind == UpkeepQueue.JobKind);
        Assert.True((await handler.RunAsync(new TestJob(world.Scope, new()), Now)).Succeeded);
    }

    private static long Length(LiveWorld world) => new FileInfo(world.Studio.Get<StudioPaths>().Warehouse(world.Scope.Workspace)).Length;
}
