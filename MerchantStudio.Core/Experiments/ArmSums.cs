namespace MerchantStudio.Core.Experiments;

/// <summary>All that a report needs of one arm; of 1 person or a million the same size. Parts add up. <see cref="ArmSumsSql"/> has the database deliver it.</summary>
/// <param name="People">Assigned.</param>
/// <param name="Converted">Of them with an order.</param>
/// <param name="RevenueMinor">Exact, nothing cut; so are margin and discount, and the send cost rounded once.</param>
/// <param name="WithoutHistory">People without a time before; they count with 0 there.</param>
/// <param name="Cut">People whose revenue was above the limit.</param>
/// <param name="Revenue">X revenue before, Y revenue after, cut at the limit.</param>
/// <param name="Profit">X revenue before, Y profit; who is cut counts with margin and discount in the same proportion as revenue.</param>
/// <param name="UncutProfit">With nothing cut.</param>
/// <param name="OrderValue">X orders, Y revenue, cut at the limit.</param>
/// <param name="FirstAssigned">Null while there is nobody.</param>
public sealed record ArmSums(
    long People,
    long Converted,
    long Orders,
    long RevenueMinor,
    long MarginMinor,
    long DiscountMinor,
    long SendCostMinor,
    long WithoutHistory,
    long Cut,
    PairSums Revenue,
    PairSums Profit,
    Sums UncutProfit,
    PairSums OrderValue,
    DateTimeOffset? FirstAssigned)
{
    public static readonly ArmSums Nobody = new(0, 0, 0, 0, 0, 0, 0, 0, 0, default, default, default, default, null);

    public static ArmSums operator +(ArmSums a, ArmSums b) => new(
        a.People + b.People,
        a.Converted + b.Converted,
        a.Orders + b.Orders,
        a.RevenueMinor + b.RevenueMinor,
        a.MarginMinor + b.MarginMinor,
        a.DiscountMinor + b.DiscountMinor,
        a.SendCostMinor + b.SendCostMinor,
        a.WithoutHistory + b.WithoutHistory,
        a.Cut + b.Cut,
        a.Revenue + b.Revenue,
        a.Profit + b.Profit,
        a.UncutProfit + b.UncutProfit,
        a.OrderValue + b.OrderValue,
        a.FirstAssigned is { } first && (b.FirstAssigned is not { } other || first <= other) ? first : b.FirstAssigned);
}

/// <summary>Adds people up, one after the other.</summary>
/// <param name="limit">Where revenue is cut, in minor units: <see cref="Winsor.LimitOf(ReadOnlySpan{PersonOutcome}, double)"/>; infinite for nowhere.</param>
public sealed class ArmAccumulator(double limit)
{
    private long _people, _converted, _orders, _revenue, _margin, _discount, _withoutHistory, _cut;
    private decimal _sendCost;
    private PairSums _cutRevenue, _profit, _orderValue;
    private Sums _uncut;
    private DateTimeOffset? _first;

    public void Add(in PersonOutcome person)
    {
        _people++;
        if (person.Orders > 0) _converted++;
        _orders += person.Orders;
        _revenue += person.RevenueMinor;
        _margin += person.MarginMinor;
        _discount += person.DiscountMinor;
        _sendCost += person.SendCostMinor;
        if (person.RevenueBeforeMinor is null) _withoutHistory++;
        if (_first is null || person.AssignedAt < _first) _first = person.AssignedAt;
        var revenue = (double)person.RevenueMinor;
        var kept = 1.0;
        if (revenue > limit)
        {
            (kept, revenue) = (limit / revenue, limit);
            _cut++;
        }

        var before = (double)(person.RevenueBeforeMinor ?? 0);
        var earned = (double)(person.MarginMinor - person.DiscountMinor);
        _cutRevenue = _cutRevenue.Add(before, revenue);
        _profit = _profit.Add(before, (kept * earned) - (double)person.SendCostMinor);
        _uncut = _uncut.Add(earned - (double)person.SendCostMinor);
        _orderValue = _orderValue.Add(person.Orders, revenue);
    }

    public ArmSums ToSums() => new(_people, _converted, _orders, _revenue, _margin, _discount, (long)decimal.Round(_sendCost, MidpointRounding.AwayFromZero), _withoutHistory, _cut, _cutRevenue, _profit, _uncut, _orderValue, _first);
}
