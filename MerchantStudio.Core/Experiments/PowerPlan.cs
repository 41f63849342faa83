namespace MerchantStudio.Core.Experiments;

/// <summary>What a person does without the campaign, from the shop's own history over as many days as the experiment shall run.</summary>
/// <param name="Mean">Per person: a rate, an amount, or a ratio such as revenue per order.</param>
/// <param name="Variance">Of one person's part in it.</param>
/// <param name="IsRate">Whether it is a share of people, whose spread changes with it.</param>
/// <param name="Explained">Share of the variance that the time before explains, 0 to 1: the square of the correlation. CUPED takes it out.</param>
public sealed record Baseline(double Mean, double Variance, bool IsRate, double Explained = 0)
{
    public static Baseline OfRate(double rate) => new(rate, rate * (1 - rate), IsRate: true);

    public static Baseline OfMean(Sums history) => new(history.Mean, history.Variance, IsRate: false);

    /// <param name="history">X what is divided by (orders), Y what is divided (revenue).</param>
    public static Baseline OfRatio(PairSums history) => new(history.Y / history.X, Compare.PersonRatioVariance(history), IsRate: false);

    /// <param name="history">X the period before, Y the period itself, of the same people.</param>
    public static Baseline WithBefore(PairSums history)
    {
        var (x, y) = (history.OfX.Variance, history.OfY.Variance);
        return OfMean(history.OfY) with { Explained = x > 0 && y > 0 ? history.Covariance * history.Covariance / (x * y) : 0 };
    }
}

/// <param name="Treated">People in the treated arm.</param>
/// <param name="Holdout">People it is compared with.</param>
public sealed record PeopleNeeded(long Treated, long Holdout)
{
    public long All => Treated + Holdout;
}

/// <summary>How many people an experiment needs, or what it can find with those that there are, read once at its end with a two-sided test.</summary>
/// <remarks>
/// Normal approximation; rates pool both arms under "no difference" (Fleiss, Levin and Paik, Statistical methods for rates and proportions, 3rd edition, 2003, chapter 4). An experiment that is
/// read with <see cref="AlwaysValid"/> at every look needs <see cref="LookingCost"/> times as many at worst.
/// </remarks>
/// <param name="Baseline">From own history.</param>
/// <param name="TreatedShare">Of the people in both arms, above 0 and below 1.</param>
/// <param name="Level">0.9: one in ten experiments without any effect would be read as one.</param>
/// <param name="Power">Share of experiments that find the effect when it is there.</param>
public sealed record PowerPlan(Baseline Baseline, double TreatedShare, double Level = Estimate.UsualLevel, double Power = 0.8)
{
    private const int Days = 7;
    private const double MostUplift = 1000;

    /// <summary>People for every look instead of one, at the same power: the square of the wider interval's share at the planned number.</summary>
    public double LookingCost
    {
        get
        {
            var looked = AlwaysValid.Of(Estimate.Of(0, 1, double.PositiveInfinity, Level), 1_000_000, 1_000_000).Interval.High;
            var (once, power) = (Quantiles.TwoSided(Level, double.PositiveInfinity), Quantiles.Normal(Power));
            return Math.Pow((looked + power) / (once + power), 2);
        }
    }

    /// <param name="uplift">Smallest effect worth finding, as a share of the baseline: 0.1 for a tenth more; may be negative, not 0.</param>
    public PeopleNeeded PeopleFor(double uplift)
    {
        if (uplift == 0 || !double.IsFinite(uplift)) throw new ArgumentOutOfRangeException(nameof(uplift), uplift, "An effect of nothing cannot be found.");
        var treated = TreatedFor(uplift);
        return new PeopleNeeded((long)Math.Ceiling(treated), (long)Math.Ceiling(treated * (1 - TreatedShare) / TreatedShare));
    }

    /// <param name="people">In both arms together.</param>
    /// <returns>The smallest rise, as a share of the baseline, that they find with <see cref="Power"/>; infinite when none can be.</returns>
    public double SmallestUplift(long people)
    {
        if (people < 4 || !(Baseline.Mean > 0)) return double.PositiveInfinity;
        var most = Baseline.IsRate ? (1 - Baseline.Mean) / Baseline.Mean : MostUplift;
        if (TreatedFor(most) > people * TreatedShare) return double.PositiveInfinity;
        double low = 0, high = most;
        for (var i = 0; i < 100 && high - low > 1e-12 * high; i++)
        {
            var middle = (low + high) / 2;
            if (TreatedFor(middle) > people * TreatedShare) low = middle;
            else high = middle;
        }

        return high;
    }

    /// <summary>Days until enough different people came by, going by a past stretch of the shop's own; full weeks, because weekdays differ.</summary>
    /// <param name="reachByDay">How many different people that could be enrolled came by within the first 1, 2, 3… days of the stretch, at least a week.</param>
    /// <returns>Beyond the stretch it goes on at the pace of its last week; null when nobody new comes.</returns>
    public static int? DaysFor(long people, ReadOnlySpan<long> reachByDay)
    {
        if (reachByDay.Length < Days) throw new ArgumentException("The past stretch must be a week or longer.", nameof(reachByDay));
        for (var day = 0; day < reachByDay.Length; day++)
        {
            if (reachByDay[day] >= people) return FullWeeks(day + 1);
        }

        var weekBefore = reachByDay.Length > Days ? reachByDay[^(Days + 1)] : 0;
        var pace = (reachByDay[^1] - weekBefore) / (double)Days;
        return pace <= 0 ? null : FullWeeks(reachByDay.Length + (int)Math.Min(100_000, Math.Ceiling((people - reachByDay[^1]) / pace)));
    }

    private static int FullWeeks(int days) => (days + Days - 1) / Days * Days;

    private double TreatedFor(double uplift)
    {
        var others = (1 - TreatedShare) / TreatedShare;
        var difference = Baseline.Mean * uplift;
        var (once, power) = (Quantiles.TwoSided(Level, double.PositiveInfinity), Quantiles.Normal(Power));
        double underNull, underEffect;
        if (Baseline.IsRate)
        {
            var (treated, holdout) = (Math.Clamp(Baseline.Mean + difference, 0, 1), Baseline.Mean);
            var pooled = (treated + (holdout * others)) / (1 + others);
            underNull = pooled * (1 - pooled) * (1 + (1 / others));
            underEffect = (treated * (1 - treated)) + (holdout * (1 - holdout) / others);
        }
        else
        {
            underNull = underEffect = Baseline.Variance * (1 + (1 / others));
        }

        return (1 - Baseline.Explained) * Math.Pow(((once * Math.Sqrt(underNull)) + (power * Math.Sqrt(underEffect))) / difference, 2);
    }
}
