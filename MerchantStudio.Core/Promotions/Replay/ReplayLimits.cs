using System.Collections.Immutable;

namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>A rule's limits, held against its uses in the order of time, as the ledger holds them against real ones: a use that does not fit is refused, a smaller one later may still fit.</summary>
/// <param name="Segments">Bit n of <see cref="ReplayCase.Segments"/> says whether a use counts in the n-th.</param>
internal sealed record ReplayLimits(
    int UsesPerCustomer, long? TotalUses, long? BudgetMinor, long? CustomerBudgetMinor, int? DayUses, long? DayBudgetMinor, ImmutableArray<SegmentLimit> Segments)
{
    /// <summary>More segments than a rule may limit.</summary>
    public const int MostSegments = 64;

    public static ReplayLimits Of(RuleDraft draft) => new(
        draft.UsesPerCustomer, draft.TotalUses, draft.BudgetMinor, draft.CustomerBudgetMinor, draft.DayUses, draft.DayBudgetMinor, [.. draft.SegmentLimits.Take(MostSegments)]);

    /// <summary>Which cases the limits let through. A past order is a whole use; a basket takes of shared limits what it is expected to, and of its shopper's own nothing.</summary>
    /// <param name="cases">By time.</param>
    /// <param name="response">The share of baskets that come back.</param>
    public LimitedUses Apply(IReadOnlyList<ReplayCase> cases, double response)
    {
        var own = new Dictionary<int, (int Uses, long Spent)>();
        var shared = new SharedLimits(this);
        var used = ImmutableArray.CreateBuilder<bool>(cases.Count);
        var refused = new long[Enum.GetValues<ReplayRefusal>().Length];
        long? runOut = null;
        foreach (var one in cases)
        {
            var reason = IsOwn(own.GetValueOrDefault(one.Shopper), one.CostMinor) ? ReplayRefusal.Customer : shared.Refuses(one);
            used.Add(reason == ReplayRefusal.None);
            if (reason == ReplayRefusal.None)
            {
                shared.Take(one.CostMinor, one.Day, one.Segments, one.IsOrder ? 1 : response);
                if (one.IsOrder)
                {
                    var (uses, spent) = own.GetValueOrDefault(one.Shopper);
                    own[one.Shopper] = (uses + 1, spent + one.CostMinor);
                }
            }
            else if (one.IsOrder)
            {
                refused[(int)reason]++;

                // A day that is full goes on tomorrow, and a segment stops alone.
                if (reason is ReplayRefusal.Uses or ReplayRefusal.Budget) runOut ??= one.At;
            }
        }

        return new LimitedUses(used.MoveToImmutable(), runOut, refused[(int)ReplayRefusal.Customer], refused[(int)ReplayRefusal.Uses], refused[(int)ReplayRefusal.Budget], refused[(int)ReplayRefusal.Day], refused[(int)ReplayRefusal.Segment]);
    }

    /// <summary>Whether the shopper's own limits leave no room.</summary>
    public bool IsOwn((int Uses, long Spent) own, long costMinor) => own.Uses >= UsesPerCustomer || own.Spent + costMinor > CustomerBudgetMinor;
}

internal enum ReplayRefusal
{
    None,
    Customer,
    Uses,
    Budget,
    Day,
    Segment,
}

/// <summary>What is used of the limits that all shoppers share, while time goes by.</summary>
internal sealed class SharedLimits(ReplayLimits limits)
{
    /// <summary>Expected uses are sums of shares; what they miss by rounding is no use.</summary>
    private const double Rounding = 1e-9;

    private readonly Bound _whole = new(limits.TotalUses, limits.BudgetMinor);
    private readonly Bound _daily = new(limits.DayUses, limits.DayBudgetMinor);
    private readonly Bound[] _bySegment = [.. limits.Segments.Select(limit => new Bound(limit.Uses, limit.BudgetMinor))];
    private readonly (double Uses, double Spent)[] _segments = new (double, double)[limits.Segments.Length];
    private (double Uses, double Spent) _all;
    private (double Uses, double Spent) _today;
    private int _day;

    public ReplayRefusal Refuses(in ReplayCase one)
    {
        if (_all.Uses + 1 > limits.TotalUses + Rounding) return ReplayRefusal.Uses;
        if (_all.Spent + one.CostMinor > limits.BudgetMinor + Rounding) return ReplayRefusal.Budget;
        if (!Fits(TodayAt(one.Day), limits.DayUses, limits.DayBudgetMinor, one.CostMinor)) return ReplayRefusal.Day;
        for (var place = 0; place < _segments.Length; place++)
        {
            if (one.IsIn(place) && !Fits(_segments[place], limits.Segments[place].Uses, limits.Segments[place].BudgetMinor, one.CostMinor)) return ReplayRefusal.Segment;
        }

        return ReplayRefusal.None;
    }

    /// <summary>How many of some equal uses fit at once.</summary>
    public long Fitting(long costMinor, int day, ulong segments, long copies)
    {
        copies = _daily.Fitting(_whole.Fitting(copies, _all, costMinor), TodayAt(day), costMinor);
        for (var place = 0; place < _segments.Length; place++)
        {
            if ((segments >> place & 1) != 0) copies = _bySegment[place].Fitting(copies, _segments[place], costMinor);
        }

        return copies;
    }

    public void Take(long costMinor, int day, ulong segments, double times)
    {
        _today = Plus(TodayAt(day), costMinor, times);
        _day = day;
        _all = Plus(_all, costMinor, times);
        for (var place = 0; place < _segments.Length; place++)
        {
            if ((segments >> place & 1) != 0) _segments[place] = Plus(_segments[place], costMinor, times);
        }
    }

    /// <summary>Days come in their order, so only the last one is kept.</summary>
    private (double Uses, double Spent) TodayAt(int day) => day == _day ? _today : default;

    private static (double Uses, double Spent) Plus((double Uses, double Spent) sum, long costMinor, double times) => (sum.Uses + times, sum.Spent + (times * costMinor));

    private static bool Fits((double Uses, double Spent) used, long? mostUses, long? mostMinor, long costMinor) => !(used.Uses + 1 > mostUses + Rounding) && !(used.Spent + costMinor > mostMinor + Rounding);

    /// <summary>Two limits as plain figures; infinite where there is none.</summary>
    private readonly struct Bound(long? uses, long? minor)
    {
        private readonly double _uses = uses ?? double.PositiveInfinity;
        private readonly double _minor = minor ?? double.PositiveInfinity;

        public long Fitting(long copies, (double Uses, double Spent) used, long costMinor)
        {
            if (used.Uses + copies > _uses) copies = (long)(_uses - used.Uses);
            return costMinor > 0 && used.Spent + (copies * costMinor) > _minor ? (long)((_minor - used.Spent) / costMinor) : copies;
        }
    }
}

/// <param name="Used">For each case whether it fits into the limits.</param>
/// <param name="RunOutAt">When the first past order was refused because budget or uses were gone; microseconds.</param>
/// <param name="ByCustomer">Past orders refused because their shopper had used up her own.</param>
/// <param name="ByDay">Because the day's were gone.</param>
/// <param name="BySegment">Because those of a segment of hers were gone.</param>
internal sealed record LimitedUses(ImmutableArray<bool> Used, long? RunOutAt, long ByCustomer, long ByUses, long ByBudget, long ByDay, long BySegment);
