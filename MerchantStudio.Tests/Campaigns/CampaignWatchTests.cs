using MerchantStudio.Components.Pages.Campaigns;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Campaigns.Running;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

public sealed class CampaignWatchTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_happens_to_a_running_campaign_is_told_once_and_its_end_ends_the_watch()
    {
        await using var world = await CampaignWorld.OpenAsync(4);
        var results = world.Studio.Get<CampaignResults>();
        var id = await world.LaunchedAsync(CampaignWorld.Draft(await world.RuleAsync()) with { HoldoutBasisPoints = 0 });
        var campaign = (await world.Plans.FindAsync(world.Scope, id, Now)).Value;
        var told = new List<(CampaignState State, int Sent)>();
        var (looks, sent) = (0, new TaskCompletionSource());
        var watching = new CampaignWatch(world.Plans, results, TimeProvider.System) { Pace = TimeSpan.FromMilliseconds(10) }.FollowAsync(
            () =>
            {
                Interlocked.Increment(ref looks);
                return Task.FromResult<Outcome<WorkspaceScope>>(world.Scope);
            }, campaign, (await results.ReadAsync(world.Scope, id, Now)).Value,
            (now, result) =>
            {
                told.Add((now.State, result.Sent));
                sent.TrySetResult();
                return Task.CompletedTask;
            }, Now);
        while (Volatile.Read(ref looks) < 4) await Task.Delay(5, Now);
        Assert.Empty(told);
        Assert.NotNull((await world.Studio.Get<OnSiteMessages>().NextAsync(world.Scope, new ShopperId("s001"), Now)).Value);
        await sent.Task.WaitAsync(Now);
        var seen = Volatile.Read(ref looks);
        while (Volatile.Read(ref looks) < seen + 3) await Task.Delay(5, Now);
        Assert.Null((await world.Launch.EndAsync(world.Scope, id, Now)).Problem);
        await watching.WaitAsync(TimeSpan.FromSeconds(30), Now);
        Assert.Equal([(CampaignState.Running, 1), (CampaignState.Ended, 1)], told);
    }

    [Fact]
    public async Task A_draft_is_not_watched_and_a_right_that_was_taken_away_ends_the_watch()
    {
        await using var world = await CampaignWorld.OpenAsync(2);
        var watch = new CampaignWatch(world.Plans, world.Studio.Get<CampaignResults>(), TimeProvider.System) { Pace = TimeSpan.FromMilliseconds(5) };
        var id = await world.SaveAsync(CampaignWorld.Draft(null) with { Message = null, Channel = null });
        await watch.FollowAsync(() => throw new InvalidOperationException("A draft was looked at."), (await world.Plans.FindAsync(world.Scope, id, Now)).Value, null, (_, _) => Task.CompletedTask, Now);
        var launched = await world.LaunchedAsync(CampaignWorld.Draft(await world.RuleAsync(), "Other"));
        await watch.FollowAsync(() => Task.FromResult<Outcome<WorkspaceScope>>(new CampaignGone()), (await world.Plans.FindAsync(world.Scope, launched, Now)).Value, null, (_, _) => Task.CompletedTask, Now).WaitAsync(TimeSpan.FromSeconds(30), Now);
    }
}
