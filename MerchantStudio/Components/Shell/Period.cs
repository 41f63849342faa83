namespace MerchantStudio.Components.Shell;

/// <summary>The period in the address. Days count back from the last day that holds data, so that a file from last year shows something.</summary>
/// <param name="Key">"7d", "28d", "90d", "365d", "all".</param>
/// <param name="LastDay">Last day with data in the store's zone; null without data.</param>
/// <param name="FirstDayOfData">Null without data.</param>
public sealed record Period(string Key, DateOnly? FirstDayOfData = null, DateOnly? LastDay = null)
{
    public const string Default = "28d";

    public static readonly IReadOnlyList<string> Keys = ["7d", "28d", "90d", "365d", "all"];

    /// <summary>Null for all time.</summary>
    public int? DayCount => Key switch { "7d" => 7, "28d" => 28, "90d" => 90, "365d" => 365, _ => null };

    public DateOnly? FirstDay => DayCount is { } days ? LastDay?.AddDays(1 - days) : FirstDayOfData;

    public static Period Parse(string? key) => new(Keys.Contains(key) ? key! : Default);
}
