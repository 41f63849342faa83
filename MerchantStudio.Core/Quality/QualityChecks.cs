using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Quality.Drift;

namespace MerchantStudio.Core.Quality;

/// <summary>All that the checks judge.</summary>
/// <param name="UsualPauseDays">Longest usual pause between days with events; null when unknown.</param>
/// <param name="Drift">Empty before the first comparison.</param>
/// <param name="WithoutRate">Sales and refunds in another currency that no exchange rate is in force for.</param>
internal sealed record QualityEvidence(QualityFigures Events, DatasetFigures Others, ImmutableArray<ImportFigures> Imports, double? UsualPauseDays, ImmutableArray<FeatureDrift> Drift, long WithoutRate);

/// <summary>Judges the figures. A check fails only where training on the data would teach something false; all else is a warning.</summary>
internal static class QualityChecks
{
    private const string Import = "data/import";
    private const string Datasets = "data/datasets";
    private const string Cleaning = "data/cleaning";
    private const string Runs = "runs";
    private const string Rates = "settings/rates";

    /// <summary>Where neither imports nor events tell what is usual.</summary>
    private const double UsualDays = 7;

    public static ImmutableArray<QualityCheck> Judge(QualityEvidence evidence, DateTimeOffset now)
    {
        var (figures, others) = (evidence.Events, evidence.Others);
        var checks = ImmutableArray.CreateBuilder<QualityCheck>();
        if (figures.Events + others.Reviews == 0)
        {
            checks.Add(new QualityCheck("data.none", DatasetKind.Events, QualityAspect.Coverage, QualityVerdict.Fail, 0, 0, QualityUnit.Count, 0, Import));
            return checks.ToImmutable();
        }

        foreach (var imports in evidence.Imports.Where(imports => imports.Read > 0))
            checks.Add(Share("imports.rejected", imports.Kind, QualityAspect.Validity, imports.Rejected, imports.Read, warn: 0.01, fail: 0.3, Datasets));
        if (figures.Events > 0) AddEvents(checks, evidence, now);
        if (others.Products > 0) AddProducts(checks, evidence, now);
        if (others.Customers > 0) AddCustomers(checks, evidence, now);
        if (others.Reviews > 0) AddReviews(checks, evidence, now);
        return checks.ToImmutable();
    }

    /// <summary>Mean over the aspects that have checks, each the mean of its checks.</summary>
    public static int Score(ImmutableArray<QualityCheck> checks) =>
        (int)Math.Round(checks.GroupBy(check => check.Aspect).Average(aspect => aspect.Average(check => check.Score)), MidpointRounding.AwayFromZero);

    private static void AddEvents(ImmutableArray<QualityCheck>.Builder checks, QualityEvidence evidence, DateTimeOffset now)
    {
        const DatasetKind Kind = DatasetKind.Events;
        var figures = evidence.Events;
        checks.Add(Share("events.no-shopper", Kind, QualityAspect.Completeness, figures.NoShopper, figures.Events, warn: 0.05, fail: 0.6, Import));
        checks.Add(Share("events.no-item", Kind, QualityAspect.Completeness, figures.NoItem, figures.Events, warn: 0.1, fail: 0.9, Import));
        checks.Add(Share("events.identical", Kind, QualityAspect.Uniqueness, figures.Identical, figures.Events, warn: 0.02, fail: 0.5, Cleaning));
        checks.Add(Share("events.future", Kind, QualityAspect.Validity, figures.Future, figures.Events, warn: 1e-9, fail: 0.5, Datasets));
        if (figures.FirstAt is { } first && figures.LastAt is { } last)
        {
            checks.Add(Least("events.history", Kind, QualityAspect.Coverage, (last - first).TotalDays, enough: 14, QualityUnit.Days, figures.Events, Import));
            checks.Add(Age("events.age", Kind, last, evidence, evidence.UsualPauseDays, now));
        }

        checks.Add(Least("events.shoppers", Kind, QualityAspect.Coverage, figures.Shoppers, enough: 100, QualityUnit.Count, figures.Shoppers, Import));
        checks.Add(Least("sales.count", Kind, QualityAspect.Coverage, figures.Sales, enough: 30, QualityUnit.Count, figures.Sales, Import));
        if (figures.Sales > 0)
        {
            checks.Add(Share("sales.no-price", Kind, QualityAspect.Completeness, figures.NoPrice, figures.Sales, warn: 0.05, fail: double.PositiveInfinity, Import));
            checks.Add(Share("sales.no-rate", Kind, QualityAspect.Completeness, Math.Min(evidence.WithoutRate, figures.Sales), figures.Sales, warn: 1e-9, fail: double.PositiveInfinity, Rates));
            checks.Add(Share("sales.bad-amount", Kind, QualityAspect.Validity, figures.BadAmounts, figures.Sales, warn: 0.01, fail: 0.5, Cleaning));
        }

        if (figures.Items > 0 && figures.Products > 0)
            checks.Add(Share("products.unknown", Kind, QualityAspect.Consistency, figures.Items - figures.KnownItems, figures.Items, warn: 0.1, fail: double.PositiveInfinity, Import));
        if (figures.Orders > 0)
            checks.Add(Share("orders.mixed", Kind, QualityAspect.Consistency, figures.MixedOrders, figures.Orders, warn: 0.001, fail: 0.2, Datasets));
        if (evidence.Drift.Length > 0)
            checks.Add(Share("features.drift", Kind, QualityAspect.Consistency, evidence.Drift.Count(feature => feature.Moved), evidence.Drift.Length, warn: 1e-9, fail: double.PositiveInfinity, Runs));
    }

