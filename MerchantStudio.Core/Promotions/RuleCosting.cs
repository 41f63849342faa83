using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Promotions;

/// <summary>Estimates what a rule would cost from the shop's own past orders.</summary>
internal sealed class RuleCosting(WorkspaceWarehouse warehouse, RuleDraft draft, ConditionContext context, string currency)
{
    private const int OpenEndedDays = 30;
    private const int LongestDays = 90;
    private const int YearDays = 365;
    private const double NinetyPercent = 1.645;

    private readonly decimal _minimum = new Money(draft.Offer.MinimumSpendMinor ?? 0, currency).Amount;

    public async Task<CostEstimate?> EstimateAsync(long audience, long given, DateOnly today, CancellationToken cancellationToken)
    {
        if (audience == 0 || given == 0 || (draft.Offer.Kind == OfferKind.FreeShipping && draft.Offer.CapMinor is null)) return null;
        if (draft.Offer.NeedsLines && draft.Offer.MostPerUseMinor is null) return null;
        var first = draft.StartsOn is { } start && start > today ? start : today;
        var days = draft.EndsOn is { } last ? Math.Clamp(last.DayNumber - first.DayNumber + 1, 1, LongestDays) : OpenEndedDays;
        var own = await TotalsAsync(ownOnly: true, cancellationToken).ConfigureAwait(false);
        var totals = own.Length > 0 ? own : await TotalsAsync(ownOnly: false, cancellationToken).ConfigureAwait(false);
        if (totals.Length == 0 && draft.Offer.Kind is not (OfferKind.Fixed or OfferKind.FreeShipping or OfferKind.Gift)) return null;
        // Which items an order held is not asked here: such an offer is taken at its bound.
        var discount = totals.Length == 0 || draft.Offer.NeedsLines
            ? draft.Offer.MostPerUseMinor ?? 0
            : (long)decimal.Round(totals.Average(total => (decimal)(draft.Offer.DiscountOn(Money.Of(total, currency).Minor) ?? 0)), 0, MidpointRounding.AwayFromZero);
        var history = await HistoryDaysAsync(days, cancellationToken).ConfigureAwait(false);
        var (uses, squares) = await UsesAsync(days, history, cancellationToken).ConfigureAwait(false);
        var each = uses / audience;
        var spread = NinetyPercent * Math.Sqrt(Math.Max(0, (squares / audience) - (each * each)) / audience);
        var bound = draft.Offer.MostPerUseMinor is { } most ? (decimal)most * draft.UsesPerCustomer * given : decimal.MaxValue;
        return new CostEstimate(Cost(Math.Max(0, each - spread)), Cost(each + spread), each, discount, totals.Length, days, history, own.Length > 0);

        long Cost(double usesEach) => (long)Math.Min(bound, decimal.Round((decimal)(given * usesEach) * discount, 0, MidpointRounding.AwayFromZero));
    }

    /// <summary>What was paid for each order of the last 12 months that meets the minimum.</summary>
    private Task<ImmutableArray<decimal>> TotalsAsync(bool ownOnly, CancellationToken cancellationToken)
    {
        var clause = ConditionSql.Compile(draft.Condition, context, 2);
        var own = ownOnly ? $" and p.user_id in (select s.user_id from shopper_profile s where {clause.Text})" : "";
        return warehouse.QueryAsync(
            $"select cast(p.gross - p.discount as decimal(18,4)) from paid_orders p where p.has_price and p.ts >= $1 and p.gross - p.discount >= $2{own} order by p.order_no limit 200000",
            row => row.Decimal(0), [context.AsOf.AddDays(-YearDays), _minimum, .. ownOnly ? clause.Parameters : []], cancellationToken);
    }

    /// <summary>How far back the pace of orders is measured: the shop's whole year, or what there is of it, but no less than the rule runs.</summary>
    private async Task<int> HistoryDaysAsync(int days, CancellationToken cancellationToken)
    {
        var first = await warehouse.QueryAsync("select min(ts) from paid_orders", row => row.InstantOrNull(0), [], cancellationToken).ConfigureAwait(false);
        return first[0] is { } at ? (int)Math.Clamp(Math.Ceiling((context.AsOf - at).TotalDays), days, YearDays) : days;
    }

    /// <summary>Sum and sum of squares, over the audience, of the uses each would make at the pace of the past.</summary>
    private async Task<(double Uses, double Squares)> UsesAsync(int days, int history, CancellationToken cancellationToken)
    {
        var clause = ConditionSql.Compile(draft.Condition, context, 4);
        var sums = await warehouse.QueryAsync(
            $"""
            with own as (
                select p.user_id, least(count(*) * $4, cast($3 as double)) as uses from paid_orders p
                where p.ts >= $1 and (not p.has_price or p.gross - p.discount >= $2) and p.user_id in (select s.user_id from shopper_profile s where {clause.Text})
                group by p.user_id)
            select coalesce(sum(uses), 0), coalesce(sum(uses * uses), 0) from own
            """,
            row => (row.Double(0), row.Double(1)), [context.AsOf.AddDays(-history), _minimum, (long)draft.UsesPerCustomer, days / (double)history, .. clause.Parameters], cancellationToken).ConfigureAwait(false);
        return sums[0];
    }
}
