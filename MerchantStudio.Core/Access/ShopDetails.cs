using System.Collections.Immutable;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Access;

/// <summary>What a shop's name, currency and time zone may be.</summary>
public static class ShopDetails
{
    /// <summary>Offered first; any three-letter ISO code is accepted.</summary>
    public static ImmutableArray<string> CommonCurrencies { get; } =
        ["EUR", "USD", "CNY", "GBP", "JPY", "AUD", "BRL", "CAD", "CHF", "CZK", "DKK", "HKD", "HUF", "IDR", "INR", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "TWD", "VND", "ZAR"];

    /// <summary>Every place's IANA time zone, by name.</summary>
    public static ImmutableArray<string> TimeZones { get; } =
    [
        .. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id)
            .Where(id => id == "UTC" || (id.Contains('/', StringComparison.Ordinal) && !id.StartsWith("Etc/", StringComparison.Ordinal)))
            .Append("UTC").Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>This machine's time zone, or UTC where it has no IANA name.</summary>
    public static string LocalTimeZone => TimeZones.Contains(TimeZoneInfo.Local.Id) ? TimeZoneInfo.Local.Id : "UTC";

    /// <summary>The first thing that is wrong; null when all is well.</summary>
    public static Problem? Check(string name, string currency, string timeZone)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Trim().Length > 80) return new ShopNameInvalid();
        if (currency is not { Length: 3 } || !currency.All(char.IsAsciiLetterUpper)) return new CurrencyUnknown(currency ?? "");
        return TimeZoneInfo.TryFindSystemTimeZoneById(timeZone ?? "", out var zone) && (zone.HasIanaId || zone.Id == "UTC") ? null : new TimeZoneUnknown(timeZone ?? "");
    }
}

public sealed record ShopNameInvalid() : Problem("workspace.name-invalid", "Give the shop a name of 1 to 80 characters.");

public sealed record CurrencyUnknown(string Currency)
    : Problem("workspace.currency-unknown", "'{0}' is not a currency code. Use the three capital letters of ISO 4217, like EUR, USD or CNY.", Currency);

public sealed record TimeZoneUnknown(string TimeZone)
    : Problem("workspace.time-zone-unknown", "'{0}' is not a time zone. Use an IANA name, like Europe/Berlin or Asia/Shanghai.", TimeZone);
