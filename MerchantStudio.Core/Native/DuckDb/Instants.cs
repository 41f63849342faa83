namespace MerchantStudio.Core.Native.DuckDb;

/// <summary>DuckDB counts instants in microseconds and dates in days, both since 1970-01-01.</summary>
internal static class Instants
{
    private static readonly int EpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public static long ToMicroseconds(DateTimeOffset instant) => (instant.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    public static int ToDays(DateOnly date) => date.DayNumber - EpochDay;

    public static DateOnly FromDays(long days) => DateOnly.FromDayNumber(EpochDay + (int)days);
}
