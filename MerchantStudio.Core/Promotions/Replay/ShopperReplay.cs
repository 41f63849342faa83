using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions.Pricing;

namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>Holds the draft and the live rules against the past carts of one shopper after the other; every cart is decided by <see cref="CartDecision"/>. Thread-safe.</summary>
internal sealed class ShopperReplay
{
    private const long CodeDays = 30 * ReplayRow.Day;
    private readonly ReplayShop _shop;
    private readonly CartRuleSet _rules;
    private readonly PastCarts _carts;
    private readonly Func<ShopperFacts, bool> _fits;
    private readonly ImmutableArray<Func<ShopperFacts, bool>> _limited;
    private readonly ImmutableDictionary<Guid, int> _places;

    public ShopperReplay(ReplayShop shop)
    {
        _shop = shop;
        _rules = CartRuleSet.Of([shop.Draft, .. shop.Others], shop.Context);
        _carts = new PastCarts(shop.Items, shop.Currency, shop.Decimals);
        _fits = ConditionTest.Compile(shop.Draft.Condition, shop.Context);
        _limited = [.. shop.Limited.Select(segment => ConditionTest.Compile(segment, shop.Context))];
        _places = shop.Others.Select((rule, index) => KeyValuePair.Create(rule.Id, index)).ToImmutableDictionary();
    }

    /// <param name="rows">All of one shopper's, by time.</param>
    public void Run(ReadOnlySpan<ReplayRow> rows, ReplayPart part)
    {
        var shopper = rows[0].Shopper;
        var carts = _carts.Of(rows, _shop.From, _shop.To, _shop.DataEnd, out var undecided);
        part.Counts.UndecidedBaskets += undecided;
        CountAnswers(rows, shopper, part.Counts);
        var past = new ShopperPast(_shop.Needs, _shop.Items, _shop.Today.GetValueOrDefault(shopper));
        var next = 0;
        if (carts.Count == 0)
        {
            if (undecided > 0 || rows[0].At >= _shop.From) return;
            HandOver(rows, _shop.From, past, ref next);
            if (_fits(past.At(_shop.From))) part.Counts.Silent++;
            return;
        }

        for (var index = 0; index < carts.Count; index++)
        {
            HandOver(rows, carts[index].At, past, ref next);
            if (index == 0) part.Shoppers.Add(new JudgedShopper(shopper, past.Orders));
            Judge(shopper, carts[index], past, part);
        }
    }

    /// <summary>Only what lies strictly before the moment.</summary>
    private static void HandOver(ReadOnlySpan<ReplayRow> rows, long moment, ShopperPast past, ref int next)
    {
        while (next < rows.Length && rows[next].At < moment) past.Add(rows[next++]);
    }

    private void Judge(int shopper, PastCart past, ShopperPast facts, ReplayPart part)
    {
        if (past.IsOrder) part.Counts.Orders++;
        else part.Counts.Baskets++;
        if (past.HadDiscount) part.Counts.OtherDiscounts++;
        if (past.Cart is not { } cart)
        {
            part.Counts.WithoutPrice++;
            return;
        }

        if (CartCheck.Check(cart, _shop.Currency).Length > 0)
        {
            part.Counts.Unfit++;
            return;
        }

        var (at, known) = (ReplayRow.Instant(past.At), facts.At(past.At));

        // Most carts are not the draft's, and what the others would give them is not asked.
        if (!_fits(known with { Basket = cart.AsBasket(at, _rules.TimeZone) }))
        {
            part.Counts.ConditionNotMet++;
            return;
        }

        var decision = CartDecision.Decide(_rules, cart, known, _shop.Mode, at, traced: false);
        var own = decision.Rules.Single(rule => rule.RuleId == _shop.Draft.Id);
        CountRivals(shopper, decision, own, part);
        switch (own.Skipped)
        {
            case null:
                part.Cases.Add(CaseOf(shopper, past, cart, decision, own) with { Day = DayOf(past.At), Segments = SegmentsOf(known) });
                break;
            case SkipReason.ConditionNotMet:
                part.Counts.ConditionNotMet++;
                break;
            case SkipReason.MarginFloor:
                part.Counts.MarginFloor++;
                break;
            case SkipReason.ExclusiveGroup or SkipReason.CannotCombine or SkipReason.BetterCombination:
                part.Counts.LostToOther++;
                break;
            default:
                part.Counts.NothingToGive++;
                break;
        }
    }

