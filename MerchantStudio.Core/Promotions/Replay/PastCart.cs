using System.Collections.Immutable;
using MerchantStudio.Core.Promotions.Pricing;

namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>A past order or abandoned basket, as it was before any discount.</summary>
/// <param name="At">The order's moment, or that of the basket's last change.</param>
/// <param name="OrderNo">Empty for a basket.</param>
/// <param name="Cart">Null where a price is missing.</param>
internal sealed record PastCart(long At, bool IsOrder, string OrderNo, Cart? Cart, bool HadDiscount);

/// <summary>Builds the carts of one shopper from the events in their order.</summary>
/// <remarks>
/// A basket is what was added since the last purchase and not taken out; it is abandoned when a week passes after its last change without a purchase. What history
/// does not tell is left open: shipping is unknown and counts as nothing, and a piece counts as on sale where it was sold below the catalogue's price.
/// </remarks>
internal sealed class PastCarts(ImmutableArray<ReplayItem> items, string currency, int decimals)
{
    public const long Window = 7 * ReplayRow.Day;

    /// <summary>Orders and decided baskets within [from, to).</summary>
    /// <param name="dataEnd">Baskets that changed within a week before it are undecided.</param>
    public List<PastCart> Of(ReadOnlySpan<ReplayRow> rows, long from, long to, long dataEnd, out int undecided)
    {
        var carts = new List<PastCart>();
        var basket = new Basket();
        undecided = 0;
        var orders = new List<(string Key, long At, List<int> Lines)>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < rows.Length; index++)
        {
            ref readonly var row = ref rows[index];
            if (basket.Lines.Count > 0 && row.At - basket.At > Window) Close(basket);
            switch (row.Type)
            {
                case ReplayRow.Purchase:
                    basket.Clear();
                    var key = ShopperPast.KeyOf(row);
                    if (!places.TryGetValue(key, out var place))
                    {
                        places[key] = place = orders.Count;
                        orders.Add((key, row.At, []));
                    }

                    orders[place].Lines.Add(index);
                    break;
                case ReplayRow.Add or ReplayRow.Remove when row.Item >= 0:
                    basket.Change(row);
                    break;
            }
        }

        if (basket.Lines.Count > 0)
        {
            if (dataEnd - basket.At > Window) Close(basket);
            else undecided += IsWithin(basket.At) ? 1 : 0;
        }

        foreach (var (key, at, lines) in orders)
        {
            if (!IsWithin(at)) continue;
            var hadDiscount = false;
            foreach (var line in lines) hadDiscount |= rows[line].Discount > 0;
            carts.Add(new PastCart(at, true, key.TrimStart('\n'), OrderOf(rows, lines), hadDiscount));
        }

        // An order goes before a basket of the same moment.
        carts.Sort((one, other) => one.At != other.At ? one.At.CompareTo(other.At) : one.IsOrder != other.IsOrder ? other.IsOrder.CompareTo(one.IsOrder) : string.CompareOrdinal(one.OrderNo, other.OrderNo));
        return carts;

        bool IsWithin(long at) => at >= from && at < to;

        void Close(Basket left)
        {
            if (IsWithin(left.At)) carts.Add(new PastCart(left.At, false, "", BasketOf(left), false));
            left.Clear();
        }
    }

    private Cart? OrderOf(ReadOnlySpan<ReplayRow> rows, List<int> lines)
    {
        var found = ImmutableArray.CreateBuilder<CartLine>(lines.Count);
        foreach (var place in lines)
        {
            ref readonly var line = ref rows[place];
            if (line.Price is not { } price) return null;
            if (line.Quantity > 0) found.Add(Line(line.Item, line.Quantity, price));
        }

        return found.Count == 0 ? null : new Cart(found.DrainToImmutable(), 0, currency, rows[lines[0]].Channel);
    }

    private Cart? BasketOf(Basket basket)
    {
        var found = ImmutableArray.CreateBuilder<CartLine>(basket.Lines.Count);
        foreach (var (item, (quantity, price)) in basket.Lines.OrderBy(line => line.Key))
        {
            if ((price ?? items[item].ListPrice) is not { } each) return null;
            found.Add(Line(item, quantity, each));
        }

        return new Cart(found.ToImmutable(), 0, currency, basket.Channel);
    }

    private CartLine Line(int place, int quantity, long price)
    {
        if (place < 0) return new CartLine("?", null, null, quantity, Minor(price));
        var item = items[place];
        return new CartLine(item.Id, item.Category, item.Brand, quantity, Minor(price), price < item.ListPrice, item.Cost is { } cost ? Minor(cost) : null);
    }

    /// <summary>Ten-thousandths as minor units, half away from zero.</summary>
    private long Minor(long amount)
    {
        var divisor = decimals switch { 0 => 10_000, 3 => 10, _ => 100 };
        var half = divisor / 2;
        return amount >= 0 ? (amount + half) / divisor : -((-amount + half) / divisor);
    }

    private sealed class Basket
    {
        public Dictionary<int, (int Quantity, long? Price)> Lines { get; } = [];
        public long At { get; private set; }
        public string? Channel { get; private set; }

        public void Change(in ReplayRow row)
        {
            Lines.TryGetValue(row.Item, out var line);
            if (row.Type == ReplayRow.Add) Lines[row.Item] = (line.Quantity + Math.Max(1, row.Quantity), row.Price ?? line.Price);
            else if (line.Quantity > row.Quantity) Lines[row.Item] = line with { Quantity = line.Quantity - Math.Max(1, row.Quantity) };
            else Lines.Remove(row.Item);
            At = row.At;
            Channel = row.Channel ?? Channel;
        }

        public void Clear() => Lines.Clear();
    }
}
