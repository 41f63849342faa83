using System.Collections.Immutable;

namespace MerchantStudio.Core.Promotions.Pricing;

/// <summary>
/// Which pieces of a cart come cheaper under buy X get Y. Pieces are got from the cheapest upwards; a piece that is got does not count as bought; a turn that is not used
/// up ("get 2" with one piece left) still counts.
/// </summary>
internal static class BuyGetPieces
{
    /// <summary>Pieces got of each line; empty when there are too few.</summary>
    public static ImmutableArray<long> Of(BuyGet terms, Offer offer, Cart cart, OfferLines lines)
    {
        var choice = terms.GetFrom ?? offer.Include;
        // Among equal prices those that cannot be bought for the offer go first: they cost no turn.
        int[] order = [.. Enumerable.Range(0, cart.Lines.Length).Where(index => lines.LeftOf(index) > 0 && OfferLines.IsIn(offer, choice, cart.Lines[index]))];
        Array.Sort(order, (first, second) => lines.Compare(first, second) is not 0 and var price ? price
            : lines.IsEligible(first) != lines.IsEligible(second) ? lines.IsEligible(first).CompareTo(lines.IsEligible(second)) : first.CompareTo(second));
        var bought = cart.Lines.Select((line, index) => lines.IsEligible(index) ? (long)line.Quantity : 0).Sum();
        var offered = order.Sum(index => (long)cart.Lines[index].Quantity);
        var most = Math.Min(offered, terms.MostTurns is { } turns ? (long)turns * terms.Get : long.MaxValue);
        var got = Most(most, pieces => bought - Shared(pieces) >= (Int128)terms.Buy * ((pieces + terms.Get - 1) / terms.Get));
        return got == 0 ? [] : Taken(got);

        long Shared(long pieces)
        {
            long shared = 0;
            foreach (var index in order)
            {
                var taken = Math.Min(pieces, cart.Lines[index].Quantity);
                if (lines.IsEligible(index)) shared += taken;
                pieces -= taken;
                if (pieces == 0) break;
            }

            return shared;
        }

        ImmutableArray<long> Taken(long pieces)
        {
            var taken = new long[cart.Lines.Length];
            foreach (var index in order)
            {
                taken[index] = Math.Min(pieces, cart.Lines[index].Quantity);
                pieces -= taken[index];
            }

            return [.. taken];
        }
    }

    /// <summary>The largest number up to <paramref name="most"/> that fits, where everything below a fitting number fits too.</summary>
    private static long Most(long most, Func<long, bool> fits)
    {
        long low = 0;
        while (low < most)
        {
            var middle = low + ((most - low + 1) / 2);
            if (fits(middle)) low = middle;
            else most = middle - 1;
        }

        return low;
    }
}
