using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Currencies;

namespace MerchantStudio.Core.Insights.Figures;

public enum FigureUnit
{
    Count,

    /// <summary>In the workspace's currency.</summary>
    Money,

    /// <summary>0 to 1.</summary>
    Share,
}

/// <summary>One figure of a period beside the period before.</summary>
/// <param name="Key">"net_revenue", "orders", "average_order", "conversion", "repeat_rate", "refund_rate", "buyers", "shoppers", "views".</param>
/// <param name="Value">Null when there is nothing to divide by.</param>
/// <param name="Former">Null without a period before.</param>
/// <param name="MoreIsBetter">Whether a rise is good.</param>
/// <param name="Part">What the figure counts, for shares and averages: 771 of 2,425 buyers.</param>
/// <param name="Daily">A value a day, oldest first; NaN where a day has none.</param>
public sealed record Figure(string Key, FigureUnit Unit, double? Value, double? Former, bool MoreIsBetter, double? Part, double? Whole, ImmutableArray<double> Daily, ImmutableArray<double> FormerDaily)
{
    /// <summary>Relative change for counts and money, difference for shares; null when it cannot be said.</summary>
    public double? Change => (Value, Former, Unit) switch
    {
        ({ } now, { } then, FigureUnit.Share) => now - then,
        ({ } now, { } then, _) when then > 0 => (now - then) / then,
        _ => null,
    };
}

/// <summary>How much a group of orders brought, now and before.</summary>
/// <param name="Key">"returning", "new", "refunds" (negative).</param>
public sealed record Driver(string Key, double Now, double Before)
{
    public double Change => Now - Before;
}

/// <summary>A product's revenue (or units, without prices), now and before.</summary>
public sealed record ProductMove(string ItemId, string? Name, double Now, double Before)
{
    public double Change => Now - Before;
}

/// <summary>How fresh one kind of data is.</summary>
/// <param name="LastAt">The newest row's own time; null when rows carry none.</param>
/// <param name="UsualGapDays">Usual days between imports; null with fewer than three.</param>
public sealed record Freshness(DatasetKind Kind, long Rows, DateTimeOffset? LastAt, DateTimeOffset? ImportedAt, double? UsualGapDays);

/// <summary>In which money and on which days the figures count, and what the period's sales less refunds were in each currency.</summary>
/// <param name="Currencies">The base currency first; empty without prices.</param>
public sealed record FigureMoney(string Currency, string TimeZone, ImmutableArray<CurrencyTotal> Currencies)
{
    public bool HasOthers => Currencies.Any(total => total.Currency != Currency);

    /// <summary>Sales and refunds that no exchange rate was in force for; in no money figure.</summary>
    public long WithoutRate => Currencies.Sum(total => total.WithoutRate);
}

/// <summary>What the home page shows.</summary>
/// <param name="Before">Null for all of the data.</param>
/// <param name="HasPrices">Whether any paid order has prices; else figures are counts.</param>
/// <param name="HasVisits">Whether there are views besides purchases; without them no conversion can be said.</param>
/// <param name="Days">The store's days from the period's first to its last.</param>
public sealed record ShopFigures(Period Period, Period? Before, DateOnly LastDay, bool HasPrices, bool HasVisits, ImmutableArray<DateOnly> Days,
    ImmutableArray<Figure> Figures, ImmutableArray<Driver> Drivers, ImmutableArray<ProductMove> Products, FigureMoney Money);

/// <summary>An order behind a figure, in the shop's currency.</summary>
/// <param name="Currency">What the customer paid in; null where its lines name several.</param>
/// <param name="Original">Sold less discounts in that currency.</param>
public sealed record OrderRow(string OrderNo, string UserId, DateTimeOffset At, int Items, decimal? Gross, decimal? Discount, decimal? Refunded, decimal? Net, string? CouponCode, string? Currency, decimal? Original);
