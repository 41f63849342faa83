using System.Collections.Immutable;

namespace MerchantStudio.Core.Promotions.Pricing;

/// <summary>A cart's lines as one offer sees them: which count, and what they are worth to it.</summary>
internal sealed class OfferLines
{
    private const int Whole = 10_000;
    private readonly Cart _cart;
    private readonly long[] _left;
    private readonly long[] _base;
    private readonly bool[] _eligible;

    public OfferLines(Offer offer, Cart cart, ImmutableArray<long> given)
    {
        _cart = cart;
        _left = new long[cart.Lines.Length];
        _base = new long[cart.Lines.Length];
        _eligible = new bool[cart.Lines.Length];
        for (var index = 0; index < _left.Length; index++)
        {
            var line = cart.Lines[index];
            _left[index] = Math.Max(0, line.TotalMinor - (given.IsDefault ? 0 : given[index]));
            _base[index] = offer.Base == DiscountBase.Original ? line.TotalMinor : _left[index];
            _eligible[index] = IsIn(offer, offer.Include, line);
            AnyEligible |= _eligible[index];
            if (offer.MinimumOn == MinimumMeasure.WholeOrder || _eligible[index]) MeasuredMinor += _base[index];
        }
    }

    public bool AnyEligible { get; }

    /// <summary>What minimum and tiers are held against.</summary>
    public long MeasuredMinor { get; }

    public bool IsEligible(int line) => _eligible[line];

    public long LeftOf(int line) => _left[line];

    /// <summary>A percentage of so many pieces of a line, never more than the line has left.</summary>
    public long PercentOf(int line, long pieces, int basisPoints) =>
        Math.Min(_left[line], Spread.Rounded((Int128)_base[line] * pieces * basisPoints, (Int128)_cart.Lines[line].Quantity * Whole));

    /// <summary>So many pieces of a line at what they still cost, rounded down.</summary>
    public long WorthOf(int line, long pieces) => (long)((Int128)_left[line] * pieces / _cart.Lines[line].Quantity);

    /// <summary>The eligible line with the lowest price a piece, of those that cost anything; the earlier one among equals.</summary>
    public int? Cheapest() => Extreme(-1);

    public int? Dearest() => Extreme(1);

    public static bool IsIn(Offer offer, ItemChoice? choice, CartLine line) =>
        (choice is null || choice.Holds(line)) && !(offer.Exclude?.Holds(line) ?? false) && !(offer.SaleItemsExcluded && line.OnSale);

    /// <summary>Orders lines by what one piece is worth to the offer.</summary>
    public int Compare(int first, int second) =>
        ((Int128)_base[first] * _cart.Lines[second].Quantity).CompareTo((Int128)_base[second] * _cart.Lines[first].Quantity);

    private int? Extreme(int sign)
    {
        int? found = null;
        for (var index = 0; index < _left.Length; index++)
        {
            if (_eligible[index] && _left[index] > 0 && (found is not { } best || Math.Sign(Compare(index, best)) == sign)) found = index;
        }

        return found;
    }
}
