using System.Collections.Immutable;

namespace MerchantStudio.Core.Reviews;

/// <summary>Weeks (or months) with the share of negative reviews and the range that is usual for so many reviews.</summary>
internal static class TrendBand
{
    public const int MostWeeks = 53;
    private const int PointsJudged = 4;
    private const int LeastPointsForBand = 6;
    private const double Deviations = 1.96;

    /// <summary>Limits of a p-chart: the share in the points before the last four, plus and minus 1.96 standard errors of a point's own count.</summary>
    public static ReviewTrend Of(bool monthly, IReadOnlyList<(DateOnly Start, long Reviews, long Negative, double? Stars)> counted)
    {
        var former = counted.Count - PointsJudged >= LeastPointsForBand ? counted.Take(counted.Count - PointsJudged).ToArray() : [.. counted];
        double negative = former.Sum(point => point.Negative), reviews = former.Sum(point => point.Reviews);
        var usual = reviews > 0 ? negative / reviews : double.NaN;
        var byStart = counted.ToDictionary(point => point.Start);
        var points = ImmutableArray.CreateBuilder<TrendPoint>();
        for (var start = counted[0].Start; start <= counted[^1].Start; start = monthly ? start.AddMonths(1) : start.AddDays(7))
        {
            if (!byStart.TryGetValue(start, out var point))
            {
                points.Add(new TrendPoint(start, 0, double.NaN, null, double.NaN, double.NaN));
                continue;
            }

            var reach = Deviations * Math.Sqrt(usual * (1 - usual) / point.Reviews);
            points.Add(new TrendPoint(start, point.Reviews, (double)point.Negative / point.Reviews, point.Stars, Math.Max(0, usual - reach), Math.Min(1, usual + reach)));
        }

        return new ReviewTrend(monthly, usual, former.Length, points.ToImmutable());
    }
}
