using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Redemptions;

/// <summary>Two shops with a live rule each, on a database of their own, and the ledger over it.</summary>
internal sealed class LedgerWorld : IAsyncDisposable
{
    public static readonly WorkspaceId Tea = new("tea");
    public static readonly WorkspaceId Coffee = new("coffee");
    public static readonly Guid Rule = new("0190c0de-0000-7000-8000-000000000001");
    public static readonly Guid CoffeeRule = new("0190c0de-0000-7000-8000-000000000002");
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
    private readonly TemporaryStudio _studio;
    private readonly List<LedgerQueue> _queues = [];

    private LedgerWorld(TemporaryStudio studio)
    {
        _studio = studio;
        Ledger = AnotherLedger();
    }

    public static CancellationToken Now => TestContext.Current.CancellationToken;
    public IDbContextFactory<StudioDb> Databases => _studio.Get<IDbContextFactory<StudioDb>>();
    public PromotionWorld.FixedTime Time { get; } = new(Start);
    public RedemptionLedger Ledger { get; }

    /// <summary>A second process, as far as the database can tell: its own queue.</summary>
    public RedemptionLedger AnotherLedger()
    {
        var queue = new LedgerQueue(Databases);
        _queues.Add(queue);
        return new RedemptionLedger(queue, Time);
    }

    public static async Task<LedgerWorld> OpenAsync(AppStateOn on)
    {
        var world = new LedgerWorld(await TemporaryStudio.OpenAsync(on: on));
        await using var database = world.Databases.CreateDbContext();
        foreach (var (shop, rule) in ((WorkspaceId, Guid)[])[(Tea, Rule), (Coffee, CoffeeRule)])
        {
            database.Workspaces.Add(new Workspace { Id = shop, Name = shop.Value, Currency = "EUR", TimeZone = "Europe/Vienna", CreatedAt = Start });
            database.CouponRules.Add(TestRules.Live(rule, shop));
        }

        await database.SaveChangesAsync(Now);
        return world;
    }

    /// <summary>A use of the tea shop's rule, with limits on order, rule, customer and code as far as they are given.</summary>
    public static LedgerEntry Use(string key, string order, long cost = 500, string coupon = "TEA", string? shopper = null, ImmutableArray<CounterLimit> limits = default, WorkspaceId? shop = null, string hash = "h")
    {
        var workspace = shop ?? Tea;
        return new LedgerEntry(workspace, workspace == Tea ? Rule : CoffeeRule, 1, null, coupon, shopper, order, key, hash, """{"Lines":[],"ShippingMinor":0,"Gifts":[]}""", 10_000, cost, cost, "EUR", [],
            [new CounterLimit(CounterScope.Order, order), .. limits.IsDefault ? [] : limits]);
    }

    public static CounterLimit OfRule(int? uses, long? minor = null) => new(CounterScope.Rule, Rule.ToString(), uses, minor);

    public static CounterLimit OfCampaign(long minor) => new(CounterScope.Campaign, "spring", null, minor);

    public static CounterLimit OfDay(int day, int uses, long minor) => new(CounterScope.Day, $"{Rule}/2026-11-{day + 1:00}", uses, minor);

    public static CounterLimit OfSegment(string segment, int? uses, long? minor) => new(CounterScope.Segment, $"{Rule}/{segment}", uses, minor);

    public static CounterLimit OfCustomer(string shopper, int uses, long? minor = null) => new(CounterScope.Customer, $"{Rule}/{shopper}", uses, minor);

    public static CounterLimit OfCode(string code, int uses) => new(CounterScope.Code, code, uses);

    /// <summary>Every counter is the sum of the redemptions that stand in it, and none is over a limit; read in one snapshot.</summary>
    public async Task<(int Uses, long SpentMinor)> CheckAsync(params CounterLimit[] limits)
    {
        await using var database = Databases.CreateDbContext();
        await using var transaction = await database.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Now);
        var rows = await database.Redemptions.AsNoTracking().Where(row => row.RolledBackAt == null).ToListAsync(Now);
        var counters = await database.RedemptionCounters.AsNoTracking().ToListAsync(Now);
        var sums = rows.SelectMany(row => RedemptionLedger.CountersOf(row).Select(place => (row.WorkspaceId, place.Scope, place.Key, row.CostMinor)))
            .GroupBy(one => (one.WorkspaceId, one.Scope, one.Key)).ToDictionary(group => group.Key, group => (Uses: group.Count(), Spent: group.Sum(one => one.CostMinor)));
        foreach (var counter in counters)
        {
            var sum = sums.GetValueOrDefault((counter.WorkspaceId, counter.Scope, counter.Key));
            Assert.Equal((sum.Uses, sum.Spent), (counter.Uses, counter.SpentMinor));
            var limit = Array.Find(limits, limit => limit.Scope == counter.Scope && limit.Key == counter.Key);
            Assert.True(counter.Uses <= (limit?.MostUses ?? int.MaxValue) && counter.SpentMinor <= (limit?.MostMinor ?? long.MaxValue), $"{counter.Scope} {counter.Key}: {counter.Uses} uses, {counter.SpentMinor}");
        }

        Assert.Equal(sums.Count, counters.Count(counter => counter.Uses > 0));
        Assert.Distinct(rows.Select(row => (row.WorkspaceId, row.Coupon, row.OrderId)));
        return (rows.Count, rows.Sum(row => row.CostMinor));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var queue in _queues) queue.Dispose();
        await _studio.DisposeAsync();
    }
}
