using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Guards;
using MerchantStudio.Core.Promotions.Personal.Tries;
using MerchantStudio.Tests.Conditions;
using MerchantStudio.Tests.Warehouse;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Promotions;

/// <summary>A shop in Vienna with its databases; shoppers are put in as published profiles.</summary>
internal sealed class PromotionWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
    private readonly WarehouseWorld _warehouse = new();
    private readonly StudioContexts _databases;
    private readonly TemporaryPostgres? _postgres;

    private PromotionWorld(TemporaryPostgres? postgres)
    {
        _postgres = postgres;
        _databases = new StudioContexts(_warehouse.Paths, new DatabaseSetting(postgres?.ConnectionString));
        Audiences = new AudienceReader(_warehouse.Registry, _databases, Time);
        var files = new RowExports(_warehouse.Registry, _warehouse.Paths);
        Segments = new Segmentation(_databases, Audiences, files, Time);
        Codes = new CouponCodes(_databases, _warehouse.Registry);
        Rules = new CouponRules(_databases, _warehouse.Registry, Audiences, Codes, Time);
        Guards = new PublishingCheck(_databases, _warehouse.Registry, Audiences, Time);
        Activation = new RuleActivation(_databases, Audiences, Guards, Time);
        var audit = new AuditTrail(_databases, Time);
        Experiments = new ExperimentStore(_databases, audit, new Enrolment(_databases, Time), Time);
        Tries = new OfferTries(_databases, new ExperimentReports(_databases, _warehouse.Registry, Experiments, new GlobalHoldouts(_databases, audit, Time), audit, Time), audit, Time);
        Exports = new CodeExports(_databases, _warehouse.Registry, new Contacts(new PlainContacts()), files);
    }

    public FixedTime Time { get; } = new(Now);
    public AudienceReader Audiences { get; }
    public Segmentation Segments { get; }
    public CouponCodes Codes { get; }
    public CouponRules Rules { get; }
    public PublishingCheck Guards { get; }
    public RuleActivation Activation { get; }
    public CodeExports Exports { get; }
    public ExperimentStore Experiments { get; }
    public OfferTries Tries { get; }
    public WarehouseWorld Warehouse => _warehouse;
    public IDbContextFactory<StudioDb> Databases => _databases;

    public static Task<PromotionWorld> OpenAsync(params IReadOnlyList<ShopperFacts> shoppers) => OpenAsync(AppStateOn.Sqlite, shoppers);

    public static async Task<PromotionWorld> OpenAsync(AppStateOn on, params IReadOnlyList<ShopperFacts> shoppers)
    {
        var world = new PromotionWorld(on == AppStateOn.Postgres ? await PostgresServer.DatabaseAsync() : null);
        if (on == AppStateOn.Sqlite) await TemporaryStudio.BeginAsync(world._warehouse.Paths);
        await using var database = world._databases.CreateDbContext();
        database.Workspaces.Add(new Workspace { Id = WarehouseWorld.Store, Name = "Lark & Linden", Currency = "EUR", TimeZone = "Europe/Vienna", CreatedAt = Now });
        await database.SaveChangesAsync(TestContext.Current.CancellationToken);
        if (shoppers.Count > 0) await ProfileTables.WriteAsync(await world._warehouse.OpenAsync(), Now, shoppers, TestContext.Current.CancellationToken);
        return world;
    }

    public static WorkspaceScope As(Role role) => new(WarehouseWorld.Store, new Actor(role.ToString(), null, role));

    /// <summary>Shoppers a, b, c… with as many orders of 50.00 in the last days, one a day.</summary>
    public static ImmutableArray<ShopperFacts> Shoppers(params int[] orders) =>
        [.. orders.Select((count, index) => new ShopperFacts
        {
            UserId = ((char)('a' + index)).ToString(CultureInfo.InvariantCulture), Orders = count, Spent = count * 50m, LastSeen = Now, LastOrderAt = count == 0 ? null : Now.AddDays(-1),
            PaidOrders = [.. Enumerable.Range(1, count).Select(day => Now.AddDays(-day))], RfmGroup = count == 0 ? "prospects" : count > 3 ? "loyal" : "at_risk",
        })];

    public static RuleDraft Draft(Condition? condition = null, Offer? offer = null) =>
        new("Win back", condition ?? new Comparison("orders", ConditionOperator.AtLeast, ["1"]), offer ?? new Offer(OfferKind.Percent, 1500, CapMinor: 2000), BudgetMinor: 100_000);

    public async ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (_postgres is not null) await _postgres.DisposeAsync();
        await _warehouse.DisposeAsync();
    }

    internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset At { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => At;
    }

    internal sealed class PlainContacts : IContactProtector
    {
        public string Protect(string contact) => $"sealed:{contact}";

        public string? Unprotect(string protectedContact) => protectedContact["sealed:".Length..];

        public string Hash(string normalisedContact) => normalisedContact;
    }
}
