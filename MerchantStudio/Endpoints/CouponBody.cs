using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Endpoints;

/// <summary>What a shop sends with a code: amounts as decimal numbers in the currency's main unit, exact to its smallest coin.</summary>
/// <param name="CustomerIp">Where the shopper sits, so that wrong codes are counted by shopper and not by shop.</param>
internal sealed record CouponBody(string? OrderId, string? UserId, string? CustomerIp, CartBody? Cart)
{
    public Outcome<CouponUse> ToUse(string code) => !CartBody.Read(Cart).TryGet(out var cart, out var unfit) ? unfit : new CouponUse(code, OrderId, UserId, cart);
}

/// <summary>Reads what a shop's server sends strictly: a misspelt field is an answer, never a silent default.</summary>
internal static class StrictBody
{
    public const int MostBytes = 1 << 20;

    private static readonly JsonSerializerOptions Strict = new(ApiProblem.Json)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        MaxDepth = 8,
    };

    public static async Task<Outcome<TBody>> ReadAsync<TBody>(HttpContext context, CancellationToken cancellationToken) where TBody : class
    {
        if (context.Request.ContentLength > MostBytes) return new CouponBodyTooLarge(MostBytes);
        if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MostBytes;
        try
        {
            return await JsonSerializer.DeserializeAsync<TBody>(context.Request.Body, Strict, cancellationToken) is { } body ? body : new CouponBodyUnreadable("$");
        }
        catch (JsonException fault)
        {
            return new CouponBodyUnreadable(fault.Path ?? "$");
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new CouponBodyTooLarge(MostBytes);
        }
    }
}

internal sealed record CartBody(string? Currency, decimal? Shipping, string? Channel, CartLineBody[]? Lines)
{
    public static Outcome<Cart> Read(CartBody? sent)
    {
        if (sent is not { Lines: { } lines, Currency: { } currency } cart) return new CouponBodyUnreadable("$.cart");
        if (Minor(cart.Shipping ?? 0, currency) is not { } shipping) return new CouponAmountUnfit("$.cart.shipping");
        var read = ImmutableArray.CreateBuilder<CartLine>(lines.Length);
        for (var index = 0; index < lines.Length; index++)
        {
            if (lines[index] is not { ItemId: { } item, Quantity: { } quantity, Price: { } price } line) return new CouponBodyUnreadable($"$.cart.lines[{index}]");
            if (Minor(price, currency) is not { } unit) return new CouponAmountUnfit($"$.cart.lines[{index}].price");
            long? cost = null;
            if (line.Cost is { } given && (cost = Minor(given, currency)) is null) return new CouponAmountUnfit($"$.cart.lines[{index}].cost");
            read.Add(new CartLine(item, line.Category, line.Brand, quantity, unit, line.OnSale ?? false, cost, line.Stock));
        }

        return new Cart(read.DrainToImmutable(), shipping, currency, cart.Channel);
    }

    /// <summary>Null for an amount that is finer than the smallest coin, or too large for any order.</summary>
    private static long? Minor(decimal amount, string currency) =>
        Math.Abs(amount) <= 1_000_000_000_000m && Money.Of(amount, currency) is var money && money.Amount == amount ? money.Minor : null;
}

internal sealed record CartLineBody(string? ItemId, string? Category, string? Brand, int? Quantity, decimal? Price, bool? OnSale, decimal? Cost, long? Stock);
