using System.Collections.Immutable;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features.Cleaning;

/// <summary>In which money the figures are, and what could not be converted.</summary>
/// <param name="Currencies">The base currency first.</param>
public sealed record MoneyReport(string BaseCurrency, string TimeZone, ImmutableArray<CurrencyTotal> Currencies, ImmutableArray<MissingRates> Missing)
{
    private const string TotalsSql = $"""
        select currency, count(*), cast(sum(case event_type when 'refund' then -original else original end) as decimal(38, 4)),
               cast(coalesce(sum(case event_type when 'refund' then -amount else amount - coalesce(discount, 0) end), 0) as decimal(38, 4)),
               count(*) filter (where amount is null)
        from {EventCleaner.CleanedTable} where event_type in ('purchase', 'refund') and original is not null
        group by currency order by currency <> $1, currency
        """;

    private static readonly string MissingSql = $"""
        select currency, {BaseAmounts.Day("ts", "$1")} as day, count(*)
        from {EventCleaner.CleanedTable} where event_type in ('purchase', 'refund') and original is not null and amount is null
        group by 1, 2 order by 1, 2
        """;

    internal static async Task<MoneyReport> OfAsync(WarehouseSession session, ShopMoney money, CancellationToken cancellationToken)
    {
        var totals = await session.QueryAsync(TotalsSql, row => new CurrencyTotal(row.Text(0)!, row.Long(1), row.Decimal(2), row.Decimal(3), row.Long(4)), [money.Currency], cancellationToken).ConfigureAwait(false);
        var missing = totals.Any(total => total.WithoutRate > 0)
            ? await session.QueryAsync(MissingSql, row => (Currency: row.Text(0)!, Day: row.Date(1), Lines: row.Long(2)), [money.TimeZone], cancellationToken).ConfigureAwait(false)
            : [];
        return new MoneyReport(money.Currency, money.TimeZone, totals,
            [.. missing.GroupBy(line => line.Currency).Select(group => new MissingRates(group.Key, [.. group.Select(line => line.Day)], group.Sum(line => line.Lines)))]);
    }
}