    private static void AddProducts(ImmutableArray<QualityCheck>.Builder checks, QualityEvidence evidence, DateTimeOffset now)
    {
        const DatasetKind Kind = DatasetKind.Products;
        var figures = evidence.Others;
        checks.Add(Share("products.no-category", Kind, QualityAspect.Completeness, figures.NoCategory, figures.Products, warn: 0.1, fail: double.PositiveInfinity, Import));
        checks.Add(Share("products.no-price", Kind, QualityAspect.Completeness, figures.NoProductPrice, figures.Products, warn: 0.1, fail: double.PositiveInfinity, Import));
        checks.Add(Share("products.repeated", Kind, QualityAspect.Uniqueness, figures.Repeats, figures.Products, warn: 0.01, fail: double.PositiveInfinity, Datasets));
        checks.Add(Share("products.bad-price", Kind, QualityAspect.Validity, figures.BadProductPrice, figures.Products, warn: 1e-9, fail: double.PositiveInfinity, Import));
        AddImportAge(checks, "products.age", Kind, evidence, now);
    }

    private static void AddCustomers(ImmutableArray<QualityCheck>.Builder checks, QualityEvidence evidence, DateTimeOffset now)
    {
        const DatasetKind Kind = DatasetKind.Customers;
        var figures = evidence.Others;
        checks.Add(Share("customers.no-contact", Kind, QualityAspect.Completeness, figures.NoContact, figures.Customers, warn: 0.2, fail: double.PositiveInfinity, Import));
        checks.Add(Share("customers.repeated", Kind, QualityAspect.Uniqueness, figures.RepeatedCustomers, figures.Customers, warn: 0.01, fail: double.PositiveInfinity, Datasets));
        checks.Add(Share("customers.bad-birth-year", Kind, QualityAspect.Validity, figures.BadBirthYear, figures.Customers, warn: 1e-9, fail: double.PositiveInfinity, Import));
        if (figures.Buyers > 0)
            checks.Add(Share("customers.unknown-buyers", Kind, QualityAspect.Coverage, figures.Buyers - figures.KnownBuyers, figures.Buyers, warn: 0.2, fail: double.PositiveInfinity, Import));
        AddImportAge(checks, "customers.age", Kind, evidence, now);
    }

