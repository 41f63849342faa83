using System.Collections.Immutable;

namespace MerchantStudio.Core.Quality;

/// <summary>Judges the figures. A check fails only where training on the data would teach something false; all else is a warning.</summary>
internal static class QualityChecks
{
    private const string Import = "data/import";
    private const string Datasets = "data/datasets";

    /// <param name="read">Rows of all complete imports.</param>
    /// <param name="rejected">Those of them that were set aside.</param>
    public static ImmutableArray<QualityCheck> Judge(QualityFigures figures, long read, long rejected, DateTimeOffset now)
    {
        var checks = ImmutableArray.CreateBuilder<QualityCheck>();
        if (figures.Events + figures.Reviews == 0)
        {
            checks.Add(new QualityCheck("data.none", QualityAspect.Coverage, QualityVerdict.Fail, 0, 0, QualityUnit.Count, 0, Import));
            return checks.ToImmutable();
        }

        if (read > 0) checks.Add(Share("imports.rejected", QualityAspect.Validity, rejected, read, warn: 0.01, fail: 0.3, Datasets));
        if (figures.Events > 0) AddEvents(checks, figures, now);
        if (figures.Sales > 0)
        {
            checks.Add(Share("sales.no-price", QualityAspect.Completeness, figures.NoPrice, figures.Sales, warn: 0.05, fail: double.PositiveInfinity, Import));
            checks.Add(Share("sales.bad-amount", QualityAspect.Validity, figures.BadAmounts, figures.Sales, warn: 0.01, fail: 0.5, Datasets));
        }

        if (figures.Items > 0 && figures.Products > 0)
            checks.Add(Share("products.unknown", QualityAspect.Consistency, figures.Items - figures.KnownItems, figures.Items, warn: 0.1, fail: double.PositiveInfinity, Import));
        if (figures.Orders > 0)
            checks.Add(Share("orders.mixed", QualityAspect.Consistency, figures.MixedOrders, figures.Orders, warn: 0.001, fail: 0.2, Datasets));
        if (figures.Reviews > 0)
            checks.Add(Share("reviews.no-text", QualityAspect.Completeness, figures.NoText, figures.Reviews, warn: 0.1, fail: double.PositiveInfinity, Import));
        return checks.ToImmutable();
    }

    /// <summary>Mean over the aspects that have checks, each the mean of its checks.</summary>
    public static int Score(ImmutableArray<QualityCheck> checks) =>
        (int)Math.Round(checks.GroupBy(check => check.Aspect).Average(aspect => aspect.Average(check => check.Score)), MidpointRounding.AwayFromZero);

    private static void AddEvents(ImmutableArray<QualityCheck>.Builder checks, QualityFigures figures, DateTimeOffset now)
    {
        checks.Add(Share("events.no-shopper", QualityAspect.Completeness, figures.NoShopper, figures.Events, warn: 0.05, fail: 0.6, Import));
        checks.Add(Share("events.no-item", QualityAspect.Completeness, figures.NoItem, figures.Events, warn: 0.1, fail: 0.9, Import));
        checks.Add(Share("events.identical", QualityAspect.Uniqueness, figures.Identical, figures.Events, warn: 0.02, fail: 0.5, Datasets));
        checks.Add(Share("events.future", QualityAspect.Validity, figures.Future, figures.Events, warn: 1e-9, fail: 0.5, Datasets));
        if (figures.FirstAt is { } first && figures.LastAt is { } last)
        {
            checks.Add(Least("events.history", QualityAspect.Coverage, (last - first).TotalDays, enough: 14, QualityUnit.Days, figures.Events, Import));
            var age = Math.Max(0, (now - last).TotalDays);
            checks.Add(new QualityCheck("events.age", QualityAspect.Freshness, age <= 7 ? QualityVerdict.Pass : QualityVerdict.Warn, age <= 1 ? 100 : (int)(100 / (1 + (age - 1) / 30)), Math.Floor(age), QualityUnit.Days, 0, Import));
        }

        checks.Add(Least("events.shoppers", QualityAspect.Coverage, figures.Shoppers, enough: 100, QualityUnit.Count, figures.Shoppers, Import));
        checks.Add(Least("sales.count", QualityAspect.Coverage, figures.Sales, enough: 30, QualityUnit.Count, figures.Sales, Import));
    }

    /// <summary>The fewer rows concerned the better.</summary>
    private static QualityCheck Share(string key, QualityAspect aspect, long rows, long all, double warn, double fail, string fix)
    {
        var share = (double)rows / all;
        var verdict = share >= fail ? QualityVerdict.Fail : share >= warn ? QualityVerdict.Warn : QualityVerdict.Pass;
        return new QualityCheck(key, aspect, verdict, (int)Math.Floor(100 * (1 - share)), share, QualityUnit.Share, rows, fix);
    }

    /// <summary>The more the better, up to what is enough.</summary>
    private static QualityCheck Least(string key, QualityAspect aspect, double value, double enough, QualityUnit unit, long rows, string fix) =>
        new(key, aspect, value >= enough ? QualityVerdict.Pass : QualityVerdict.Warn, (int)(100 * Math.Min(1, value / enough)), Math.Floor(value), unit, rows, fix);
}
