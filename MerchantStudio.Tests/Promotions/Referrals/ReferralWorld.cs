using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Promotions.Referrals;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Promotions.Redemptions;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Referrals;

/// <summary>A shop with a running programme: friends get five euros off, so do advocates for each friend, three times at most.</summary>
internal sealed class ReferralWorld : IAsyncDisposable
{
    private readonly TemporaryStudio _studio;

    private ReferralWorld(TemporaryStudio studio, WorkspaceScope shop) => (_studio, Shop) = (studio, shop);

    public static CancellationToken Now => TestContext.Current.CancellationToken;
    public WorkspaceScope Shop { get; }
    public Guid Programme { get; private set; }
    public CouponRule Friend { get; private set; } = null!;
    public CouponRule Reward { get; private set; } = null!;
    public ReferralProgrammes Programmes => _studio.Get<ReferralProgrammes>();
    public ReferralCodes Codes => _studio.Get<ReferralCodes>();
    public ReferralReports Reports => _studio.Get<ReferralReports>();
    public Redeemer Redeemer => _studio.Get<Redeemer>();
    public TemporaryStudio Studio => _studio;

    public static async Task<ReferralWorld> OpenAsync(AppStateOn on = AppStateOn.Sqlite, int mostRewards = 3, Action<CouponRule>? reward = null)
    {
        var studio = await TemporaryStudio.OpenAsync(on: on);
        var world = new ReferralWorld(studio, await studio.WorkspaceAsync());
        (world.Friend, world.Reward) = (TestRules.Live(Guid.NewGuid(), world.Shop.Workspace, "Friend"), TestRules.Live(Guid.NewGuid(), world.Shop.Workspace, "Thanks"));
        reward?.Invoke(world.Reward);
        await using (var database = await studio.DbAsync())
        {
            database.CouponRules.AddRange(world.Friend, world.Reward);
            await database.SaveChangesAsync(Now);
        }

        world.Programme = (await world.Programmes.SaveAsync(world.Shop, null, 0, new ReferralDraft("Bring a friend", world.Friend.Id, world.Reward.Id, mostRewards), Now)).Value;
        Assert.Null((await world.Programmes.StartAsync(world.Shop, world.Programme, Now)).Problem);
        return world;
    }

    public async Task<string> CodeOfAsync(string advocate) => (await Codes.GiveAsync(Shop, Programme, advocate, Now)).Value.Code;

    /// <summary>An order of one cup of 40.00.</summary>
    public Task<Core.Outcomes.Outcome<RedeemedUse>> UseAsync(string code, string shopper, string order, string? key = null) =>
        Redeemer.RedeemAsync(Shop, key ?? $"{code}/{order}", new CouponUse(code, order, shopper, new Cart([new CartLine("cup", null, null, 1, 4_000)], 0, "EUR")), Now);

    public async Task<RefusalReason?> RefusedAsync(string code, string shopper, string order) => (await UseAsync(code, shopper, order)).Problem is CouponRefused { Reason: var reason } ? reason : null;

    public async Task<Core.Outcomes.Problem?> TakeBackAsync(Guid redemption) => (await Redeemer.RollBackAsync(Shop, redemption, Now)).Problem;

    public async Task<List<ReferralReward>> RewardsAsync()
    {
        await using var database = await _studio.DbAsync();
        var rewards = await database.ReferralRewards.AsNoTracking().OrderBy(reward => reward.GivenAt).ToListAsync(Now);

        // A reward has its code until it is taken back, and no other code of the reward's rule exists.
        var codes = await database.CouponCodes.Where(code => code.RuleId == Reward.Id).Select(code => new { code.Code, code.ShopperId }).ToListAsync(Now);
        Assert.Equal(rewards.Where(reward => reward.TakenBackAt is null).Select(reward => (reward.Code, (string?)reward.AdvocateId)).Order(), codes.Select(code => (code.Code, code.ShopperId)).Order());
        return rewards;
    }

    public async Task RunAsync(string sql)
    {
        await using var session = await (await _studio.Get<WarehouseRegistry>().OpenAsync(Shop.Workspace, Now)).BeginAsync(Now);
        await session.ExecuteAsync(sql, [], Now);
        await session.CommitAsync(Now);
    }

    public ValueTask DisposeAsync() => _studio.DisposeAsync();
}