    private static void AddReviews(ImmutableArray<QualityCheck>.Builder checks, QualityEvidence evidence, DateTimeOffset now)
    {
        const DatasetKind Kind = DatasetKind.Reviews;
        var figures = evidence.Others;
        checks.Add(Share("reviews.no-text", Kind, QualityAspect.Completeness, figures.NoText, figures.Reviews, warn: 0.1, fail: double.PositiveInfinity, Import));
        checks.Add(Share("reviews.no-rating", Kind, QualityAspect.Completeness, figures.NoRating, figures.Reviews, warn: 0.5, fail: double.PositiveInfinity, Import));
        checks.Add(Share("reviews.repeated", Kind, QualityAspect.Uniqueness, figures.RepeatedReviews, figures.Reviews, warn: 0.05, fail: double.PositiveInfinity, Datasets));
        checks.Add(Share("reviews.bad-rating", Kind, QualityAspect.Validity, figures.BadRatings, figures.Reviews, warn: 1e-9, fail: double.PositiveInfinity, Import));
        checks.Add(Least("reviews.count", Kind, QualityAspect.Coverage, figures.Reviews, enough: 50, QualityUnit.Count, figures.Reviews, Import));
        if (figures.Products > 0)
            checks.Add(Share("reviews.unknown-products", Kind, QualityAspect.Consistency, figures.UnknownReviewed, figures.Reviews, warn: 0.1, fail: double.PositiveInfinity, Import));
        if (figures.LastReviewAt is { } last) checks.Add(Age("reviews.age", Kind, last, evidence, null, now));
    }

    /// <summary>Rows without a time of their own are as old as their last import; with fewer than three imports nothing is usual yet.</summary>
    private static void AddImportAge(ImmutableArray<QualityCheck>.Builder checks, string key, DatasetKind kind, QualityEvidence evidence, DateTimeOffset now)
    {
        if (ImportsOf(evidence, kind) is { UsualGapDays: not null } imports) checks.Add(Age(key, kind, imports.FinishedAt[^1], evidence, null, now));
    }

    /// <summary>Warns when the newest row is half as old again as usual, by the pace of imports and the pauses in the data themselves.</summary>
    private static QualityCheck Age(string key, DatasetKind kind, DateTimeOffset newest, QualityEvidence evidence, double? usualPause, DateTimeOffset now)
    {
        var usual = Math.Max(Math.Max(ImportsOf(evidence, kind)?.UsualGapDays ?? UsualDays, usualPause ?? 0), 1);
        var age = Math.Max(0, (now - newest).TotalDays);
        var verdict = age <= 1.5 * usual ? QualityVerdict.Pass : QualityVerdict.Warn;
        return new QualityCheck(key, kind, QualityAspect.Freshness, verdict, age <= usual ? 100 : (int)(100 / (1 + ((age - usual) / (4 * usual)))), Math.Floor(age), QualityUnit.Days, 0, Import, Math.Round(usual, 1));
    }

    /// <summary>Order files become events, so they count among the imports of events.</summary>
    private static ImportFigures? ImportsOf(QualityEvidence evidence, DatasetKind kind)
    {
        ImportFigures[] found = [.. evidence.Imports.Where(imports => imports.Kind == kind || (kind == DatasetKind.Events && imports.Kind == DatasetKind.Orders))];
        return found.Length == 0 ? null : new ImportFigures(kind, found.Sum(imports => imports.Read), found.Sum(imports => imports.Rejected), [.. found.SelectMany(imports => imports.FinishedAt).Order()]);
    }

    /// <summary>The fewer rows concerned the better.</summary>
    private static QualityCheck Share(string key, DatasetKind kind, QualityAspect aspect, long rows, long all, double warn, double fail, string fix)
    {
        var share = (double)rows / all;
        var verdict = share >= fail ? QualityVerdict.Fail : share >= warn ? QualityVerdict.Warn : QualityVerdict.Pass;
        return new QualityCheck(key, kind, aspect, verdict, (int)Math.Floor(100 * (1 - share)), share, QualityUnit.Share, rows, fix);
    }

    /// <summary>The more the better, up to what is enough.</summary>
    private static QualityCheck Least(string key, DatasetKind kind, QualityAspect aspect, double value, double enough, QualityUnit unit, long rows, string fix) =>
        new(key, kind, aspect, value >= enough ? QualityVerdict.Pass : QualityVerdict.Warn, (int)(100 * Math.Min(1, value / enough)), Math.Floor(value), unit, rows, fix);
}
