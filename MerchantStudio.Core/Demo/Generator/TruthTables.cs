using System.Collections.Immutable;
using System.Globalization;

namespace MerchantStudio.Core.Demo.Generator;

/// <summary>What was planted: one row a shopper and a review, and a summary in words and figures.</summary>
internal static class TruthTables
{
    public const string Shoppers = "truth-shoppers";
    public const string Reviews = "truth-reviews";

    public static ImmutableArray<DemoTable> Of(DemoShop shop) =>
    [
        new(Shoppers, ["user_id", "kind", "mind", "chance_1", "chance_7", "chance_30", "bought_after_days", "cart_is_wishlist"], [],
            [.. shop.Shoppers.Select(truth => new object?[]
            {
                truth.Shopper.Id, truth.Shopper.Kind.Key, Word(truth.Mind), Chance(truth.Chance1), Chance(truth.Chance7), Chance(truth.Chance30),
                truth.BoughtAfter is { } days ? (long)days : null, truth.Shopper.CartIsWishlist ? 1L : 0L,
            })]),
        new(Reviews, ["review_id", "sentiment", "language"], [],
            [.. shop.Reviews.Select((review, place) => new object?[] { DemoTables.ReviewId(place), Word(review.Feeling), review.Chinese ? "zh" : "en" })]),
    ];

    public static DemoTruth Summary(DemoShop shop, ImmutableArray<DemoTable> tables) => new(
        shop.Seed,
        DemoCalendar.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DemoCalendar.Start.AddDays(DemoCalendar.Days - 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        [.. tables.Select(table => new PlantedCount(table.Name, table.Rows.Count))],
        [.. ShopperKinds.All.Select(kind => new PlantedCount(kind.Key, shop.Shoppers.Count(truth => truth.Shopper.Kind == kind)))],
        [.. Enum.GetValues<Feeling>().Select(feeling => new PlantedCount(Word(feeling), shop.Reviews.Count(review => review.Feeling == feeling)))],
        shop.Reviews.Count(review => review.Feeling != FromStars(review.Stars)),
        [
            new("recent_visits", "raises", "A need opens days of more visits, views and searches, then an order."),
            new("recent_carts", "raises", "Deciding shoppers fill the cart six times as often as exploring ones, but for those who use the cart as a wish list."),
            new("recent_checkout", "raises", "Only deciding shoppers begin a checkout without ending it."),
            new("past_orders", "raises", "Devoted and gifting shoppers come back; browsing ones seldom order at all."),
            new("days_since_last_visit", "lowers", "A need that is weeks old has passed."),
            new("faded", "lowers", "Faded shoppers hardly return, whatever they once spent."),
        ],
        [
            new("favourites", "none", "Marked while exploring and by window shoppers; says little once visits are known."),
            new("device", "none", "Goes with the kind of shopper, never with the decision."),
            new("region", "none", "No effect on buying at all."),
            new("hour_of_day", "none", "No effect on buying at all."),
        ],
        [.. Catalogue.Categories.Select(category => new PlantedElasticity(category.Name, Math.Round(-category.Elasticity, 2)))],
        [.. DemoCalendar.Promos.Select(promo => new PlantedPromo(promo.Code, promo.Percent, promo.FirstDay, promo.LastDay))],
        [.. BadRows.Planted.Select(bad => new PlantedCount(bad.Kind, bad.Count)), new("bot_views", BadRows.BotViews)]);

    public static Feeling FromStars(int stars) => stars <= 2 ? Feeling.Negative : stars == 3 ? Feeling.Neutral : Feeling.Positive;

    private static string Chance(double value) => value.ToString("0.000000", CultureInfo.InvariantCulture);

    private static string Word(Feeling feeling) => feeling switch { Feeling.Negative => "negative", Feeling.Neutral => "neutral", _ => "positive" };

    private static string Word(Mind mind) => mind switch { Mind.Idle => "idle", Mind.Exploring => "exploring", _ => "deciding" };
}
