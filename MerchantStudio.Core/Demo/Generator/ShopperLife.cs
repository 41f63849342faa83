namespace MerchantStudio.Core.Demo.Generator;

/// <summary>Plays one shopper's days and writes down what a shop would see of them.</summary>
internal sealed class ShopperLife(Shopper shopper, SteadyRandom random, Shelf shelf, List<DemoEvent> events, List<DemoReview> reviews)
{
    private readonly VisitWriter _visits = new(shopper, random, shelf, events);
    private Mind _mind = Mind.Idle;
    private bool _hasOrdered;

    /// <summary>From the warm-up before day 0 to the last hidden day; only days of the data leave rows.</summary>
    public ShopperTruth Play()
    {
        if (shopper.JoinDay < -DemoCalendar.WarmUpDays) _hasOrdered = random.Chance(0.6);
        (Mind Mind, double One, double Seven, double Thirty) atEnd = default;
        int? boughtAfter = null;
        for (var day = Math.Max(-DemoCalendar.WarmUpDays, shopper.JoinDay); day < DemoCalendar.Days + DemoCalendar.HiddenDays; day++)
        {
            if (day == DemoCalendar.Days)
            {
                atEnd = (_mind, PurchaseOdds.Within(shopper, _mind, day, 1), PurchaseOdds.Within(shopper, _mind, day, 7), PurchaseOdds.Within(shopper, _mind, day, 30));
            }
            var buys = PlayDay(day);
            if (buys && day >= DemoCalendar.Days) boughtAfter ??= day - DemoCalendar.Days + 1;
        }
        return new(shopper, atEnd.Mind, atEnd.One, atEnd.Seven, atEnd.Thirty, boughtAfter);
    }

    private bool PlayDay(int day)
    {
        var chances = DailyChances.Of(shopper, _mind, day);
        var visible = day is >= 0 and < DemoCalendar.Days;
        var arrives = day == shopper.JoinDay;
        if (arrives) _mind = Mind.Exploring;
        if (random.Chance(_mind == Mind.Deciding ? chances.Buy : chances.Impulse))
        {
            if (_visits.HasNoFocus) _visits.Focus(day);
            if (visible) Buy(day);
            _mind = Mind.Idle;
            _hasOrdered = true;
            return true;
        }
        if (_mind == Mind.Exploring && _visits.HasNoFocus) _visits.Focus(day);
        if ((random.Chance(chances.Visit) || arrives) && visible) _visits.Visit(day, _mind);
        _mind = Next(chances, day);
        return false;
    }

    private Mind Next(DailyChances chances, int day)
    {
        switch (_mind)
        {
            case Mind.Idle when random.Chance(chances.Need):
                _visits.Focus(day);
                return Mind.Exploring;
            case Mind.Exploring when random.Chance(chances.Decide): return Mind.Deciding;
            case Mind.Exploring when random.Chance(chances.Drop): return Mind.Idle;
            case Mind.Deciding when random.Chance(chances.Waver): return Mind.Idle;
            default: return _mind;
        }
    }

    private void Buy(int day)
    {
        foreach (var line in _visits.Order(day, firstOrder: !_hasOrdered))
        {
            var quality = line.Product!.Quality;
            if (random.Chance(0.02 + 0.11 * (1 - quality))) Refund(line);
            if (random.Chance(shopper.Kind.Key == "browsing" ? 0.22 : 0.42)) Review(line, quality);
        }
    }

    private void Refund(DemoEvent line)
    {
        var second = line.Second + random.Between(4, 18) * 86_400L + random.Below(7200);
        if (second >= DemoCalendar.Second(DemoCalendar.Days, 0)) return;
        events.Add(line with { Second = second, Type = "refund", Coupon = null });
    }

    private void Review(DemoEvent line, double quality)
    {
        var second = line.Second + random.Between(4, 26) * 86_400L + random.Below(20_000);
        var mood = quality + 0.20 * random.Bell() - (random.Chance(0.08) ? 0.35 : 0);
        var feeling = mood > 0.62 ? Feeling.Positive : mood < 0.44 ? Feeling.Negative : Feeling.Neutral;
        var stars = Stars(feeling);
        var (title, text) = ReviewText.Write(random, line.Product!, feeling, shopper.WritesChinese);
        if (second >= DemoCalendar.Second(DemoCalendar.Days, 0)) return;
        reviews.Add(new(second, shopper.Id, line.Product!, stars, feeling, shopper.WritesChinese, title, text));
    }

    /// <summary>Stars follow the feeling, but not always: some press the wrong star, some never give five.</summary>
    private int Stars(Feeling feeling)
    {
        ReadOnlySpan<double> weights = feeling switch
        {
            Feeling.Positive => [1, 1, 5, 31, 62],
            Feeling.Neutral => [2, 17, 55, 23, 3],
            _ => [44, 38, 12, 3, 3],
        };
        return random.PickWeighted(weights) + 1;
    }
}
