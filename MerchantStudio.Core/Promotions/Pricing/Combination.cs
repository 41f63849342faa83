using System.Collections.Immutable;

namespace MerchantStudio.Core.Promotions.Pricing;

/// <param name="Alone">What it gives when no other rule applies.</param>
internal sealed record Candidate(int Index, CartRule Rule, OfferPrice Alone)
{
    public bool MayStandBeside(Candidate other) => !Rule.SharesGroupWith(other.Rule) && Rule.CombinesWithRule(other.Rule);
}

internal sealed record CombinationStep(Candidate Candidate, OfferPrice Price, MarginKept? Margin);

/// <summary>Rules applied one after the other to a cart, each to what those before it left.</summary>
internal sealed record Combination(ImmutableArray<CombinationStep> Steps, ImmutableArray<long> LinesMinor, long ShippingMinor, long WorthMinor, int? FloorBasisPoints)
{
    public static Combination Empty(Cart cart) => new([], [.. cart.Lines.Select(_ => 0L)], 0, 0, null);

    public static Combination InOrder(List<Candidate> candidates, Cart cart)
    {
        var found = Empty(cart);
        foreach (var candidate in candidates)
        {
            if (found.Permits(candidate)) found = found.With(candidate, cart) ?? found;
        }

        return found;
    }

    public static Combination Best(List<Candidate> candidates, Cart cart)
    {
        var inOrder = InOrder(candidates, cart);
        if (candidates.Count > CartDecision.ExactLimit)
        {
            var greedy = Greedy(candidates, cart);
            return greedy.WorthMinor > inOrder.WorthMinor ? greedy : inOrder;
        }

        var best = inOrder;
        Search(Empty(cart), 0);
        return best;

        void Search(Combination found, int next)
        {
            if (found.WorthMinor > best.WorthMinor) best = found;
            for (var index = next; index < candidates.Count; index++)
            {
                if (found.Permits(candidates[index]) && found.With(candidates[index], cart) is { } longer) Search(longer, index + 1);
            }
        }
    }

    public bool Permits(Candidate candidate) => Steps.All(step => step.Candidate.MayStandBeside(candidate));

    public (OfferPrice Price, MarginKept? Margin) PriceAfter(Candidate candidate, Cart cart)
    {
        var price = OfferPricing.Price(candidate.Rule.Offer, cart, LinesMinor, ShippingMinor);
        var floor = Floor(candidate);
        if (price.Nothing is not null || floor is not { } kept) return (price, null);
        return MarginFloor.Keep(price, cart, kept, LinesMinor.Sum() + ShippingMinor, Steps.Sum(step => step.Price.Gifts.Sum(gift => gift.ValueMinor)));
    }

    /// <summary>Null when nothing is left to give.</summary>
    private Combination? With(Candidate candidate, Cart cart)
    {
        var (price, margin) = PriceAfter(candidate, cart);
        if (price.Nothing is not null || (price.DiscountMinor == 0 && price.Gifts.IsEmpty)) return null;
        return new Combination(Steps.Add(new CombinationStep(candidate, price, margin)), [.. LinesMinor.Zip(price.LinesMinor, (before, now) => before + now)], ShippingMinor + price.ShippingMinor,
            WorthMinor + price.WorthMinor, Floor(candidate));
    }

    /// <summary>A floor once promised holds for everything that comes after it.</summary>
    private int? Floor(Candidate candidate) =>
        candidate.Rule.MarginFloorBasisPoints is { } own ? Math.Max(own, FloorBasisPoints ?? own) : FloorBasisPoints;

    private static Combination Greedy(List<Candidate> candidates, Cart cart)
    {
        var chosen = new List<Candidate>();
        foreach (var candidate in candidates.OrderByDescending(candidate => candidate.Alone.WorthMinor).ThenBy(candidate => candidate.Index))
        {
            if (chosen.TrueForAll(candidate.MayStandBeside)) chosen.Add(candidate);
        }

        return InOrder([.. chosen.OrderBy(candidate => candidate.Index)], cart);
    }
}
