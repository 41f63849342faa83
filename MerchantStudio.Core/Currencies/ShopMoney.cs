using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Currencies;

/// <summary>In which money and on which days a shop counts.</summary>
/// <param name="Currency">ISO 4217 code of the base currency.</param>
/// <param name="TimeZone">The store's IANA zone: an amount takes the rate of its day there.</param>
/// <param name="HoldDays">For how many days without a rate of their own the last one stays in force; 0 for none.</param>
public sealed record ShopMoney(string Currency, string TimeZone, int HoldDays)
{
    public static ShopMoney Of(Workspace shop)
    {
        ArgumentNullException.ThrowIfNull(shop);
        return new ShopMoney(shop.Currency, shop.TimeZone, RateSettings.Of(shop.SettingsJson).HoldDays);
    }
}
