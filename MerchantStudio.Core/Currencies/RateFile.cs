using System.Collections.Immutable;
using System.Globalization;

namespace MerchantStudio.Core.Currencies;

/// <summary>A day's rate as it was given.</summary>
/// <param name="Currency">ISO 4217, upper case.</param>
/// <param name="Rate">Above 0, below a million, at most 12 digits after the point.</param>
public sealed record DayRate(DateOnly Day, string Currency, decimal Rate);

/// <summary>A line that could not be taken.</summary>
/// <param name="Line">Counts from 1, the header included.</param>
/// <param name="Reason">"columns", "date", "currency", "rate", "base".</param>
public sealed record RateFault(int Line, string Reason, string Value);

/// <summary>
/// Reads rates from text in one of two shapes: a line for each rate (date, currency, rate, in any order, named by a header or standing in this order),
/// or a column for each currency behind the date, as the European Central Bank publishes them. Empty cells and "N/A" are no rates.
/// </summary>
internal static class RateFile
{
    private static readonly char[] Separators = [';', '\t', ','];
    private static readonly string[] DateNames = ["date", "day", "time_period", "日期", "datum", "tag"];
    private static readonly string[] CurrencyNames = ["currency", "code", "currency_code", "币种", "货币", "währung", "waehrung"];
    private static readonly string[] RateNames = ["rate", "value", "obs_value", "exchange_rate", "汇率", "kurs"];
    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyyMMdd", "dd.MM.yyyy", "d.M.yyyy", "d MMMM yyyy", "dd MMMM yyyy", "yyyy-MM-dd HH:mm:ss"];

    public static (ImmutableArray<DayRate> Rates, ImmutableArray<RateFault> Faults) Read(string text, string baseCurrency)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').Select((line, index) => (Text: line.Trim('\uFEFF', ' '), Number: index + 1)).Where(line => line.Text.Length > 0).ToList();
        var rates = ImmutableArray.CreateBuilder<DayRate>();
        var faults = ImmutableArray.CreateBuilder<RateFault>();
        if (lines.Count == 0) return ([], []);
        var separator = Separators.FirstOrDefault(mark => lines[0].Text.Contains(mark, StringComparison.Ordinal), ',');
        var head = Cells(lines[0].Text, separator);
        var wide = head.Length > 1 && head[1..].Where(cell => cell.Length > 0).All(IsCode) && Array.IndexOf(DateNames, head[0].ToLowerInvariant()) >= 0;
        var (date, currency, rate, hasHead) = Places(head);
        foreach (var (line, number) in lines.Skip(wide || hasHead ? 1 : 0))
        {
            var cells = Cells(line, separator);
            if (wide)
            {
                for (var column = 1; column < Math.Min(cells.Length, head.Length); column++)
                    if (head[column].Length > 0 && cells[column] is not ("" or "N/A" or "n/a" or "-")) Add(number, cells[0], head[column], cells[column]);
            }
            else if (cells.Length <= Math.Max(date, Math.Max(currency, rate)))
            {
                faults.Add(new RateFault(number, "columns", line.Length > 40 ? line[..40] : line));
            }
            else
            {
                Add(number, cells[date], cells[currency], cells[rate]);
            }
        }

        return (rates.ToImmutable(), faults.ToImmutable());

        void Add(int number, string day, string code, string value)
        {
            code = code.ToUpperInvariant();
            if (Day(day) is not { } on) faults.Add(new RateFault(number, "date", day));
            else if (!IsCode(code)) faults.Add(new RateFault(number, "currency", code));
            else if (code == baseCurrency) faults.Add(new RateFault(number, "base", code));
            else if (Number(value, separator) is not { } worth || !ExchangeRates.CanHold(worth)) faults.Add(new RateFault(number, "rate", value));
            else rates.Add(new DayRate(on, code, worth));
        }
    }

    private static (int Date, int Currency, int Rate, bool HasHead) Places(string[] head)
    {
        int Find(string[] names) => Array.FindIndex(head, cell => Array.IndexOf(names, cell.ToLowerInvariant()) >= 0);
        var (date, currency, rate) = (Find(DateNames), Find(CurrencyNames), Find(RateNames));
        return date >= 0 && currency >= 0 && rate >= 0 ? (date, currency, rate, true) : (0, 1, 2, false);
    }

    private static string[] Cells(string line, char separator) => [.. line.Split(separator).Select(cell => cell.Trim().Trim('"').Trim())];

    private static bool IsCode(string cell) => cell.Length == 3 && cell.All(char.IsAsciiLetter);

    private static DateOnly? Day(string cell) => DateTime.TryParseExact(cell, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? DateOnly.FromDateTime(day) : null;

    /// <summary>A comma is a decimal comma wherever it does not part the columns.</summary>
    private static decimal? Number(string cell, char separator)
    {
        var plain = separator == ',' || cell.Contains('.', StringComparison.Ordinal) ? cell : cell.Replace(',', '.');
        return decimal.TryParse(plain, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