    private ReplayCase CaseOf(int shopper, PastCart past, Cart cart, CartDecision decision, RuleDecision own)
    {
        var price = own.Price!;
        var gifts = price.Gifts.Sum(gift => gift.ValueMinor);
        var others = decision.DiscountMinor - price.DiscountMinor;
        var known = cart.Lines.All(line => line.UnitCostMinor is not null);
        long? margin = known ? cart.Lines.Sum(line => line.TotalMinor - (line.UnitCostMinor!.Value * line.Quantity)) : null;
        var loss = cart.Lines.Select((line, index) => line.UnitCostMinor is { } cost && line.TotalMinor - decision.LinesMinor[index] < cost * line.Quantity).Count(below => below);
        var paid = cart.ItemsMinor - decision.DiscountMinor;
        var below = _shop.Draft.MarginFloorBasisPoints is { } floor && margin - decision.DiscountMinor - decision.Gifts.Sum(gift => gift.ValueMinor) is { } left && (Int128)left * 10_000 < (Int128)paid * floor;
        return new ReplayCase(shopper, past.At, past.IsOrder, past.OrderNo, cart.ItemsMinor, price.DiscountMinor, gifts, margin, own.Margin?.ReducedMinor ?? 0, below, others, loss);
    }

    private int DayOf(long at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(ReplayRow.Instant(at), _shop.Context.TimeZone).DateTime).DayNumber;

    private ulong SegmentsOf(ShopperFacts facts)
    {
        var segments = 0UL;
        for (var place = 0; place < _limited.Length; place++)
        {
            if (_limited[place](facts)) segments |= 1UL << place;
        }

        return segments;
    }

    /// <summary>Rules whose condition was met beside the draft's, and which of the two went first.</summary>
    private void CountRivals(int shopper, CartDecision decision, RuleDecision own, ReplayPart part)
    {
        if (_places.IsEmpty || own.Skipped is SkipReason.ConditionNotMet or SkipReason.NothingToGive) return;
        foreach (var other in decision.Rules)
        {
            if (other.RuleId == own.RuleId || other.Skipped is SkipReason.ConditionNotMet or SkipReason.NothingToGive or SkipReason.NotStarted or SkipReason.Over) continue;
            var rival = part.Rivals[_places[other.RuleId]];
            if (own.Applies && other.Applies) rival.Both++;
            else if (own.Applies) rival.ThisFirst++;
            else if (other.Applies) rival.OtherFirst++;
            else continue;
            rival.Shoppers.Add(shopper);
        }
    }

    /// <summary>
    /// What the shop's own codes did to baskets that had lain for a day: whether a purchase followed within the week, with a code given in the 30 days before and without.
    /// </summary>
    private void CountAnswers(ReadOnlySpan<ReplayRow> rows, int shopper, ReplayCounts counts)
    {
        if (_shop.Codes.Count == 0) return;
        var codes = _shop.Codes.GetValueOrDefault(shopper, []);
        long? lying = null;
        foreach (ref readonly var row in rows)
        {
            if (row.Type is not (ReplayRow.Purchase or ReplayRow.Add)) continue;
            if (lying is { } since)
            {
                var back = row.Type == ReplayRow.Purchase && row.At - since <= PastCarts.Window;
                if (row.At - since > ReplayRow.Day && (back || row.At - since > PastCarts.Window)) Note(since, back);
                else if (row.Type == ReplayRow.Add && row.At - since is > ReplayRow.Day and <= PastCarts.Window) continue;
            }

            lying = row.Type == ReplayRow.Add ? row.At : null;
        }

        if (lying is { } last && _shop.DataEnd - last > PastCarts.Window) Note(last, back: false);

        void Note(long since, bool back)
        {
            if (since < _shop.DataEnd - (365 * ReplayRow.Day)) return;
            if (Array.Exists(codes, given => given <= since + ReplayRow.Day && given > since - CodeDays))
            {
                counts.WithCode++;
                if (back) counts.WithCodeBack++;
            }
            else
            {
                counts.WithoutCode++;
                if (back) counts.WithoutCodeBack++;
            }
        }
    }
}
