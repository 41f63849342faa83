using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Promotions.Pricing;

/// <summary>What a shopper is about to buy. Amounts are exact minor units; <see cref="CartCheck"/> says what is wrong with one.</summary>
/// <param name="ShippingMinor">What sending it costs before any discount.</param>
/// <param name="Currency">ISO 4217 code, upper case.</param>
/// <param name="Channel">Where the order is placed: "web", "app", "shop"; null when unknown.</param>
public sealed record Cart(ImmutableArray<CartLine> Lines, long ShippingMinor, string Currency, string? Channel = null)
{
    /// <summary>All lines at their prices, without shipping.</summary>
    public long ItemsMinor => Lines.Sum(line => line.TotalMinor);

    /// <summary>The cart as conditions ask about it.</summary>
    public BasketFacts AsBasket(DateTimeOffset at, TimeZoneInfo zone) => BasketFacts.Of(
        Lines.Select(line => new BasketLine(line.ItemId, line.Category, line.Brand, line.Quantity, new Money(line.TotalMinor, Currency).Amount, line.OnSale, line.Stock)), Channel, at, zone);
}

/// <param name="UnitPriceMinor">As the shop shows it now; the lowered price of a sale item.</param>
/// <param name="OnSale">The price is lowered already.</param>
/// <param name="UnitCostMinor">What a piece costs the shop; null when unknown.</param>
/// <param name="Stock">Pieces left, this cart's included; null when unknown.</param>
public sealed record CartLine(string ItemId, string? Category, string? Brand, int Quantity, long UnitPriceMinor, bool OnSale = false, long? UnitCostMinor = null, long? Stock = null)
{
    /// <summary>Of a line that passed <see cref="CartCheck"/>.</summary>
    public long TotalMinor => Quantity * UnitPriceMinor;
}
