using System.Collections.Immutable;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Access;

/// <summary>What a shop's name, currency and time zone may be.</summary>
public static class ShopDetails
{
    /// <summary>Offered first; any three-letter ISO code is accepted.</summary>
    public static ImmutableArray<string> CommonCurrencies { get; } =
        ["EUR", "USD", "CNY", "GBP", "JPY", "AUD", "BRL", "CAD", "CHF", "CZK", "DKK", "HKD", "HUF", "IDR", "INR", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "TWD", "VND", "ZAR"];

    /// <summary>The first thing that is wrong; null when all is well.</summary>
    public static Problem? Check(string name, string currency, string timeZone)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Trim().Length > 80) return new ShopNameInvalid();
        if (currency is not { Length: 3 } || !currency.All(char.IsAsciiLetterUpper)) return new CurrencyUnknown(currency ?? "");
        return TimeZoneInfo.TryFindSystemTimeZoneById(timeZone ?? "", out var zone) && zone.HasIanaId ? null : new TimeZoneUnknown(timeZone ?? "");
    }
}

public sealed record ShopNameInvalid() : Problem("workspace.name-invalid", "Give the shop a name of 1 to 80 characters.");

public sealed record CurrencyUnknown(string Currency)
    : Problem("workspace.currency-unknown", "'{0}' is not a currency code. Use the three capital letters of ISO 4217, like EUR, USD or CNY.", Currency);

public sealed record TimeZoneUnknown(string TimeZone)
    : Problem("workspace.time-zone-unknown", "'{0}' is not a time zone. Use an IANA name, like Europe/Berlin or Asia/Shanghai.", TimeZone);
