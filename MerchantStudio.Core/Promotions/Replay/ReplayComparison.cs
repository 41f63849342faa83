using System.Collections.Immutable;

namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>What a replay promised for as many days as the rule has been live, beside what happened.</summary>
/// <param name="Days">The rule has been live, up to now or its end.</param>
/// <param name="FromLedger">Counted in the redemptions; else in imported orders that carry its codes.</param>
/// <param name="ReplayedAt">When the replay was made that is compared.</param>
public sealed record ReplayComparison(DateTimeOffset Since, double Days, bool FromLedger, DateTimeOffset ReplayedAt, ImmutableArray<ComparedFigure> Figures)
{
    /// <summary>Minor units and uses at the replay's pace. A short stretch sways more than the whole period: half-widths of the period's interval, with its share f of the period, become √(f + f²) of themselves.</summary>
    internal static ReplayComparison Of(ReplayResult replay, DateTimeOffset replayedAt, DateTimeOffset since, double days, bool fromLedger, long uses, long costMinor)
    {
        var period = Math.Max(1, ((replay.Stop.RunOutAt ?? replay.To) - replay.From).TotalDays);
        var share = days / period;
        var spread = Math.Sqrt(share + (share * share)) * period;
        return new ReplayComparison(since, days, fromLedger, replayedAt,
        [
            Figure("uses", replay.Stop.DailyUses, replay.Stop.DailyUsesSpan, uses),
            Figure("cost", replay.Stop.DailyCostMinor, replay.Stop.DailyCostSpan, costMinor),
        ]);

        ComparedFigure Figure(string key, double daily, Span span, long actual) =>
            new(key, daily * days, new Span(Math.Max(0, (daily * days) - ((daily - span.Low) * spread)), (daily * days) + ((span.High - daily) * spread)), actual);
    }
}

/// <param name="Key">"uses" or "cost" (discounts and gifts, minor units).</param>
/// <param name="Span">90 %.</param>
public sealed record ComparedFigure(string Key, double Predicted, Span Span, double Actual)
{
    public bool Within => Actual >= Span.Low && Actual <= Span.High;
}
