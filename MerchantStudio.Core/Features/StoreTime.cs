namespace MerchantStudio.Core.Features;

/// <summary>
/// SQL for the store's local time of many rows. Asking the zone for every row costs several times more than summing the rows up, so it is asked once for each
/// hour that occurs; only rows of an hour in which the clocks change, and those before 1970, ask for themselves.
/// </summary>
internal static class StoreTime
{
    private const string Hour = "3600000000";

    /// <summary>shifts(hour, shift): microseconds from UTC to the store's time, NULL where they change within the hour.</summary>
    /// <param name="rows">A table with a column ts, in UTC.</param>
    /// <param name="zone">An expression for the store's IANA zone.</param>
    public static string Shifts(string rows, string zone) => $"""
        shifts as (
            select hour, case when first_shift = last_shift then first_shift end as shift
            from (select hour, epoch_us({Asked($"make_timestamp(hour * {Hour})", zone)}) - hour * {Hour} as first_shift,
                         epoch_us({Asked($"make_timestamp((hour + 1) * {Hour} - 1)", zone)}) - ((hour + 1) * {Hour} - 1) as last_shift
                  from (select distinct epoch_us(ts) // {Hour} as hour from {rows} where ts >= timestamp '1970-01-02') hours) ends)
        """;

    /// <summary>Follows "left join" behind rows with a column ts.</summary>
    public const string OfRow = $"shifts on shifts.hour = epoch_us(ts) // {Hour}";

    /// <summary>The local time of a row that is joined with its shift.</summary>
    public static string Local(string zone) => $"case when shift is null then {Asked("ts", zone)} else make_timestamp(epoch_us(ts) + shift) end";

    private static string Asked(string instant, string zone) => $"({instant} at time zone 'UTC') at time zone {zone}";
}
