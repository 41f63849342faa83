using System.Globalization;

namespace MerchantStudio.Core.Insights.Figures;

/// <summary>What the page's address says about the period: "7d", "28d", "90d", "365d", "all" or "2026-01-01..2026-01-31".</summary>
public sealed record PeriodChoice
{
    private PeriodChoice(string key, int? days, DateOnly? from, DateOnly? to)
    {
        Key = key;
        Days = days;
        From = from;
        To = to;
    }

    public static PeriodChoice Default { get; } = new("28d", 28, null, null);

    public static IReadOnlyList<PeriodChoice> Offered { get; } =
        [new("7d", 7, null, null), Default, new("90d", 90, null, null), new("365d", 365, null, null), new("all", null, null, null)];

    public string Key { get; }

    /// <summary>Days that end with the last day of data; null for "all" and for dates of one's own.</summary>
    public int? Days { get; }

    public DateOnly? From { get; }

    public DateOnly? To { get; }

    /// <summary>Whatever cannot be read is the default period: an address typed by hand never breaks a page.</summary>
    public static PeriodChoice Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return Default;
        if (Offered.FirstOrDefault(choice => choice.Key == text) is { } offered) return offered;
        var ends = text.Split("..", StringSplitOptions.TrimEntries);
        return ends.Length == 2 && Day(ends[0]) is { } from && Day(ends[1]) is { } to && from <= to ? Between(from, to) : Default;
    }

    public static PeriodChoice Between(DateOnly from, DateOnly to) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd}..{to:yyyy-MM-dd}"), null, from, to);

    /// <param name="first">First day of data.</param>
    /// <param name="last">Last day of data.</param>
    public Period Resolve(DateOnly first, DateOnly last)
    {
        if (From is { } from && To is { } to) return new Period(from, to);
        return Days is { } days ? new Period(last.AddDays(1 - days), last) : new Period(first, last);
    }

    private static DateOnly? Day(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

/// <summary>Days of the store, both ends included.</summary>
public sealed record Period(DateOnly From, DateOnly To)
{
    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>The same number of days just before.</summary>
    public Period Before => new(From.AddDays(-Days), From.AddDays(-1));
}
