using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions.Pricing;

/// <summary>What keeps a cart from being priced, all of it at once; lines count from 1.</summary>
public static class CartCheck
{
    public const int LineLimit = 500;
    public const int QuantityLimit = 1_000_000;
    private const int NameLimit = 200;

    /// <summary>Low enough that no sum or product of pricing leaves 64 bits.</summary>
    public const long WorthLimit = 1_000_000_000_000_000;

    /// <param name="currency">The shop's, ISO 4217.</param>
    public static ImmutableArray<Problem> Check(Cart cart, string currency)
    {
        ArgumentNullException.ThrowIfNull(cart);
        var problems = ImmutableArray.CreateBuilder<Problem>();
        if (cart.Currency != currency) problems.Add(new CartCurrencyOther(Shortened(cart.Currency), currency));
        if (cart.ShippingMinor < 0) problems.Add(new CartShippingUnfit(cart.ShippingMinor));
        if (cart.Lines.IsDefaultOrEmpty)
        {
            problems.Add(new CartEmpty());
            return problems.ToImmutable();
        }

        if (cart.Lines.Length > LineLimit)
        {
            problems.Add(new CartTooLong(cart.Lines.Length, LineLimit));
            return problems.ToImmutable();
        }

        Int128 worth = cart.ShippingMinor;
        for (var index = 0; index < cart.Lines.Length; index++)
        {
            var line = cart.Lines[index];
            if (string.IsNullOrWhiteSpace(line.ItemId) || line.ItemId.Length > NameLimit) problems.Add(new CartItemMissing(index + 1));
            if (line.Quantity is <= 0 or > QuantityLimit) problems.Add(new CartQuantityUnfit(index + 1, Shortened(line.ItemId), line.Quantity));
            if (line.UnitPriceMinor < 0) problems.Add(new CartPriceUnfit(index + 1, Shortened(line.ItemId), line.UnitPriceMinor));
            if (line.UnitCostMinor < 0 || (Int128)(line.UnitCostMinor ?? 0) * line.Quantity > WorthLimit) problems.Add(new CartCostUnfit(index + 1, Shortened(line.ItemId), line.UnitCostMinor ?? 0));
            worth += (Int128)line.UnitPriceMinor * line.Quantity;
        }

        if (worth > WorthLimit) problems.Add(new CartTooDear(worth.ToString(CultureInfo.InvariantCulture), WorthLimit));
        return problems.ToImmutable();
    }

    private static string Shortened(string? text) => text is null ? "" : text.Length <= 60 ? text : $"{text[..60]}…";
}
