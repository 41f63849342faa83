using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Promotions;

/// <summary>What a shop's usual rules begin with.</summary>
/// <param name="Key">"welcome", "abandoned-cart", "win-back", "replenishment", "vip", "post-review".</param>
public sealed record RuleTemplate(string Key, RuleDraft Draft);

/// <summary>The shop's own figures that templates are filled with.</summary>
/// <param name="MedianOrderMinor">Of the paid orders of a year.</param>
/// <param name="ReorderDays">Median days between two orders of a shopper.</param>
public sealed record TemplateFigures(long MedianOrderMinor, int ReorderDays);

/// <summary>Six rules that most shops run, with amounts and days that fit this one.</summary>
public sealed class RuleTemplates(WarehouseRegistry warehouses)
{
    /// <summary>Used until there are orders: 50 of the currency and 30 days.</summary>
    private const int UsualDays = 30;
    private const int UsualAmount = 50;
    private const int LeastAmount = 20;

    public async Task<TemplateFigures> FiguresAsync(WorkspaceScope scope, string currency, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var usual = new TemplateFigures(Money.Of(UsualAmount, currency).Minor, UsualDays);
        if (scope.Refusal(Right.ReadFigures) is not null) return usual;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("paid_orders", cancellationToken).ConfigureAwait(false)) return usual;
        var found = (await warehouse.QueryAsync(
            """
            with year as (select user_id, ts, gross - discount as paid, has_price from paid_orders where ts >= (select max(ts) from paid_orders) - interval 365 day),
            gaps as (select date_diff('day', lag(ts) over (partition by user_id order by ts), ts) as days from year)
            select (select cast(median(paid) as decimal(18, 4)) from year where has_price and paid > 0), (select cast(median(days) as integer) from gaps where days > 0)
            """,
            row => (Order: row.DecimalOrNull(0), Days: row.IntOrNull(1)), [], cancellationToken).ConfigureAwait(false))[0];
        return new TemplateFigures(found.Order is > 0 and var order ? Money.Of(order, currency).Minor : usual.MedianOrderMinor, Math.Clamp(found.Days ?? UsualDays, 7, 180));
    }

    /// <param name="today">The day in the store's zone.</param>
    public static ImmutableArray<RuleTemplate> Of(TemplateFigures figures, string currency, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(figures);
        // Below twenty of the currency the rounded amounts would meet.
        var order = Math.Max(figures.MedianOrderMinor, Money.Of(LeastAmount, currency).Minor);
        var month = today.AddDays(30);
        string Days(int days) => days.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return
        [
            new("welcome", new RuleDraft("", new Comparison("first_order", ConditionOperator.Is, ["true"]), new Offer(OfferKind.Percent, 1000, CapMinor: Round(order / 5, currency)), EndsOn: month)),
            new("abandoned-cart", new RuleDraft("", new AllOf(
            [
                new Comparison("last_cart_at", ConditionOperator.WithinDays, ["3"]),
                new Comparison("open_cart_value", ConditionOperator.AtLeast, [Amount(Round(order / 2, currency), currency)]),
                new EventCount("order", ConditionOperator.AtMost, 0, 3),
            ]), new Offer(OfferKind.FreeShipping), EndsOn: today.AddDays(7))),
            new("win-back", new RuleDraft("", new AllOf([new InSegment(["rfm:at_risk", "rfm:almost_lost"]), new Not(new EventCount("coupon", ConditionOperator.AtLeast, 1, 30))]),
                new Offer(OfferKind.Percent, 1500, CapMinor: Round(order / 4, currency), MinimumSpendMinor: Round(order * 3 / 4, currency)), EndsOn: month)),
            new("replenishment", new RuleDraft("", new AllOf(
            [
                new Comparison("orders", ConditionOperator.AtLeast, ["2"]),
                new Comparison("last_order_at", ConditionOperator.MoreThanDaysAgo, [Days(figures.ReorderDays)]),
                new Comparison("last_order_at", ConditionOperator.WithinDays, [Days(figures.ReorderDays * 2)]),
            ]), new Offer(OfferKind.Percent, 500, CapMinor: Round(order / 8, currency)), EndsOn: today.AddDays(14))),
            new("vip", new RuleDraft("", new InSegment(["rfm:champions", "rfm:loyal"]), new Offer(OfferKind.Tiered, CapMinor: Round(order / 2, currency))
            {
                Tiers = [new OfferTier(Round(order, currency), PercentBasisPoints: 500), new OfferTier(Round(order, currency) * 2, PercentBasisPoints: 1000)],
            }, EndsOn: month)),
            new("post-review", new RuleDraft("", new EventCount("review", ConditionOperator.AtLeast, 1, 14),
                new Offer(OfferKind.Fixed, AmountMinor: Round(order / 20, currency), MinimumSpendMinor: Round(order / 2, currency)), EndsOn: month)),
        ];
    }

    /// <summary>To one, two, two and a half or five of the power of ten below, so that it reads like a price somebody chose; at least one unit of the currency.</summary>
    private static long Round(long minor, string currency)
    {
        var unit = Money.Of(1, currency).Minor;
        var whole = Math.Max(1, minor / unit);
        long power = 1;
        while (power * 10 <= whole) power *= 10;
        var lead = whole / (decimal)power;
        return (long)((lead < 1.5m ? 1m : lead < 2.25m ? 2m : lead < 3.5m ? 2.5m : lead < 7.5m ? 5m : 10m) * power * unit);
    }

    private static string Amount(long minor, string currency) => new Money(minor, currency).Amount.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture);
}
