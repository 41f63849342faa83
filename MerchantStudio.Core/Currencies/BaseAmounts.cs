using System.Globalization;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Currencies;

/// <summary>SQL that turns amounts into the base currency, in whole numbers throughout so that no digit is lost on the way.</summary>
/// <remarks>
/// Each converted amount is rounded to the base currency's minor unit, half to even, on its own: a line's price times quantity is rounded once,
/// and sums add rounded lines. Amounts in the base currency stay as they are written. Without a rate an amount is NULL.
/// </remarks>
public static class BaseAmounts
{
    /// <summary>Digits after the point of amounts and of rates.</summary>
    private const int AmountScale = 4;
    private const int RateScale = 12;

    /// <summary>Signs and names that files use in place of a code.</summary>
    private const string Names = """
        when '€' then 'EUR' when 'EURO' then 'EUR' when '£' then 'GBP' when 'RMB' then 'CNY' when 'CNH' then 'CNY' when '元' then 'CNY' when '人民币' then 'CNY'
        """;

    /// <summary>The currency's code; the base currency where the row names none.</summary>
    public static string Code(string column, string baseCurrency) =>
        $"case upper(trim({column})) when '' then {baseCurrency} {Names} else coalesce(upper(trim({column})), {baseCurrency}) end";

    /// <summary>The day in the store's zone.</summary>
    public static string Day(string instant, string zone) => $"cast(({instant} at time zone 'UTC') at time zone {zone} as date)";

    /// <summary>
    /// rates(currency, day, num, den): the rate in force on each day, as the fraction that turns ten-thousandths of the currency into minor units of the base.
    /// </summary>
    /// <param name="hold">An expression for the days that a rate stays in force.</param>
    public static string Rates(string hold, string baseCurrency)
    {
        var decimals = Money.Decimals(baseCurrency);
        return $"""
            rates as (
                select currency, day + cast(unnest(range(0, held + 1)) as integer) as day,
                       case when per_base then {Power(RateScale - AmountScale + decimals)} else units end as num,
                       case when per_base then units else {Power(RateScale + AmountScale - decimals)} end as den
                from (select currency, day, per_base, cast(rate * {Power(RateScale)} as hugeint) as units,
                             cast(least({hold}, coalesce(lead(day) over (partition by currency order by day) - day - 1, {hold})) as bigint) as held
                      from fx_rates) r)
            """;
    }

    /// <summary>A decimal amount times num / den, rounded half to even to minor units, as DECIMAL(18, 4).</summary>
    public static string Convert(string amount, string baseCurrency)
    {
        var product = $"(abs(cast(try_cast({amount} as decimal(18, 4)) * 10000 as hugeint)) * num)";
        var rest = $"({product} % den)";
        var whole = $"({product} // den)";
        var rounded = $"({whole} + case when 2 * {rest} > den or (2 * {rest} = den and {whole} % 2 = 1) then 1 else 0 end)";
        var minor = $"case when {amount} < 0 then -{rounded} else {rounded} end";
        return $"try_cast(try_cast({minor} as decimal(24, 0)) * cast({Unit(Money.Decimals(baseCurrency))} as decimal(4, 3)) as decimal(18, 4))";
    }

    private static string Power(int exponent) => $"cast(1{new string('0', exponent)} as hugeint)";

    private static string Unit(int decimals) => (decimals switch { 0 => 1m, 3 => 0.001m, _ => 0.01m }).ToString(CultureInfo.InvariantCulture);
}
