using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;

namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>
/// One shopper's facts as they stood at a moment, from the events handed over so far. Whoever calls hands over what lies strictly before the moment, in order.
/// Attributes that keep no history come from <c>today</c>. The rules are those of the published profile, which a test compares.
/// </summary>
internal sealed class ShopperPast(ReplayNeeds needs, ImmutableArray<ReplayItem> items, ShopperFacts? today)
{
    private const long Whole = 10_000;
    private readonly Dictionary<string, Order> _named = [];
    private readonly List<Order> _orders = [];
    private readonly List<ShopperEvent> _events = [];
    private readonly List<long> _views = [];
    private readonly List<long> _sessions = [];
    private readonly List<(long At, long Amount)> _cart = [];
    private readonly Dictionary<string, int> _devices = [];
    private readonly Dictionary<string, int> _regions = [];
    private readonly Dictionary<string, int> _channels = [];
    private long? _firstSeen;
    private long? _lastSeen;
    private long? _lastCart;
    private long? _lastPurchase;
    private long _session = -1;

    /// <summary>Orders so far.</summary>
    public int Orders => _orders.Count;

    public void Add(in ReplayRow row)
    {
        _firstSeen ??= row.At;
        _lastSeen = row.At;
        if (row.Session != _session) _sessions.Add(row.At);
        _session = row.Session;
        Count(_devices, row.Device);
        Count(_regions, row.Region);
        Count(_channels, row.Channel);
        if (needs.EventTypes.Contains(row.Type)) _events.Add(new ShopperEvent(row.Type, ReplayRow.Instant(row.At), row.Item < 0 ? null : items[row.Item].Category));
        switch (row.Type)
        {
            case ReplayRow.Purchase:
                AddPurchase(row);
                break;
            case ReplayRow.Refund:
                AddRefund(row);
                break;
            case ReplayRow.Add:
                _lastCart = row.At;
                if (row.Amount is { } added) _cart.Add((row.At, added));
                break;
            case ReplayRow.Remove:
                if (row.Amount is { } removed) _cart.Add((row.At, -removed));
                break;
            case "view":
                _views.Add(row.At);
                break;
        }
    }

    public ShopperFacts At(long at)
    {
        var month = at - (30 * ReplayRow.Day);
        var (priced, net, refunded, open) = (0, 0L, 0L, 0L);
        foreach (var order in _orders)
        {
            if (!order.Priced) continue;
            priced++;
            net += order.Gross - order.Discount - order.Refunded;
            refunded += order.Refunded;
        }

        foreach (var line in _cart)
        {
            if (line.At >= month && !(line.At <= _lastPurchase)) open += line.Amount;
        }

        decimal? spent = priced == 0 ? null : net / (decimal)Whole;
        return (today ?? new ShopperFacts { UserId = "" }) with
        {
            AsOf = ReplayRow.Instant(at),
            FirstSeen = Instant(_firstSeen),
            LastSeen = Instant(_lastSeen),
            FirstOrderAt = _orders.Count == 0 ? null : Instant(_orders[0].At),
            LastOrderAt = _orders.Count == 0 ? null : Instant(_orders[^1].At),
            Orders = _orders.Count,
            Spent = spent,
            AverageOrder = spent is { } sum ? decimal.Round(sum / priced, 4, MidpointRounding.AwayFromZero) : null,
            Refunded = priced == 0 ? null : refunded / (decimal)Whole,
            OpenCartValue = open > 0 ? open / (decimal)Whole : null,
            LastCartAt = Instant(_lastCart),
            Sessions30Days = Since(_sessions, month),
            Views30Days = Since(_views, month),
            Device = Usual(_devices),
            Region = Usual(_regions),
            Channel = Usual(_channels),
            Events = [.. _events],
            PaidOrders = needs.OrderCounts ? [.. _orders.Select(order => ReplayRow.Instant(order.At))] : [],
        };
    }

    private void AddPurchase(in ReplayRow row)
    {
        _lastPurchase = row.At;
        _cart.Clear();
        var key = KeyOf(row);
        if (!_named.TryGetValue(key, out var order))
        {
            order = new Order(row.At);
            _named[key] = order;
            _orders.Add(order);
        }

        order.Gross += row.Amount ?? 0;
        order.Discount += row.Discount;
        order.Priced |= row.Amount is not null;
    }

    /// <summary>A refund without the name of an order takes back of the last one before it; one without an amount, all of it.</summary>
    private void AddRefund(in ReplayRow row)
    {
        var order = row.OrderId is { } id && _named.TryGetValue(id, out var named) ? named : _orders.Count == 0 ? null : _orders[^1];
        order?.TakeBack(row.Amount);
    }

    /// <summary>Lines make an order by its id, or else by their instant.</summary>
    public static string KeyOf(in ReplayRow row) => row.OrderId ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\n{row.At}");

    private static DateTimeOffset? Instant(long? at) => at is { } moment ? ReplayRow.Instant(moment) : null;

    private static long Since(List<long> moments, long from)
    {
        var count = 0L;
        for (var index = moments.Count - 1; index >= 0 && moments[index] >= from; index--) count++;
        return count;
    }

    private static void Count(Dictionary<string, int> words, string? word)
    {
        if (word is not null) words[word] = words.GetValueOrDefault(word) + 1;
    }

    private static string? Usual(Dictionary<string, int> words)
    {
        string? best = null;
        foreach (var (word, times) in words)
        {
            if (best is null || times > words[best] || (times == words[best] && string.CompareOrdinal(word, best) < 0)) best = word;
        }

        return best;
    }

    private sealed class Order(long at)
    {
        private bool _hasRefund;
        private bool _hasAmount;
        private long _refunds;

        public long At => at;
        public long Gross { get; set; }
        public long Discount { get; set; }
        public bool Priced { get; set; }
        public long Refunded => !_hasRefund ? 0 : _hasAmount ? _refunds : Gross - Discount;

        public void TakeBack(long? amount)
        {
            _hasRefund = true;
            _hasAmount |= amount is not null;
            _refunds += amount ?? 0;
        }
    }
}
