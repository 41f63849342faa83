using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Core.Learning;
using MerchantStudio.Tests.Warehouse;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Experiments.Stored;

/// <summary>A shop with its databases in which experiments are made, people dealt out and orders put in.</summary>
internal sealed class ExperimentWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 9, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly StudioContexts _databases;
    private readonly TemporaryPostgres? _postgres;

    private ExperimentWorld(TemporaryPostgres? postgres)
    {
        _postgres = postgres;
        _databases = new StudioContexts(Warehouse.Paths, new DatabaseSetting(postgres?.ConnectionString));
        var audit = new AuditTrail(_databases, Time);
        Holdouts = new GlobalHoldouts(_databases, audit, Time);
        Store = new ExperimentStore(_databases, audit, new Enrolment(_databases, Time), Time);
        Audiences = new AudienceReader(Warehouse.Registry, _databases, Time);
        Planner = new PowerPlanner(Warehouse.Registry, Audiences);
        Reports = new ExperimentReports(_databases, Warehouse.Registry, Store, Holdouts, audit, Time);
    }

    public WarehouseWorld Warehouse { get; } = new();
    public MovedTime Time { get; } = new(Start);
    public GlobalHoldouts Holdouts { get; }
    public ExperimentStore Store { get; }
    public ExperimentReports Reports { get; }
    public AudienceReader Audiences { get; }
    public PowerPlanner Planner { get; }
    public IDbContextFactory<StudioDb> Databases => _databases;
    public static WorkspaceScope Owner { get; } = As(Role.Owner);
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public static async Task<ExperimentWorld> OpenAsync(AppStateOn on = AppStateOn.Sqlite)
    {
        var world = new ExperimentWorld(on == AppStateOn.Postgres ? await PostgresServer.DatabaseAsync() : null);
        if (on == AppStateOn.Sqlite) await TemporaryStudio.BeginAsync(world.Warehouse.Paths);
        await using var database = world._databases.CreateDbContext();
        database.Workspaces.Add(new Workspace { Id = WarehouseWorld.Store, Name = "Lark & Linden", Currency = "EUR", TimeZone = "Europe/Vienna", CreatedAt = Start });
        await database.SaveChangesAsync(Now);
        return world;
    }

    public static WorkspaceScope As(Role role) => new(WarehouseWorld.Store, new Actor(role.ToString(), null, role));

    public static ExperimentDraft Draft(long planned = 4_000, int goalDays = 14, Guid? campaign = null, decimal messageCost = 0) =>
        new("Win back", ["offer"], [5_000], 5_000, ExperimentGoal.Profit, goalDays, planned, LookOnce: false, campaign, messageCost);

    /// <param name="salt">Who gets which arm follows from it; ids, which the salt is made of elsewhere, differ in every run.</param>
    public async Task<Guid> RunningAsync(ExperimentDraft? draft = null, string salt = "spring")
    {
        draft ??= Draft();
        var id = (await Store.CreateAsync(Owner, draft, Now)).Value;
        var split = ExperimentSplit.Of(salt, draft.Arms, draft.ArmBasisPoints.AsSpan(), draft.HoldoutBasisPoints);
        await using (var database = Databases.CreateDbContext())
        {
            await database.Experiments.Where(row => row.Id == id).ExecuteUpdateAsync(rows => rows.SetProperty(row => row.SplitJson, System.Text.Json.JsonSerializer.Serialize(split, System.Text.Json.JsonSerializerOptions.Web)), Now);
        }

        Assert.True((await Store.StartAsync(Owner, id, Now)).Succeeded);
        return id;
    }

    public async Task<ImmutableArray<Enrolled>> EnrolAsync(Guid experiment, params IReadOnlyList<string> shoppers) => (await Store.EnrollAsync(Owner, experiment, shoppers, Now)).Value;

    public static ImmutableArray<string> Shoppers(int count) => [.. Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"s{number}"))];

    /// <summary>Published tables without rows.</summary>
    public Task PublishAsync() => Warehouse.RunAsync("""
        create table clean_events (
            user_id varchar, ts timestamp, event_type varchar, item_id varchar, category varchar, brand varchar, price decimal(18,4), quantity integer, amount decimal(18,4), discount decimal(18,4),
            currency varchar, original decimal(18,4), order_id varchar, coupon_code varchar, search_query varchar, device varchar, region varchar, channel varchar, session_no bigint,
            import_id integer, source_line bigint, shopper_no integer);
        create table paid_orders (
            order_no varchar, user_id varchar, ts timestamp, lines integer, items integer, gross decimal(18,4), discount decimal(18,4), refunded decimal(18,4), net decimal(18,4), coupon_code varchar, has_price boolean,
            currency varchar, original decimal(18,4));
        create table shopper_profile (
            user_id varchar, as_of timestamp, first_seen timestamp, last_seen timestamp, first_order_at timestamp, last_order_at timestamp,
            orders integer, spent decimal(18,4), average_order decimal(18,4), refunded decimal(18,4), open_cart_value decimal(18,4), last_cart_at timestamp,
            sessions_30d integer, views_30d integer, intent_1 double, intent_7 double, intent_30 double,
            rfm_group varchar, rfm_group8 varchar, r integer, f integer, m integer, cluster integer, sentiment double,
            device varchar, region varchar, channel varchar, top_category varchar, has_email boolean, email_consent boolean);
        create table category_interest (user_id varchar, category varchar, share double);
        insert into products (item_id, cost) values ('mug', 4);
        """);

    /// <summary>One line an order.</summary>
    public async Task OrdersAsync(params IReadOnlyList<PutOrder> orders)
    {
        await using var session = await (await Warehouse.OpenAsync()).BeginAsync(Now);
        using (var lines = session.Append("clean_events", "user_id", "ts", "event_type", "item_id", "price", "quantity", "amount", "discount", "order_id"))
        {
            foreach (var order in orders)
            {
                lines.Text(0, order.Shopper);
                lines.Instant(1, Micros(order.Days));
                lines.Text(2, "purchase");
                lines.Text(3, order.Item);
                lines.Scaled(4, Scaled(order.Price));
                lines.Int(5, order.Quantity);
                lines.Scaled(6, Scaled(order.Price * order.Quantity));
                lines.Scaled(7, Scaled(order.Discount));
                lines.Text(8, order.Number);
                lines.EndRow();
            }

            lines.Complete();
        }

        using (var paid = session.Append("paid_orders", "order_no", "user_id", "ts", "gross", "discount", "refunded", "net", "has_price", "coupon_code"))
        {
            foreach (var order in orders)
            {
                paid.Text(0, order.Number);
                paid.Text(1, order.Shopper);
                paid.Instant(2, Micros(order.Days));
                paid.Scaled(3, Scaled(order.Price * order.Quantity));
                paid.Scaled(4, Scaled(order.Discount));
                paid.Scaled(5, Scaled(order.Refunded));
                paid.Scaled(6, Scaled((order.Price * order.Quantity) - order.Discount - order.Refunded));
                paid.Boolean(7, true);
                paid.Text(8, order.Code);
                paid.EndRow();
            }

            paid.Complete();
        }

        await session.CommitAsync(Now);
    }

    public async Task ProfilesAsync(IEnumerable<string> shoppers, double firstSeenDays)
    {
        await using var session = await (await Warehouse.OpenAsync()).BeginAsync(Now);
        using (var rows = session.Append("shopper_profile", "user_id", "as_of", "first_seen", "orders"))
        {
            foreach (var shopper in shoppers)
            {
                rows.Text(0, shopper);
                rows.Instant(1, Micros(60));
                rows.Instant(2, Micros(firstSeenDays));
                rows.Int(3, 0);
                rows.EndRow();
            }

            rows.Complete();
        }

        await session.CommitAsync(Now);
    }

    /// <summary>The data reach so far: somebody looks at a mug.</summary>
    public Task DataUntilAsync(double days) => Warehouse.RunAsync($"insert into clean_events (user_id, ts, event_type, item_id) values ('somebody', timestamp '{At(days)}', 'view', 'mug')");

    /// <summary>Orders of these people by chance over two weeks before and two after: each is as likely to buy as she was before, and those of the arm more often by the lift.</summary>
    public static ImmutableArray<PutOrder> Planted(IEnumerable<Enrolled> people, double lift, int seed = 11, double rate = 0.25, decimal discount = 0, decimal heldDiscount = 0)
    {
        var random = new SeededRandom((ulong)seed);
        var orders = ImmutableArray.CreateBuilder<PutOrder>();
        foreach (var person in people)
        {
            var inclined = rate * 2 * random.NextDouble();
            var price = Math.Round((decimal)(20 * Math.Exp(0.6 * Normal(random))), 2);
            var treated = person.Place.Kind == AssignmentKind.Arm;
            if (random.NextDouble() < inclined) orders.Add(new PutOrder(person.ShopperId, -14 + (13.9 * random.NextDouble()), price));
            if (random.NextDouble() < inclined * (treated ? 1 + lift : 1)) orders.Add(new PutOrder(person.ShopperId, 0.01 + (13.9 * random.NextDouble()), price, treated ? discount : heldDiscount));
        }

        return orders.ToImmutable();
    }

    public async ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (_postgres is not null) await _postgres.DisposeAsync();
        await Warehouse.DisposeAsync();
    }

    internal static string At(double days) => Start.AddDays(days).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static long Micros(double days) => (Start.AddDays(days).UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    private static long Scaled(decimal amount) => (long)(amount * 10_000);

    private static double Normal(SeededRandom random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    internal sealed class MovedTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset At { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => At;
    }
}

/// <param name="Days">After the start of the world.</param>
internal sealed record PutOrder(string Shopper, double Days, decimal Price, decimal Discount = 0, string? Id = null, string Item = "mug", int Quantity = 1, decimal Refunded = 0, string? Code = null)
{
    public string Number => Id ?? string.Create(CultureInfo.InvariantCulture, $"{Shopper}/{Days:F6}");
}
