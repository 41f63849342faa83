using System.Globalization;
using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Campaigns.Planning;

/// <param name="Key">Names the repetition; empty where each shopper is written to once.</param>
/// <param name="Day">Of the store.</param>
/// <param name="At">When it is due.</param>
public sealed record CampaignOccurrence(string Key, DateOnly Day, DateTimeOffset At);

/// <summary>When a campaign sends: days and minutes of the store's clock, through every change of it.</summary>
/// <remarks>A minute that the clocks leap over is the first one after the leap; one that comes twice counts the first time. So each day has its one moment.</remarks>
public static class CampaignSchedule
{
    private const int DaysOfWeek = 7;

    /// <summary>The last moment that has come, whether it was carried out or not: of several that were missed only this one is made up for.</summary>
    /// <param name="launched">When the campaign was launched; nothing is due before.</param>
    /// <returns>Null when nothing has come yet.</returns>
    public static CampaignOccurrence? LastDue(CampaignTiming timing, DateTimeOffset launched, TimeZoneInfo zone, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(timing);
        var today = DayOf(now, zone);
        var (first, last) = (FirstDay(timing, launched, zone), timing.EndsOn < today ? timing.EndsOn.Value : today);
        if (timing.Rhythm == CampaignRhythm.Once) last = last < first ? last : first;

        // A day's own moment may still be to come; then the one before counts.
        for (var day = Step(timing.Rhythm, first, last); day >= first; day = day.AddDays(timing.Rhythm == CampaignRhythm.Weekly ? -DaysOfWeek : -1))
        {
            var due = Of(timing, day, launched, zone);
            if (due.At <= now && due.At >= launched) return due;
        }

        return null;
    }

    /// <summary>The first moment after another; null when there is none.</summary>
    public static CampaignOccurrence? NextAfter(CampaignTiming timing, DateTimeOffset launched, TimeZoneInfo zone, DateTimeOffset after)
    {
        ArgumentNullException.ThrowIfNull(timing);
        var first = FirstDay(timing, launched, zone);
        var day = DayOf(after, zone);
        if (day < first || timing.Rhythm == CampaignRhythm.Once) day = first;
        if (timing.Rhythm == CampaignRhythm.Weekly) day = Step(CampaignRhythm.Weekly, first, day);
        for (var tries = 0; tries < 3 && (timing.EndsOn is null || day <= timing.EndsOn); tries++)
        {
            var due = Of(timing, day, launched, zone);
            if (due.At > after && due.At >= launched) return due;
            if (timing.Rhythm == CampaignRhythm.Once) return null;
            day = day.AddDays(timing.Rhythm == CampaignRhythm.Weekly ? DaysOfWeek : 1);
        }

        return null;
    }

    /// <summary>Whether nothing is to come any more.</summary>
    public static bool IsOver(CampaignTiming timing, DateTimeOffset launched, TimeZoneInfo zone, DateTimeOffset now) => NextAfter(timing, launched, zone, now) is null;

    /// <summary>A day and a minute of the store's clock as an instant.</summary>
    public static DateTimeOffset At(DateOnly day, int minute, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var local = day.ToDateTime(TimeOnly.MinValue).AddMinutes(minute);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    /// <summary>The next time that it is a certain hour in the store, from a moment on.</summary>
    public static DateTimeOffset NextHour(DateTimeOffset from, int hour, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var local = TimeZoneInfo.ConvertTime(from, zone);
        if (local.Hour == hour) return from;
        var at = At(DateOnly.FromDateTime(local.DateTime), hour * 60, zone);
        return at > from ? at : At(DateOnly.FromDateTime(local.DateTime).AddDays(1), hour * 60, zone);
    }

    public static DateOnly DayOf(DateTimeOffset at, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    private static DateOnly FirstDay(CampaignTiming timing, DateTimeOffset launched, TimeZoneInfo zone)
    {
        var day = DayOf(launched, zone);
        return timing.StartsOn > day ? timing.StartsOn.Value : day;
    }

    /// <summary>The last day of the rhythm that is not after another.</summary>
    private static DateOnly Step(CampaignRhythm rhythm, DateOnly first, DateOnly last) =>
        rhythm == CampaignRhythm.Weekly && last >= first ? last.AddDays(-((last.DayNumber - first.DayNumber) % DaysOfWeek)) : last;

    private static CampaignOccurrence Of(CampaignTiming timing, DateOnly day, DateTimeOffset launched, TimeZoneInfo zone)
    {
        var key = timing.Rhythm is CampaignRhythm.Daily or CampaignRhythm.Weekly ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
        var at = At(day, timing.SendMinute ?? 0, zone);

        // On the day of the launch there is no moment before it; a minute that has passed is the launch's own where nothing is repeated.
        return new CampaignOccurrence(key, day, at < launched && day == DayOf(launched, zone) && (timing.SendMinute is null || timing.Rhythm == CampaignRhythm.Once) ? launched : at);
    }
}
