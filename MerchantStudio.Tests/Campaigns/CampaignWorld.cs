using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Campaigns.Running;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Conditions;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>A tea shop in Berlin with shoppers s000, s001… who all have one order, and a coupon rule that is still a draft.</summary>
internal sealed class CampaignWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 11, 0, 0, TimeSpan.Zero);
    private int _rules;

    private CampaignWorld(TemporaryStudio studio, WorkspaceScope scope, BreakingTime time) => (Studio, Scope, Time) = (studio, scope, time);

    public static CancellationToken Now => TestContext.Current.CancellationToken;
    public TemporaryStudio Studio { get; }
    public WorkspaceScope Scope { get; }
    public BreakingTime Time { get; }
    public CampaignPlans Plans => Studio.Get<CampaignPlans>();
    public CampaignLaunch Launch => Studio.Get<CampaignLaunch>();
    public CampaignRuns Runs => Studio.Get<CampaignRuns>();

    public static Condition Buyers { get; } = new Comparison("orders", ConditionOperator.AtLeast, ["1"]);

    public static MessageTemplate Message { get; } = new(new MessageText("For you", "Use {{code}} for {{offer}}."), new MessageText("给您", "优惠码 {{code}}：{{offer}}。"));

    public static async Task<CampaignWorld> OpenAsync(int shoppers, AppStateOn on = AppStateOn.Sqlite)
    {
        var time = new BreakingTime(Wednesday);
        var studio = await TemporaryStudio.OpenAsync(services => services.AddSingleton<TimeProvider>(time), on: on);
        var world = new CampaignWorld(studio, await studio.WorkspaceAsync(), time);
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(world.Scope.Workspace, Now);
        await ProfileTables.WriteAsync(warehouse, Wednesday, [.. Enumerable.Range(0, shoppers).Select(number => Buyer(number))], Now);
        return world;
    }

    public static ShopperFacts Buyer(int number) => new()
    {
        UserId = Name(number),
        Orders = 1,
        Spent = 50m,
        LastSeen = Wednesday,
        LastOrderAt = Wednesday.AddDays(-3),
        PaidOrders = [Wednesday.AddDays(-3)],
        RfmGroup = "at_risk",
    };

    public static string Name(int number) => "s" + number.ToString("D3", CultureInfo.InvariantCulture);

    public WorkspaceScope As(Role role) => Scope with { Actor = new Actor(role.ToString(), null, role) };

    /// <summary>A new draft rule: five euros off, once each, nothing known that stands against it.</summary>
    public async Task<Guid> RuleAsync(Func<RuleDraft, RuleDraft>? change = null)
    {
        var draft = new RuleDraft($"Five off {++_rules}", Buyers, new Offer(OfferKind.Fixed, AmountMinor: 500, MinimumSpendMinor: 2_000), EndsOn: new DateOnly(2026, 12, 31));
        var saved = await Studio.Get<CouponRules>().SaveAsync(Scope, null, 0, change?.Invoke(draft) ?? draft, Now);
        Assert.Null(saved.Problem);
        return saved.Value;
    }

    public static CampaignDraft Draft(Guid? rule, string name = "Win back") =>
        new(name, Buyers, rule, MessageChannel.OnSite, null, Message, new CampaignTiming(), HoldoutBasisPoints: 2_000);

    /// <summary>Saved, not launched.</summary>
    public async Task<Guid> SaveAsync(CampaignDraft draft)
    {
        var saved = await Plans.SaveAsync(Scope, null, 0, draft, Now);
        Assert.Null(saved.Problem);
        return saved.Value;
    }

    public async Task<Guid> LaunchedAsync(CampaignDraft draft)
    {
        var id = await SaveAsync(draft);
        var launched = await Launch.LaunchAsync(Scope, id, 0, Now);
        Assert.Null(launched.Problem);
        Assert.False(launched.Value.AwaitsApproval);
        return id;
    }

    public async Task<Campaign> CampaignAsync(Guid id)
    {
        await using var db = await Studio.DbAsync();
        return await db.Campaigns.AsNoTracking().SingleAsync(row => row.Id == id, Now);
    }

    public async Task<ImmutableArray<CampaignMember>> MembersAsync(Guid id)
    {
        await using var db = await Studio.DbAsync();
        return [.. await db.CampaignMembers.AsNoTracking().Where(row => row.CampaignId == id).OrderBy(row => row.ShopperId).ToListAsync(Now)];
    }

    public async Task<ImmutableArray<CouponCode>> CodesAsync(Guid id)
    {
        await using var db = await Studio.DbAsync();
        return [.. await db.CouponCodes.AsNoTracking().Where(row => row.CampaignId == id).ToListAsync(Now)];
    }

    public async Task<ImmutableArray<Delivery>> MessagesAsync(Guid id)
    {
        await using var db = await Studio.DbAsync();
        return [.. await db.Deliveries.AsNoTracking().Where(row => row.CampaignId == id).ToListAsync(Now)];
    }

    public ValueTask DisposeAsync() => Studio.DisposeAsync();

    /// <summary>A clock that stands still, and that can end the work at the n-th look at it as a crash would.</summary>
    internal sealed class BreakingTime(DateTimeOffset now) : TimeProvider
    {
        private int _asked;
        private int _left = int.MaxValue;

        public DateTimeOffset At { get; set; } = now;

        public void BreakAfter(int looks) => (_asked, _left) = (looks, looks);

        public void Mend() => (_asked, _left) = (0, int.MaxValue);

        /// <summary>How often the clock was looked at since it was told when to break.</summary>
        public int Looks => _asked - _left;

        /// <summary>The warehouse looks at the clock with every question; ending it there would only end this test's own reading.</summary>
        public override DateTimeOffset GetUtcNow() =>
            _left != int.MaxValue && !new StackTrace(1, false).GetFrames().Take(4).Any(frame => frame.GetMethod()?.DeclaringType?.Namespace == typeof(WarehouseRegistry).Namespace) && Interlocked.Decrement(ref _left) < 0
                ? throw new IOException("The power went out.") : At;
    }
}
