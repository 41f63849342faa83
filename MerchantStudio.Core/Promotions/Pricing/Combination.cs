using System.Collections.Immutable;

namespace MerchantStudio.Core.Promotions.Pricing;

/// <param name="Alone">What it gives when no other rule applies.</param>
internal sealed record Candidate(int Index, CartRule Rule, OfferPrice Alone);

internal sealed record CombinationStep(Candidate Candidate, OfferPrice Price, MarginKept? Margin);

/// <summary>What rules that stand beside each other use and allow together; whether one more may join is then a matter of three look-ups.</summary>
internal readonly record struct Company(OfferClasses Used, OfferClasses Allowed, ImmutableHashSet<string> Groups)
{
    public static Company Nobody { get; } = new(OfferClasses.None, OfferClasses.All, []);

    public bool Permits(CartRule rule) =>
        Allowed.HasFlag(rule.Offer.Class) && rule.CombinesWith.HasFlag(Used) && !(rule.ExclusiveGroup is { Length: > 0 } group && Groups.Contains(group));

    public Company With(CartRule rule) =>
        new(Used | rule.Offer.Class, Allowed & rule.CombinesWith, rule.ExclusiveGroup is { Length: > 0 } group ? Groups.Add(group) : Groups);
}

/// <summary>Rules applied one after the other to a cart, each to what those before it left.</summary>
internal sealed class Combination
{
    private readonly Cart _cart;
    private readonly Combination? _before;
    private readonly CombinationStep? _step;
    private readonly Company _company = Company.Nobody;
    private readonly long _giftsMinor;
    private readonly int? _floor;

    private Combination(Cart cart)
    {
        _cart = cart;
        LinesMinor = [.. cart.Lines.Select(_ => 0L)];
    }

    private Combination(Combination before, CombinationStep step)
    {
        (_cart, _before, _step) = (before._cart, before, step);
        _company = before._company.With(step.Candidate.Rule);
        _giftsMinor = before._giftsMinor + step.Price.WorthMinor - step.Price.DiscountMinor;
        _floor = before.Floor(step.Candidate.Rule);
        LinesMinor = [.. before.LinesMinor.Zip(step.Price.LinesMinor, (earlier, now) => earlier + now)];
        ShippingMinor = before.ShippingMinor + step.Price.ShippingMinor;
        WorthMinor = before.WorthMinor + step.Price.WorthMinor;
    }

    public ImmutableArray<long> LinesMinor { get; }

    public long ShippingMinor { get; }

    public long WorthMinor { get; }

    public ImmutableArray<CombinationStep> Steps
    {
        get
        {
            var steps = new List<CombinationStep>();
            for (var at = this; at._step is { } step; at = at._before!) steps.Add(step);
            steps.Reverse();
            return [.. steps];
        }
    }

    public static Combination InOrder(List<Candidate> candidates, Cart cart)
    {
        var found = new Combination(cart);
        foreach (var candidate in candidates) found = found.With(candidate) ?? found;
        return found;
    }

    public static Combination Best(List<Candidate> candidates, Cart cart)
    {
        var best = InOrder(candidates, cart);
        if (candidates.Count > CartDecision.ExactLimit)
        {
            var greedy = Greedy(candidates, cart);
            return greedy.WorthMinor > best.WorthMinor ? greedy : best;
        }

        Search(new Combination(cart), 0);
        return best;

        void Search(Combination found, int next)
        {
            if (found.WorthMinor > best.WorthMinor) best = found;
            for (var index = next; index < candidates.Count; index++)
            {
                if (found.With(candidates[index]) is { } longer) Search(longer, index + 1);
            }
        }
    }

    public (OfferPrice Price, MarginKept? Margin) PriceAfter(Candidate candidate)
    {
        var price = OfferPricing.Price(candidate.Rule.Offer, _cart, LinesMinor, ShippingMinor);
        return price.Nothing is not null || Floor(candidate.Rule) is not { } floor ? (price, null)
            : MarginFloor.Keep(price, _cart, floor, LinesMinor.Sum() + ShippingMinor, _giftsMinor);
    }

    /// <summary>Null when the rule may not join, or when nothing is left to give.</summary>
    private Combination? With(Candidate candidate)
    {
        if (!_company.Permits(candidate.Rule)) return null;
        var (price, margin) = PriceAfter(candidate);
        return price.Nothing is not null || (price.DiscountMinor == 0 && price.Gifts.IsEmpty) ? null : new Combination(this, new CombinationStep(candidate, price, margin));
    }

    /// <summary>A floor once promised holds for everything that comes after it.</summary>
    private int? Floor(CartRule rule) => rule.MarginFloorBasisPoints is { } own ? Math.Max(own, _floor ?? own) : _floor;

    private static Combination Greedy(List<Candidate> candidates, Cart cart)
    {
        var company = Company.Nobody;
        var chosen = new List<Candidate>();
        foreach (var candidate in candidates.OrderByDescending(candidate => candidate.Alone.WorthMinor).ThenBy(candidate => candidate.Index))
        {
            if (!company.Permits(candidate.Rule)) continue;
            company = company.With(candidate.Rule);
            chosen.Add(candidate);
        }

        return InOrder([.. chosen.OrderBy(candidate => candidate.Index)], cart);
    }
}
