using System.Globalization;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Localization;

/// <summary>Figures and times as people read them, by the reader's culture.</summary>
public static class Show
{
    private const double TenThousand = 10_000;

    /// <summary>Whole units from 1,000 up, else with the currency's decimals.</summary>
    public static string Money(Money money)
    {
        var decimals = Math.Abs(money.Amount) >= 1000 ? 0 : Core.Shop.Money.Decimals(money.Currency);
        return Money(money.Amount, money.Currency, decimals);
    }

    /// <summary>With all the currency's decimals.</summary>
    public static string ExactMoney(Money money) => Money(money.Amount, money.Currency, Core.Shop.Money.Decimals(money.Currency));

    /// <summary>The price of one of many: with the currency's decimals, and as many more as it has, four at most.</summary>
    public static string PieceMoney(decimal amount, string currency) =>
        Money(amount, currency, Enumerable.Range(Core.Shop.Money.Decimals(currency), 5 - Core.Shop.Money.Decimals(currency)).FirstOrDefault(decimals => decimal.Round(amount, decimals) == amount, 4));

    /// <summary>An estimate: whole units from 10 up, so that it does not seem exact.</summary>
    public static string About(Money money) => Math.Abs(money.Amount) < 10 ? ExactMoney(money) : Money(money.Amount, money.Currency, 0);

