using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <summary>Days and nights as people have them: in a zone, over midnight and through changes of the clock.</summary>
internal static class QuietHours
{
    /// <summary>The end of the quiet time that a moment falls into; null outside of it.</summary>
    public static DateTimeOffset? EndAfter(MessagingSettings settings, TimeZoneInfo zone, DateTimeOffset at)
    {
        if (settings is not { QuietFromMinute: { } from, QuietToMinute: { } to } || from == to) return null;
        var local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        var minute = local.TimeOfDay.TotalMinutes;
        var isQuiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
        if (!isQuiet) return null;
        var end = local.Date.AddDays(minute >= to ? 1 : 0).AddMinutes(to);
        return ToInstant(end, zone);
    }

    /// <summary>Begin of the store's day that lies so many days after the one of a moment.</summary>
    public static DateTimeOffset DayStart(TimeZoneInfo zone, DateTimeOffset at, int daysLater) => ToInstant(TimeZoneInfo.ConvertTime(at, zone).Date.AddDays(daysLater), zone);

    /// <summary>The zone by its name, or another where nobody knows that name.</summary>
    public static TimeZoneInfo ZoneOr(string? name, TimeZoneInfo other) => name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : other;

    /// <summary>A time that the clock leaps over becomes the first one after it; of one that happens twice the second counts, so that nothing comes too early.</summary>
    private static DateTimeOffset ToInstant(DateTime local, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Min() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
