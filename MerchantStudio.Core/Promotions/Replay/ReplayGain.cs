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

    private readonly ReplayCase[] _cases;
    private readonly int[] _shoppers;
    private readonly int[] _weeks;
    private readonly double[] _margins;
    private readonly ReplayLimits _limits;
    private readonly ResponseAssumption _response;
    private readonly int _shopperCount;
    private readonly int _weekCount;

    /// <param name="cases">By time.</param>
    /// <param name="from">The period's first moment; weeks count from it.</param>
    /// <param name="marginRate">Stands in where a cost is unknown.</param>
    public ReplayGain(ReplayCase[] cases, long from, int weeks, ReplayLimits limits, ResponseAssumption response, double marginRate)
    {
        (_cases, _limits, _response, _weekCount) = (cases, limits, response, weeks);
        var numbers = new Dictionary<int, int>();
        _shoppers = new int[cases.Length];
        _weeks = new int[cases.Length];
        _margins = new double[cases.Length];
        for (var index = 0; index < cases.Length; index++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, cases[index].Shopper, out var known);
            if (!known) number = numbers.Count - 1;
            _shoppers[index] = number;
            _weeks[index] = (int)Math.Min(weeks - 1, (cases[index].At - from) / (7 * ReplayRow.Day));
            _margins[index] = cases[index].MarginMinor ?? cases[index].ItemsMinor * marginRate;
        }

        _shopperCount = numbers.Count;
    }

    /// <summary>The figures at the likely response; baskets count as the share of them that comes back.</summary>
    public GainDraw Likely(LimitedUses uses)
    {
        var draw = new GainDraw(_weekCount);
        for (var index = 0; index < _cases.Length; index++)
        {
            if (uses.Used[index]) draw.Add(_cases[index], _margins[index], _weeks[index], _cases[index].IsOrder ? 1 : _response.Likely);
        }

        return draw;
    }

    /// <param name="drawn">Told after each draw.</param>
    public ImmutableArray<GainDraw> Draw(Action? drawn, CancellationToken cancellationToken)
    {
        var draws = new GainDraw[Draws];
        Parallel.For(0, Draws, new ParallelOptions { CancellationToken = cancellationToken }, number =>
        {
            draws[number] = One(new SeededRandom(SeededRandom.Mix(Seed, (ulong)number)));
            drawn?.Invoke();
        });
        return ImmutableCollectionsMarshal.AsImmutableArray(draws);
    }

    private GainDraw One(SeededRandom random)
    {
        var rate = _response.Low + (random.NextDouble() * (_response.High - _response.Low));
        if (_response.Source == ResponseSource.OwnCodes) rate = Measured(random);
        var weights = new byte[_shopperCount];
        for (var shopper = 0; shopper < weights.Length; shopper++) weights[shopper] = Poisson(random.NextDouble());
        var uses = new int[_shopperCount];
        var draw = new GainDraw(_weekCount);
        var (count, spent) = (0L, 0L);
        for (var index = 0; index < _cases.Length; index++)
        {
            ref readonly var one = ref _cases[index];
            var shopper = _shoppers[index];
            var comes = one.IsOrder || random.NextDouble() < rate;
            if (!comes || uses[shopper] >= _limits.UsesPerCustomer) continue;
            long copies = weights[shopper];
            if (_limits.TotalUses is { } most) copies = Math.Min(copies, most - count);
            if (_limits.BudgetMinor is { } budget && one.CostMinor > 0) copies = Math.Min(copies, (budget - spent) / one.CostMinor);
            if (copies <= 0) continue;
            uses[shopper]++;
            count += copies;
            spent += copies * one.CostMinor;
            draw.Add(one, _margins[index], _weeks[index], copies);
        }

        return draw;
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

    public void Add(in ReplayCase one, double margin, int week, double times)
    {
        if (one.IsOrder)
        {
            CameUses += times;
            CameCost += times * one.CostMinor;
            _byWeek[week] -= times * one.CostMinor;
        }
        else
        {
            ExtraUses += times;
            ExtraCost += times * one.CostMinor;
            ExtraMargin += times * (margin - one.OthersMinor);
            ExtraRevenue += times * (one.ItemsMinor - one.OthersMinor);
            _byWeek[week] += times * (margin - one.OthersMinor - one.CostMinor);
        }
    }
}