    public static string Count(long count) => count.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>A number with so many decimals; below zero with a minus sign, not a hyphen.</summary>
    public static string Number(double value, int decimals = 1) =>
        (Rounded(value, decimals) < 0 ? "−" : "") + Math.Abs(value).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture);

    /// <param name="share">0 to 1.</param>
    public static string Percent(double share, int decimals = 1) =>
        (share * 100).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture) + "%";

    /// <summary>Day and month, with the year when it is not this one.</summary>
    public static string Day(DateOnly day, DateOnly today)
    {
        var pattern = (IsChinese, day.Year == today.Year) switch
        {
            (true, true) => "M月d日",
            (true, false) => "yyyy年M月d日",
            (false, true) => "d MMM",
            _ => "d MMM yyyy",
        };
        return day.ToString(pattern, CultureInfo.CurrentCulture);
    }

    /// <summary>Day, month and year in the given zone.</summary>
    public static string Day(DateTimeOffset at, TimeZoneInfo zone) => Day(Local(at, zone), DateOnly.MaxValue);

    /// <summary>Two days as a range, the year only where they are of different years.</summary>
    public static string Days(DateOnly first, DateOnly last) => first.Year == last.Year
        ? $"{Day(first, last)} – {Day(last, last)}"
        : $"{Day(first, DateOnly.MaxValue)} – {Day(last, DateOnly.MaxValue)}";

    /// <summary>Day and time of day in the given zone.</summary>
    public static string Time(DateTimeOffset at, TimeZoneInfo zone) =>
        $"{Day(at, zone)}{(IsChinese ? " " : ", ")}{TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm", CultureInfo.InvariantCulture)}";

    /// <summary>How long ago: "just now", "14 s ago", "2 h ago", "9 days ago".</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now)
    {
        var seconds = Math.Max(0, (now - at).TotalSeconds);
        if (IsChinese)
        {
            return seconds switch { < 5 => "刚刚", < 60 => $"{seconds:0} 秒前", < 3600 => $"{seconds / 60:0} 分钟前", < 86_400 => $"{seconds / 3600:0} 小时前", < 172_800 => "昨天", _ => $"{Count((long)(seconds / 86_400))} 天前" };
        }

        return seconds switch { < 5 => "just now", < 60 => $"{seconds:0} s ago", < 3600 => $"{seconds / 60:0} min ago", < 86_400 => $"{seconds / 3600:0} h ago", < 172_800 => "yesterday", _ => $"{Count((long)(seconds / 86_400))} days ago" };
    }

    /// <summary>A span in words, for "about {0} left": "50 s", "1 min 50 s", "2 h 5 min".</summary>
    public static string Span(double seconds)
    {
        var span = TimeSpan.FromSeconds(Math.Max(0, Math.Ceiling(seconds)));
        var (hour, minute, second) = IsChinese ? ("小时", "分钟", "秒") : ("h", "min", "s");
        if (span.TotalHours >= 1) return $"{(int)span.TotalHours} {hour} {span.Minutes} {minute}";
        if (span.TotalMinutes >= 10) return $"{span.Minutes} {minute}";
        return span.TotalMinutes >= 1 ? $"{span.Minutes} {minute} {span.Seconds / 10 * 10} {second}" : $"{span.Seconds} {second}";
    }

    /// <summary>Minutes and seconds, hours when there are any: "1:04", "1:02:03".</summary>
    public static string Duration(double seconds)
    {
        var span = TimeSpan.FromSeconds(Math.Max(0, Math.Round(seconds)));
        return span.TotalHours >= 1 ? span.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : span.ToString(@"m\:ss", CultureInfo.InvariantCulture);
    }

    public static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 30 => $"{Number(bytes / (double)(1L << 30))} GB",
        >= 1L << 20 => $"{Number(bytes / (double)(1L << 20))} MB",
        _ => $"{Count(Math.Max(1, bytes >> 10))} KB",
    };

    /// <summary>Short form for axes: 12k, 3.4M; 万 and 亿 in Chinese.</summary>
    public static string Axis(double value)
    {
        var size = Math.Abs(value);
        if (IsChinese) return size >= 1e8 ? $"{value / 1e8:0.#}亿" : size >= TenThousand ? $"{value / TenThousand:0.#}万" : $"{value:#,0.##}";
        return size >= 1e6 ? $"{value / 1e6:0.#}M" : size >= TenThousand ? $"{value / 1e3:0.#}k" : value.ToString("#,0.##", CultureInfo.CurrentCulture);
    }

    /// <summary>The sign before an amount; the code and a space where there is no sign that all know.</summary>
    public static string CurrencySymbol(string currency) => currency switch { "EUR" => "€", "USD" => "$", "GBP" => "£", "CNY" => "¥", "JPY" => "¥", _ => currency + " " };

    /// <summary>With a sign also when positive: "+18", "−8"; what rounds to zero has none.</summary>
    public static string Signed(double value, int decimals = 0) => (Rounded(value, decimals) > 0 ? "+" : "") + Number(value, decimals);

    /// <summary>With a sign also when positive.</summary>
    public static string SignedMoney(Money money) => (money.Minor < 0 ? "" : "+") + Money(money);

    /// <summary>With a sign also when positive, in whole units from 10 up: for lists of changes, where cents are noise.</summary>
    public static string SignedAbout(Money money) => (money.Minor < 0 ? "" : "+") + About(money);

    /// <summary>Short form with the currency's sign, for axes.</summary>
    public static string MoneyAxis(double value, string currency) => (value < 0 ? "−" : "") + CurrencySymbol(currency) + Axis(Math.Abs(value));

    /// <summary>Short forms for one axis: all in the unit of the longest, with as many decimals as any of them needs.</summary>
    public static IEnumerable<string> MoneyTicks(IReadOnlyList<double> values, string currency)
    {
        ArgumentNullException.ThrowIfNull(values);
        var longest = values.Max(Math.Abs);
        var (unit, word) = (longest, IsChinese) switch
        {
            ( >= 1e8, true) => (1e8, "亿"),
            ( >= TenThousand, true) => (TenThousand, "万"),
            ( >= 1e6, false) => (1e6, "M"),
            ( >= TenThousand, false) => (1e3, "k"),
            _ => (1.0, ""),
        };
        var decimals = Enumerable.Range(0, 4).First(count => count == 3 || values.All(value => Math.Abs(Rounded(value / unit, count) - (value / unit)) < 1e-9));
        return values.Select(value => (value < 0 ? "−" : "") + CurrencySymbol(currency) + Math.Abs(value / unit).ToString("N" + (value == 0 ? 0 : decimals).ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture) + (value == 0 ? "" : word));
    }

    internal static bool IsChinese => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh";

    private static double Rounded(double value, int decimals) => Math.Round(value, decimals, MidpointRounding.AwayFromZero);

    private static DateOnly Local(DateTimeOffset at, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    private static string Money(decimal amount, string currency, int decimals)
    {
        var symbol = CurrencySymbol(currency);
        var figure = Math.Abs(amount).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture);
        return (amount < 0 ? "−" : "") + symbol + figure;
    }
}
