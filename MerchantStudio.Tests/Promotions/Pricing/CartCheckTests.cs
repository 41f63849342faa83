using System.Collections.Immutable;
using MerchantStudio.Core.Promotions.Pricing;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Pricing;

public sealed class CartCheckTests
{
    public static TheoryData<string, Cart> Faults => new()
    {
        { "cart.empty", new Cart([], 0, "EUR") },
        { "cart.empty", new Cart(default, 0, "EUR") },
        { "cart.unfit-quantity", Of(new CartLine("a", null, null, 0, 100)) },
        { "cart.unfit-quantity", Of(new CartLine("a", null, null, -1, 100)) },
        { "cart.unfit-quantity", Of(new CartLine("a", null, null, 1_000_001, 100)) },
        { "cart.unfit-price", Of(new CartLine("a", null, null, 1, -1)) },
        { "cart.unfit-cost", Of(new CartLine("a", null, null, 1, 1, UnitCostMinor: -1)) },
        { "cart.unfit-cost", Of(new CartLine("a", null, null, 1000, 1, UnitCostMinor: long.MaxValue)) },
        { "cart.no-item", Of(new CartLine(" ", null, null, 1, 1)) },
        { "cart.too-long", new Cart([.. Enumerable.Repeat(new CartLine("a", null, null, 1, 1), 501)], 0, "EUR") },
        { "cart.too-dear", Of(new CartLine("a", null, null, 1_000_000, long.MaxValue)) },
        { "cart.too-dear", Of(new CartLine("a", null, null, 1, 1_000_000_000_000_000), new CartLine("b", null, null, 1, 1)) },
        { "cart.other-currency", Of(new CartLine("a", null, null, 1, 1)) with { Currency = "USD" } },
        { "cart.unfit-shipping", Of(new CartLine("a", null, null, 1, 1)) with { ShippingMinor = -1 } },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void Each_fault_has_its_own_sentence(string code, Cart cart) => Assert.Equal([code], CartCheck.Check(cart, "EUR").Select(problem => problem.Code));

    [Fact]
    public void A_sound_basket_has_no_problem() => Assert.Empty(CartCheck.Check(Of(new CartLine("free sample", null, null, 1, 0), new CartLine("a", null, null, 1_000_000, 1_000_000)), "EUR"));

    [Fact]
    public void The_line_and_its_value_are_named() =>
        Assert.Equal(["Line 2 ('cup') has the quantity -3. Give a whole number from 1 to 1,000,000."], CartCheck.Check(Of(new CartLine("a", null, null, 1, 1), new CartLine("cup", null, null, -3, 1)), "EUR").Select(problem => problem.Message));

    private static Cart Of(params ImmutableArray<CartLine> lines) => new(lines, 0, "EUR");
}
