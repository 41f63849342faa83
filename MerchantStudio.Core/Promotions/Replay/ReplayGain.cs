using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MerchantStudio.Core.Learning;

namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>
/// What the rule would have earned and how sure that is. Each draw takes the shoppers anew with replacement (Poisson weights), a share of abandoned baskets that come
/// back from the assumption's range, and holds the limits against the uses in the order of time. The same cases give the same draws.
/// </summary>
/// <remarks>Hanley and MacGibbon, Creating non-parametric bootstrap samples using Poisson frequencies, Computer Methods and Programs in Biomedicine 83(1), 2006.</remarks>
internal sealed class ReplayGain
{
    public const int Draws = 200;
    private const ulong Seed = 20;
    private const double Tail = 0.05;

    private readonly Drawn[] _drawn;
    private readonly ReplayLimits _limits;
    private readonly ResponseAssumption _response;
    private readonly int _shopperCount;
    private readonly int _weekCount;

    /// <param name="cases">By time.</param>
    /// <param name="from">The period's first moment; weeks count from it.</param>
    /// <param name="marginRate">Stands in where a cost is unknown.</param>
    public ReplayGain(ReplayCase[] cases, long from, int weeks, ReplayLimits limits, ResponseAssumption response, double marginRate)
    {
        (_limits, _response, _weekCount) = (limits, response, weeks);
        var numbers = new Dictionary<int, int>();
        _drawn = new Drawn[cases.Length];
        for (var index = 0; index < cases.Length; index++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, cases[index].Shopper, out var known);
            if (!known) number = numbers.Count - 1;
            var week = (int)Math.Min(weeks - 1, (cases[index].At - from) / (7 * ReplayRow.Day));
            _drawn[index] = Drawn.Of(cases[index], number, week, cases[index].MarginMinor ?? cases[index].ItemsMinor * marginRate);
        }

        _shopperCount = numbers.Count;
    }

    /// <summary>The figures at the likely response; baskets count as the share of them that comes back.</summary>
    public GainDraw Likely(LimitedUses uses)
    {
        var draw = new GainDraw(_weekCount);
        for (var index = 0; index < _drawn.Length; index++)
        {
            if (uses.Used[index]) draw.Add(_drawn[index], _drawn[index].IsOrder ? 1 : _response.Likely);
        }

        return draw;
    }

    /// <param name="drawn">Told after each draw.</param>
    public ImmutableArray<GainDraw> Draw(Action? drawn, CancellationToken cancellationToken)
    {
        var draws = new GainDraw[Draws];
        Parallel.For(0, Draws, new ParallelOptions { CancellationToken = cancellationToken }, () => new Scratch(_shopperCount), (number, _, scratch) =>
        {
            draws[number] = One(new SeededRandom(SeededRandom.Mix(Seed, (ulong)number)), scratch);
            drawn?.Invoke();
            return scratch;
        }, _ => { });
        return ImmutableCollectionsMarshal.AsImmutableArray(draws);
    }

    private GainDraw One(SeededRandom random, Scratch scratch)
    {
        var rate = _response.Low + (random.NextDouble() * (_response.High - _response.Low));
        if (_response.Source == ResponseSource.OwnCodes) rate = Measured(random);
        var (weights, own) = (scratch.Weights, scratch.Own);
        Array.Clear(own);
        for (var shopper = 0; shopper < weights.Length; shopper++) weights[shopper] = Poisson(random.NextDouble());
        var draw = new GainDraw(_weekCount);
        var shared = new SharedLimits(_limits);
        foreach (ref readonly var one in _drawn.AsSpan())
        {
            var weight = weights[one.Shopper];
            if (weight == 0 || (!one.IsOrder && random.NextDouble() >= rate)) continue;
            ref var spent = ref own[one.Shopper];
            if (_limits.IsOwn(spent, one.CostMinor)) continue;
            var copies = shared.Fitting(one.CostMinor, one.Day, one.Segments, weight);
            if (copies <= 0) continue;
            spent = (spent.Uses + 1, spent.Spent + one.CostMinor);
            shared.Take(one.CostMinor, one.Day, one.Segments, copies);
            draw.Add(one, copies);
        }

        return draw;
    }

    /// <summary>What one processor uses again for each of its draws.</summary>
    private sealed class Scratch(int shoppers)
    {
        public byte[] Weights { get; } = new byte[shoppers];
        public (int Uses, long Spent)[] Own { get; } = new (int, long)[shoppers];
    }

    /// <summary>From the normal distribution whose 90 % are the measured interval.</summary>
    private double Measured(SeededRandom random)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var spread = normal < 0 ? _response.Likely - _response.Low : _response.High - _response.Likely;
        return Math.Clamp(_response.Likely + (normal * spread / 1.645), 0, 1);
    }

    /// <summary>How often a shopper is drawn, from the Poisson distribution of mean 1.</summary>
    private static byte Poisson(double uniform)
    {
        var (chance, sum) = (Math.Exp(-1), Math.Exp(-1));
        byte times = 0;
        while (uniform >= sum && times < 12) sum += chance /= ++times;
        return times;
    }

    /// <summary>The 5 % and 95 % points of the draws.</summary>
    public static Span Interval(ImmutableArray<GainDraw> draws, Func<GainDraw, double> figure)
    {
        double[] values = [.. draws.Select(figure).Order()];
        return new Span(At(Tail), At(1 - Tail));

        double At(double share) => values[(int)Math.Round(share * (values.Length - 1), MidpointRounding.AwayFromZero)];
    }
}

/// <summary>Both ends of a 90 % interval.</summary>
public readonly record struct Span(double Low, double High);

/// <summary>What a draw needs of a case: few bytes, because all of them are gone through for each draw.</summary>
/// <param name="Shopper">Counted from 0.</param>
/// <param name="Margin">Less what other rules took off; as the next.</param>
internal readonly record struct Drawn(int Shopper, int Day, long CostMinor, ulong Segments, double Margin, double Revenue, short Week, bool IsOrder)
{
    public static Drawn Of(in ReplayCase one, int shopper, int week, double margin) =>
        new(shopper, one.Day, one.CostMinor, one.Segments, margin - one.OthersMinor, one.ItemsMinor - one.OthersMinor, (short)week, one.IsOrder);
}

/// <summary>One draw's sums, minor units.</summary>
internal sealed class GainDraw(int weeks)
{
    private readonly double[] _byWeek = new double[weeks];

    public double CameUses { get; private set; }
    public double CameCost { get; private set; }
    public double ExtraUses { get; private set; }
    public double ExtraCost { get; private set; }

    /// <summary>Of the orders that the offer brought, before its discount.</summary>
    public double ExtraMargin { get; private set; }
    public double ExtraRevenue { get; private set; }

    public double Uses => CameUses + ExtraUses;

    public double Cost => CameCost + ExtraCost;

    public double Net => ExtraMargin - Cost;

    /// <summary>Of uses; 0 without any.</summary>
    public double CameShare => Uses == 0 ? 0 : CameUses / Uses;

    /// <summary>Net gain from the beginning to the end of a week.</summary>
    public double NetUpTo(int week) => _byWeek.AsSpan(0, week + 1).ToArray().Sum();

    public void Add(in Drawn one, double times)
    {
        var cost = times * one.CostMinor;
        if (one.IsOrder)
        {
            CameUses += times;
            CameCost += cost;
            _byWeek[one.Week] -= cost;
        }
        else
        {
            ExtraUses += times;
            ExtraCost += cost;
            ExtraMargin += times * one.Margin;
            ExtraRevenue += times * one.Revenue;
            _byWeek[one.Week] += (times * one.Margin) - cost;
        }
    }
}
