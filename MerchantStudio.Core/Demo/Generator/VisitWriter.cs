namespace MerchantStudio.Core.Demo.Generator;

/// <summary>Writes the rows of one visit: what is searched, looked at, put aside and bought.</summary>
internal sealed class VisitWriter(Shopper shopper, SteadyRandom random, Shelf shelf, List<DemoEvent> events)
{
    private static readonly string[] Channels = ["direct", "search", "email", "social", "ads"];

    /// <summary>Visits by hour of the day, UTC, 5 to 21.</summary>
    private static readonly double[] Hours = [1, 2, 4, 5, 5, 6, 7, 6, 5, 5, 6, 7, 8, 10, 12, 11, 6];

    private readonly List<Product> _wanted = [];
    private int _focus = -1;
    private long _second;
    private string _channel = "direct";

    public bool HasNoFocus => _focus < 0;

    /// <summary>A new need: one category and a few articles in it.</summary>
    public void Focus(int day)
    {
        _focus = random.PickWeighted(shopper.Tastes);
        _wanted.Clear();
        var count = random.Between(1, 3);
        for (var i = 0; i < count; i++) _wanted.Add(shelf.Draw(random, _focus, shopper.Kind, day));
    }

    public void Visit(int day, Mind mind)
    {
        Open(day);
        if (mind == Mind.Idle)
        {
            View(1 + random.Run(0.70, 6), stray: 1.0, day);
            return;
        }
        var deciding = mind == Mind.Deciding;
        if (random.Chance(deciding ? 0.24 : 0.26)) Search();
        var seen = View(1 + random.Run(deciding ? 0.54 : 0.55, 9), stray: 0.25, day);
        var carts = shopper.CartIsWishlist ? 0.36 : deciding ? 0.46 : 0.07;
        if (random.Chance(carts)) Cart(seen, day);
        else if (random.Chance(shopper.CartIsWishlist ? 0.02 : 0.14)) Write("favorite", seen);
        if (deciding && random.Chance(0.18)) Write("checkout", seen);
        if (random.Chance(0.015)) Write("share", seen);
    }

    /// <summary>A visit that ends in an order; gives its purchase rows back.</summary>
    public List<DemoEvent> Order(int day, bool firstOrder)
    {
        Open(day);
        var order = new DemoOrder();
        if (random.Chance(0.4)) View(1 + random.Run(0.6, 3), stray: 0.2, day);
        var lines = 1 + random.Run(1 / (1 + shopper.Kind.Lines), 6);
        var basket = new List<Product>();
        while (basket.Count < lines)
        {
            var article = basket.Count == 0 ? random.Pick(_wanted) : Draw(stray: 0.4, day);
            if (basket.Contains(article)) { lines--; continue; }
            basket.Add(article);
            if (random.Chance(0.6)) Cart(article, day);
        }
        if (random.Chance(0.65)) Write("checkout", basket[0]);
        var (coupon, percent) = Coupon(day, firstOrder);
        Later(60);
        var rows = basket.ConvertAll(article => Line(article, day, order, coupon, percent));
        events.AddRange(rows);
        _focus = -1;
        return rows;
    }

    private DemoEvent Line(Product article, int day, DemoOrder order, string? coupon, int percent)
    {
        var price = article.PriceOn(day);
        var quantity = price < 3000 ? 1 + random.Run(0.55, 5) : 1 + random.Run(0.92, 2);
        return Row("purchase", article) with
        {
            Price = price,
            Quantity = quantity,
            Order = order,
            Coupon = coupon,
            Discount = percent == 0 ? null : (price * quantity * percent + 50) / 100,
        };
    }

    private (string? Code, int Percent) Coupon(int day, bool firstOrder)
    {
        if (DemoCalendar.PromoOn(day) is { } promo && random.Chance(shopper.Kind.CouponUse)) return (promo.Code, promo.Percent);
        return firstOrder && random.Chance(0.35) ? ("WELCOME10", 10) : (null, 0);
    }

    private void Open(int day)
    {
        _second = DemoCalendar.Second(day, (5 + random.PickWeighted(Hours)) * 3600 + random.Below(3600));
        ReadOnlySpan<double> channels = (DemoCalendar.PromoOn(day) is not null, shopper.Kind.Key) switch
        {
            (true, _) => [3, 2, 6, 1, 1],
            (_, "browsing") => [2, 2, 1, 4, 4],
            (_, ShopperKinds.Fresh) => [1, 4, 0.5, 3, 4],
            _ => [4, 3, 2, 1, 1],
        };
        _channel = Channels[random.PickWeighted(channels)];
    }

    private Product View(int count, double stray, int day)
    {
        Product article;
        do
        {
            article = Draw(stray, day);
            Write("view", article);
        }
        while (--count > 0);
        return article;
    }

    private Product Draw(double stray, int day)
    {
        if (_focus < 0 || random.Chance(stray)) return shelf.Draw(random, random.PickWeighted(shopper.Tastes), shopper.Kind, day);
        return random.Chance(0.6) ? random.Pick(_wanted) : shelf.Draw(random, _focus, shopper.Kind, day);
    }

    private void Search()
    {
        var article = random.Pick(_wanted);
        var words = shopper.WritesChinese ? article.ChineseNoun : random.Chance(0.5) ? article.Noun : article.Name[(article.Name.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        events.Add(Row("search", null) with { Search = words });
    }

    private void Cart(Product article, int day)
    {
        events.Add(Row("add_to_cart", article) with { Price = article.PriceOn(day), Quantity = 1 });
        if (random.Chance(0.05)) Write("remove_from_cart", article);
    }

    private void Write(string type, Product? article) => events.Add(Row(type, article));

    private DemoEvent Row(string type, Product? article)
    {
        if (type != "purchase") Later(random.Between(12, 190));
        return new(_second, shopper.Id, type) { Product = article, Device = shopper.Device, Region = shopper.Place.Region, Channel = _channel };
    }

    private void Later(int seconds) => _second += seconds;
}
