using System.Collections.Immutable;

namespace MerchantStudio.Core.Demo.Generator;

/// <summary>A few rows that no shop wants and every shop has; their number is part of the truth.</summary>
internal static class BadRows
{
    public static readonly ImmutableArray<(string Kind, int Count)> Planted =
        [("bad_date", 9), ("negative_price", 7), ("no_shopper", 24), ("unknown_event", 14), ("duplicate", 31)];

    /// <summary>Views of one shopper within forty minutes, by no human hand.</summary>
    public const int BotViews = 240;

    public const string Bot = "u9001";

    private static readonly string[] BadDates = ["2026-02-30 10:15", "31.31.2026", "yesterday", "0000-00-00 00:00:00", "not a date"];

    /// <summary>Adds the rows in place; <paramref name="events"/> are in order of time before and after.</summary>
    public static void Plant(List<DemoEvent> events, SteadyRandom random)
    {
        var whole = events.Count;
        foreach (var (kind, count) in Planted)
        {
            for (var i = 0; i < count; i++)
            {
                var place = random.Below(whole);
                while (!IsWhole(events[place]) || (kind == "negative_price" && events[place].Type != "purchase")) place = random.Below(whole);
                var row = events[place];
                events.Insert(place + 1, kind switch
                {
                    "bad_date" => row with { BadTime = random.Pick(BadDates) },
                    "negative_price" => row with { Price = -row.Price, Order = new DemoOrder() },
                    "no_shopper" => row with { User = null, Order = row.Order is null ? null : new DemoOrder() },
                    "unknown_event" => row with { Type = random.Chance(0.5) ? "page_ping" : "scroll_depth", Order = null, Price = null, Quantity = null },
                    _ => row,
                });
            }
        }
    }

    private static bool IsWhole(DemoEvent row) =>
        row is { BadTime: null, User: not null and not Bot, Price: null or > 0, Type: not "page_ping" and not "scroll_depth" };

    /// <summary>The bot's rows, not yet in the order of time.</summary>
    public static IEnumerable<DemoEvent> BotVisit(ImmutableArray<Product> products, SteadyRandom random)
    {
        for (var i = 0; i < BotViews; i++)
        {
            yield return new DemoEvent(DemoCalendar.Second(311, 3 * 3600 + i * 10 + random.Below(9)), Bot, "view")
            {
                Product = random.Pick(products),
                Device = "desktop",
                Region = "AT-9",
                Channel = "direct",
            };
        }
    }
}
