using System.Collections.Immutable;
using System.Globalization;

namespace MerchantStudio.Core.Demo.Generator;

/// <summary>The shop as four plain tables, as a merchant would export them.</summary>
internal static class DemoTables
{
    /// <summary>Each table's columns, without rows.</summary>
    public static readonly ImmutableDictionary<string, DemoTable> Shapes = new DemoTable[]
    {
        new("products", ["item_id", "name", "name_zh", "category", "brand", "price", "cost", "description"], [], []),
        new("customers", ["user_id", "name", "email", "phone", "country", "city", "gender", "birth_year", "joined_at", "email_consent"], ["joined_at"], []),
        new("events",
            ["user_id", "event_type", "item_id", "timestamp", "category", "price", "quantity", "discount", "order_id", "coupon_code", "search_query", "device", "region", "channel"],
            ["timestamp"], []),
        new("reviews", ["review_id", "user_id", "item_id", "timestamp", "rating", "title", "text", "category"], ["timestamp"], []),
    }.ToImmutableDictionary(table => table.Name, StringComparer.Ordinal);

    public static ImmutableArray<DemoTable> Of(DemoShop shop) => [Products(shop), Customers(shop), Events(shop), Reviews(shop)];

    private static DemoTable Products(DemoShop shop) => Filled("products",
        [.. shop.Products.Select(product => new object?[]
        {
            product.Id, product.Name, product.Chinese, Catalogue.Categories[product.Category].Name, product.Brand,
            Amount(product.PriceOn(DemoCalendar.Days - 1)), Amount(product.Cost), product.Description,
        })]);

    private static DemoTable Events(DemoShop shop) => Filled("events",
        [.. shop.Events.Select(row => new object?[]
        {
            row.User, row.Type, row.Product?.Id, row.BadTime is null ? row.Second : row.BadTime, row.Product is null ? null : Catalogue.Categories[row.Product.Category].Name,
            Amount(row.Price), row.Quantity is { } quantity ? (long)quantity : null, Amount(row.Discount), row.Order?.Number, row.Coupon, row.Search, row.Device, row.Region, row.Channel,
        })]);

    private static DemoTable Reviews(DemoShop shop) => Filled("reviews",
        [.. shop.Reviews.Select((review, place) => new object?[]
        {
            ReviewId(place), review.User, review.Product.Id, review.Second, (long)review.Stars, review.Title, review.Text, Catalogue.Categories[review.Product.Category].Name,
        })]);

    public static string ReviewId(int place) => string.Create(CultureInfo.InvariantCulture, $"r{place + 1}");

    private static DemoTable Customers(DemoShop shop)
    {
        var buyers = shop.Events.Where(row => row.Type == "purchase" && row.User is not null).Select(row => row.User!).ToHashSet(StringComparer.Ordinal);
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var row in shop.Events)
        {
            if (row.User is not null) seen.TryAdd(row.User, row.Second);
        }
        return Filled("customers",
            [.. shop.Shoppers
                .Where(truth => seen.ContainsKey(truth.Shopper.Id) && (truth.Shopper.HasAccount || buyers.Contains(truth.Shopper.Id)))
                .Select(truth => CustomerRow.Of(truth.Shopper, seen[truth.Shopper.Id], new SteadyRandom((ulong)shop.Seed, 100_000 + (ulong)truth.Shopper.Number)))]);
    }

    private static DemoTable Filled(string table, IReadOnlyList<object?[]> rows) => Shapes[table] with { Rows = rows };

    internal static string? Amount(int? cents) => cents is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? "-" : "")}{Math.Abs(value) / 100}.{Math.Abs(value) % 100:00}")
        : null;
}
