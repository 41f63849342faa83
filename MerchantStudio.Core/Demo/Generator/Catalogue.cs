using System.Collections.Immutable;
using System.Globalization;

namespace MerchantStudio.Core.Demo.Generator;

/// <param name="Elasticity">Planted: a price one percent higher loses about this many percent of the article's draws.</param>
internal sealed record Category(string Name, double Elasticity, ImmutableArray<Article> Articles);

/// <param name="Price">Usual price in cents.</param>
internal sealed record Article(string Name, string Chinese, int Price);

/// <param name="Quality">Planted, 0 to 1: what reviews and refunds come from.</param>
/// <param name="Popularity">Weight inside the category.</param>
/// <param name="Prices">Price in cents from a day on, ascending by day.</param>
internal sealed record Product(
    string Id, string Name, string Chinese, int Category, string Noun, string ChineseNoun, string Brand, string Description,
    int BasePrice, int Cost, double Quality, double Popularity, ImmutableArray<(int FromDay, int Cents)> Prices)
{
    public int PriceOn(int day)
    {
        var cents = BasePrice;
        foreach (var (from, price) in Prices)
        {
            if (from <= day) cents = price;
        }
        return cents;
    }
}

internal static class Catalogue
{
    public static readonly ImmutableArray<Category> Categories =
    [
        new("Bedding", 1.1, [new("duvet cover", "被套", 7990), new("fitted sheet", "床笠", 4490), new("pillowcase", "枕套", 1990), new("summer quilt", "夏被", 8990), new("wool blanket", "毛毯", 11990)]),
        new("Bath", 1.6, [new("bath towel", "浴巾", 2490), new("hand towel", "毛巾", 1190), new("bathrobe", "浴袍", 6990), new("bath mat", "浴室地垫", 2990)]),
        new("Kitchen", 2.2, [new("tea towel", "茶巾", 1090), new("apron", "围裙", 3290), new("oven glove", "隔热手套", 1790), new("bread bag", "面包袋", 1490)]),
        new("Table", 1.4, [new("tablecloth", "桌布", 5990), new("napkin set", "餐巾套装", 2790), new("table runner", "桌旗", 3390), new("placemat", "餐垫", 1290)]),
        new("Living", 0.9, [new("cushion cover", "抱枕套", 2490), new("throw", "盖毯", 7990), new("rug", "地毯", 14990), new("pouf", "坐墩", 9990)]),
        new("Window", 0.7, [new("curtain", "窗帘", 6990), new("sheer curtain", "纱帘", 4990), new("roman blind", "罗马帘", 8990)]),
        new("Kids", 1.2, [new("baby blanket", "婴儿毯", 3990), new("cot sheet", "婴儿床单", 2290), new("play mat", "游戏垫", 6490), new("sleeping bag", "儿童睡袋", 5490)]),
        new("Outdoor", 1.8, [new("picnic blanket", "野餐毯", 4990), new("deckchair cover", "躺椅套", 2990), new("garden cushion", "花园靠垫", 2290)]),
    ];

    private static readonly (string Name, string Chinese, int Percent)[] Cloths =
        [("linen", "亚麻", 120), ("cotton", "纯棉", 90), ("wool", "羊毛", 135), ("hemp", "汉麻", 110), ("bamboo", "竹纤维", 95), ("recycled", "再生棉", 85)];

    private static readonly (string Name, string Chinese)[] Colours =
        [("chalk", "粉白"), ("moss", "苔绿"), ("clay", "陶土"), ("indigo", "靛蓝"), ("oat", "燕麦"), ("plum", "梅紫"), ("slate", "石板灰"), ("honey", "蜜黄")];

    private static readonly string[] Brands = ["Lark & Linden", "Nordhaus Weavers", "Mühlbach", "Casa Tessile", "Atelier Brume", "素织"];

    private static readonly string[] Notes =
        ["Woven in small batches.", "Washed before it leaves the mill.", "Made to be used every day.", "Softer after each wash.", "Comes in a cotton bag.", "Dyed without heavy metals."];

    public static ImmutableArray<Product> Draw(SteadyRandom random)
    {
        var products = ImmutableArray.CreateBuilder<Product>();
        for (var category = 0; category < Categories.Length; category++)
        {
            foreach (var article in Categories[category].Articles)
            {
                var cloth = random.Below(Cloths.Length);
                for (var variant = 0; variant < 6; variant++)
                {
                    products.Add(One(random, products.Count, category, article, (cloth + variant) % Cloths.Length));
                }
            }
        }
        return products.ToImmutable();
    }

    private static Product One(SteadyRandom random, int number, int category, Article article, int clothNumber)
    {
        var cloth = Cloths[clothNumber];
        var colour = random.Pick(Colours);
        var price = Shelf(article.Price * cloth.Percent / 100 * random.Between(92, 110) / 100);
        var prices = ImmutableArray.CreateBuilder<(int, int)>();
        foreach (var day in (ReadOnlySpan<int>)[60, 150, 240, 320])
        {
            if (random.Chance(0.30)) prices.Add((day + random.Below(40), Shelf(price * random.Between(82, 118) / 100)));
        }
        var name = string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(colour.Name[0])}{colour.Name[1..]} {cloth.Name} {article.Name}");
        return new(
            string.Create(CultureInfo.InvariantCulture, $"P{number + 101}"), name, colour.Chinese + cloth.Chinese + article.Chinese, category, article.Name, article.Chinese,
            random.Pick(Brands), $"{name}. {random.Pick(Notes)}", price, price * random.Between(38, 58) / 100,
            Math.Min(0.98, Math.Max(0.15, 0.72 + 0.18 * random.Bell())), SteadyMath.Exp(0.8 * random.Bell()), prices.ToImmutable());
    }

    /// <summary>Prices end in 90 cents.</summary>
    private static int Shelf(int cents) => Math.Max(cents / 100, 4) * 100 + 90;
}
