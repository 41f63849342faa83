using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Replay;
using MerchantStudio.Tests.Warehouse;

namespace MerchantStudio.Tests.Promotions.Replay;

/// <summary>A shop whose every event is written down here. The data end on 22 November 2026, 10:00 UTC; days are counted back from there.</summary>
internal sealed class ReplayWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset End = PromotionWorld.Now;
    private readonly StringBuilder _events = new();
    private readonly StringBuilder _products = new();
    private readonly StringBuilder _customers = new();
    private readonly Dictionary<string, int> _shoppers = [];
    private int _lines;

    public WarehouseWorld Warehouse { get; } = new();

    /// <param name="daysAgo">Before the end of the data; 1.5 is 36 hours.</param>
    public ReplayWorld Event(
        string shopper, double daysAgo, string type, string? item = null, decimal? price = null, int quantity = 1, string? order = null, decimal discount = 0, string? category = null,
        string? device = null, string? region = null)
    {
        if (!_shoppers.TryGetValue(shopper, out var number)) _shoppers[shopper] = number = _shoppers.Count + 1;
        var at = End.AddDays(-daysAgo).UtcDateTime;
        _events.Append(_events.Length == 0 ? "" : ", ").Append(CultureInfo.InvariantCulture,
            $"({Text(shopper)}, timestamp '{at:yyyy-MM-dd HH:mm:ss.ffffff}', '{type}', {Text(item)}, {Text(category)}, null, {Figure(price)}, {quantity}, {Figure(price * quantity)}, {Figure(discount)}, 'EUR', {Figure(price * quantity)}, {Text(order)}, null, null, {Text(device)}, {Text(region)}, 'web', {number}, 1, {++_lines}, {number})");
        return this;
    }

    public ReplayWorld Order(string shopper, double daysAgo, string order, params (string Item, decimal Price, int Quantity)[] lines)
    {
        foreach (var (item, price, quantity) in lines) Event(shopper, daysAgo, "purchase", item, price, quantity, order);
        return this;
    }

    public ReplayWorld Product(string item, decimal? price, decimal? cost)
    {
        _products.Append(_products.Length == 0 ? "" : ", ").Append(CultureInfo.InvariantCulture, $"({Text(item)}, {Figure(price)}, {Figure(cost)})");
        return this;
    }

    public ReplayWorld Customer(string shopper, string gender)
    {
        _customers.Append(_customers.Length == 0 ? "" : ", ").Append(CultureInfo.InvariantCulture, $"({Text(shopper)}, {Text(gender)}, 1, 1)");
        return this;
    }

    public Task WriteAsync() => WriteToAsync(Warehouse);

    public async Task WriteToAsync(WarehouseWorld warehouse)
    {
        await CreateAsync(warehouse);
        await warehouse.RunAsync($"insert into clean_events values {_events}");
        if (_products.Length > 0) await warehouse.RunAsync($"insert into products (item_id, price, cost) values {_products}");
        if (_customers.Length > 0) await warehouse.RunAsync($"insert into customers (user_id, gender, import_id, source_line) values {_customers}");
        await DescribeAsync(warehouse);
    }

    /// <summary>The table of events, empty.</summary>
    public static Task CreateAsync(WarehouseWorld warehouse) => warehouse.RunAsync("""
            create table clean_events (
                user_id varchar, ts timestamp, event_type varchar, item_id varchar, category varchar, brand varchar, price decimal(18,4), quantity integer, amount decimal(18,4), discount decimal(18,4),
                currency varchar, original decimal(18,4), order_id varchar, coupon_code varchar, search_query varchar, device varchar, region varchar, channel varchar, session_no bigint,
                import_id integer, source_line bigint, shopper_no integer);
            """);

    /// <summary>What the groups and today's values are read from.</summary>
    public static Task DescribeAsync(WarehouseWorld warehouse) => warehouse.RunAsync($"""
            create table shopper_profile as
            select user_id, timestamp '{End.UtcDateTime:yyyy-MM-dd HH:mm:ss}' as as_of, mode(region) as region, mode(device) as device, cast(null as decimal(18,4)) as average_order,
                   cast(null as double) as intent_1, cast(null as double) as intent_7, cast(null as double) as intent_30, 'at_risk' as rfm_group, cast(null as varchar) as rfm_group8,
                   cast(null as integer) as r, cast(null as integer) as f, cast(null as integer) as m, cast(null as integer) as cluster, cast(null as double) as sentiment,
                   cast(null as varchar) as top_category, true as has_email, cast(null as boolean) as email_consent
            from clean_events group by user_id;
            create table category_interest (user_id varchar, category varchar, share double);
            """);

    public Task<ReplayResult> ReplayAsync(RuleDraft draft, params CartRule[] others) => ReplayAsync(draft, 90, [], others);

    public Task<ReplayResult> ReplayAsync(RuleDraft draft, int days, IReadOnlyList<(string, DateTimeOffset)> codes, params CartRule[] others) => ReplayAsync(draft, days, codes, DecisionMode.Priority, ReplayRun.RowsOfPart, others);

    public async Task<ReplayResult> ReplayAsync(RuleDraft draft, int days, IReadOnlyList<(string, DateTimeOffset)> codes, DecisionMode mode, int rowsOfPart, params CartRule[] others)
    {
        var context = new ConditionContext(End, TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna"), ImmutableDictionary<Guid, SavedCondition>.Empty);
        var question = new ReplayQuestion(draft, Rule(draft), [.. others], context, mode, "EUR", End.AddDays(-days), End, codes);
        return await new ReplayRun(question, null, TimeProvider.System, rowsOfPart).RunAsync(await Warehouse.OpenAsync(), WarehouseWorld.Token);
    }

    public static CartRule Rule(RuleDraft draft, Guid? id = null) => CartRule.Of(id ?? Guid.Parse("11111111-0000-0000-0000-000000000000"), draft, End);

    public static RuleDraft Draft(Condition? condition = null, Offer? offer = null) =>
        new("Ten off", condition ?? Condition.Everybody, offer ?? new Offer(OfferKind.Percent, 1000), UsesPerCustomer: 100);

    public ValueTask DisposeAsync() => Warehouse.DisposeAsync();

    private static string Text(string? text) => text is null ? "null" : $"'{text}'";

    private static string Figure(decimal? figure) => figure is { } number ? number.ToString(CultureInfo.InvariantCulture) : "null";
}
