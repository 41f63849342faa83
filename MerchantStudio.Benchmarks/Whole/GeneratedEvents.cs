using System.Globalization;
using System.Text;

namespace MerchantStudio.Benchmarks.Whole;

/// <summary>
/// An event file of 60 days with 11 columns, about 95 bytes a row and 38 shoppers for every 1,000 rows: visits of one to eight events, Chinese text, quoted
/// commas, doubled quotes; of every 3,000 rows one has a bad date, one is cut short and one is a purchase below zero, and every hundredth repeats an earlier one.
/// </summary>
internal sealed record GeneratedEvents(string Path, int Rows)
{
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>No event is later.</summary>
    public static DateTimeOffset End { get; } = Start.AddDays(61);

    private const int FaultEvery = 3_000;
    private const int BadDate = 7;
    private const int CutShort = 1_007;
    private const int BelowZero = 2_007;
    private const int RepeatEvery = 100;
    private const int Kept = 20;
    private const int Repeated = 50;

    private static readonly string[] Types = ["view", "view", "view", "view", "view", "view", "view", "view", "view", "search", "add_to_cart", "add_to_cart", "favorite", "purchase", "view", "view"];
    private static readonly string[] Devices = ["mobile", "mobile", "desktop", "app"];
    private static readonly string[] Regions = ["上海", "北京", "\"Berlin, Mitte\"", "Paris", "广州", "Wien"];
    private static readonly string[] Channels = ["search", "ads", "direct", "email"];

    public long BadDates => Planted(FaultEvery, BadDate);

    public long ShortRows => Planted(FaultEvery, CutShort);

    public long NegativePrices => Planted(FaultEvery, BelowZero);

    public long Duplicates => Planted(RepeatEvery, Repeated);

    public long CleanRows => Rows - BadDates - ShortRows - NegativePrices - Duplicates;

    public async Task WriteAsync()
    {
        var random = new Random(11);
        var shoppers = Math.Max(1, (int)(Rows * 38L / 1_000));
        await using var file = new StreamWriter(Path, append: false, new UTF8Encoding(false), 1 << 20);
        await file.WriteAsync("user_id,event_type,item_id,timestamp,category,brand,price,quantity,device,region,channel\n");
        var (shopper, at, left, kept) = (0, Start, 0, "");
        for (var row = 0; row < Rows; row++)
        {
            if (row % RepeatEvery == Repeated)
            {
                await file.WriteAsync(kept);
                continue;
            }

            if (left-- == 0) (shopper, at, left) = (random.Next(shoppers), Start.AddSeconds(random.Next(60 * 86_400)), random.Next(8));
            at = at.AddSeconds(10 + random.Next(600));
            var line = Line(random, row % FaultEvery, shopper, at);
            if (row % RepeatEvery == Kept) kept = line;
            await file.WriteAsync(line);
        }
    }

    private static string Line(Random random, int place, int shopper, DateTimeOffset at)
    {
        var item = random.Next(random.Next(50_000) + 1);
        var type = place == BelowZero ? "purchase" : Types[random.Next(Types.Length)];
        if (place == CutShort) return $"u{shopper},{type},item-{item}\n";
        var time = place == BadDate ? "2026-02-31T25:61:00Z" : at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var price = (place == BelowZero ? -1 : 1) * (1 + (item % 20_000)) / 100m;
        var category = item % 5 == 0 ? $"\"茶具, 杯子 {item % 60}\"" : $"类目{item % 300}";
        var brand = item % 7 == 0 ? $"\"Haus \"\"{item % 90}\"\"\"" : $"brand {item % 900}";
        return string.Create(CultureInfo.InvariantCulture,
            $"u{shopper},{type},item-{item},{time},{category},{brand},{price:0.00},{(type == "purchase" ? 1 + (item % 3) : 1)},{Devices[shopper % 4]},{Regions[shopper % 6]},{Channels[(shopper + at.Day) % 4]}\n");
    }

    private long Planted(int every, int place) => (Rows - place + every - 1) / every;
}
