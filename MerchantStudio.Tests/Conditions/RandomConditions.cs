using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Conditions;

namespace MerchantStudio.Tests.Conditions;

/// <summary>Random trees and shoppers with nulls, ties and borders on purpose: values come from a handful, so that equalities are common.</summary>
/// <param name="basket">Trees ask about the basket too, and shoppers have one.</param>
internal sealed class RandomConditions(int seed, ImmutableArray<Guid> saved, bool basket = false, bool segments = true)
{
    public static readonly DateTimeOffset AsOf = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Words = ["red", "blue", "Öl", "茶", "a'b", ""];
    private static readonly double[] Shares = [0, 0.1, 0.25, 0.5, 0.75, 1];
    private readonly Random _random = new(seed);

    private ImmutableArray<ConditionAttribute> Attributes => [.. ConditionCatalog.Attributes.Where(attribute => basket || attribute.Scope == AttributeScope.Shopper)];

    public Condition Tree(int depth = 0)
    {
        switch (_random.Next(depth >= 4 ? 6 : 10))
        {
            case 6:
                return new AllOf(Parts(depth));
            case 7:
                return new AnyOf(Parts(depth));
            case 8 or 9:
                return new Not(Tree(depth + 1));
            case 0:
                var type = Pick(["order", "view", "purchase"]);
                var category = type != "order" && _random.Next(3) == 0 ? Pick(["red", "茶"]) : null;
                return new EventCount(type, Pick([ConditionOperator.AtLeast, ConditionOperator.AtMost]), _random.Next(4), _random.Next(2) == 0 ? null : _random.Next(1, 60), category);
            case 1:
                return new CategoryInterest(Pick(["red", "茶"]), Pick(Shares));
            case 2 when basket && _random.Next(2) == 0:
                var pieces = _random.Next(2) == 0;
                return new BasketHolds(Pick(Enum.GetValues<BasketPart>()), [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Pick(["red", "茶", "b"]))],
                    pieces ? _random.Next(1, 4) : null, pieces ? null : Pick([0.01m, 12.3456m, 60m]));
            case 2:
                return new InSegment([.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => SegmentKey())]);
            default:
                return Comparison();
        }
    }

    public ShopperFacts Facts(int number) => new()
    {
        UserId = string.Create(CultureInfo.InvariantCulture, $"shopper {number}"),
        FirstSeen = Moment(),
        LastSeen = Moment(),
        FirstOrderAt = Moment(),
        LastOrderAt = Moment(),
        Orders = Whole(5),
        Spent = Amount(),
        AverageOrder = Amount(),
        Refunded = Amount(),
        OpenCartValue = Amount(),
        LastCartAt = Moment(),
        Sessions30Days = Whole(4),
        Views30Days = Whole(4),
        Intent1 = Share(),
        Intent7 = Share(),
        Intent30 = Share(),
        RfmGroup = Null() ? null : Pick(["at_risk", "loyal", "prospects"]),
        RfmGroup8 = Null() ? null : Pick(["important_keep", "general_value"]),
        R = Whole(5),
        F = Whole(5),
        M = Whole(5),
        Cluster = Null() ? null : _random.Next(1, 4),
        Sentiment = Null() ? null : Pick([-1, -0.5, 0, 0.25, 1]),
        Device = Word(),
        Region = Word(),
        Channel = Word(),
        TopCategory = Word(),
        HasEmail = Null() ? null : _random.Next(2) == 0,
        EmailConsent = Null() ? null : _random.Next(2) == 0,
        Events = [.. Enumerable.Range(0, _random.Next(6)).Select(_ => new ShopperEvent(Pick(["view", "purchase", "search"]), Moment() ?? AsOf, Null() ? null : Pick(["red", "茶"])))],
        PaidOrders = [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Moment() ?? AsOf)],
        Basket = basket && !Null() ? Basket() : null,
        Interests = ((string[])["red", "茶"]).Where(_ => !Null()).ToImmutableDictionary(category => category, _ => Pick(Shares)),
    };

    private BasketFacts Basket() => BasketFacts.Of(Enumerable.Range(0, _random.Next(1, 4)).Select(_ => new BasketLine(Pick(["a", "b"]), Null() ? null : Pick(["red", "茶"]), Null() ? null : Pick(["red", "b"]),
        _random.Next(1, 3), Pick([0m, 9.99m, 10m, 60m]), _random.Next(2) == 0, Null() ? null : _random.Next(4))), Word(), AsOf.AddHours(_random.Next(200)), TimeZoneInfo.Utc);

    private ImmutableArray<Condition> Parts(int depth) => [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Tree(depth + 1))];

    private Comparison Comparison()
    {
        var attribute = Pick<ConditionAttribute>(Attributes.AsSpan());
        var comparison = Pick<ConditionOperator>(attribute.Operators.AsSpan());
        ImmutableArray<string> values = comparison switch
        {
            ConditionOperator.Known => [],
            ConditionOperator.Between => [Value(attribute.Kind), Value(attribute.Kind)],
            ConditionOperator.WithinDays or ConditionOperator.MoreThanDaysAgo => [Pick(["0", "1", "7", "30"])],
            ConditionOperator.Before or ConditionOperator.Since => [Pick(["2026-03-13", "2026-03-20", "2025-12-31"])],
            ConditionOperator.Is when attribute.Kind == AttributeKind.Weekday => [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Value(attribute.Kind))],
            ConditionOperator.Is when attribute.Kind == AttributeKind.Choice => [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Pick(Words))],
            _ => [Value(attribute.Kind)],
        };
        return new Comparison(attribute.Key, comparison, values);
    }

    private string Value(AttributeKind kind) => kind switch
    {
        AttributeKind.Count => Pick(["0", "1", "2", "3"]),
        AttributeKind.Money => Pick(["-1.5", "0", "10", "12.3456", "60"]),
        AttributeKind.Probability => Pick(["0", "0.1", "0.25", "0.5", "1"]),
        AttributeKind.Sentiment => Pick(["-1", "-0.5", "0", "0.25"]),
        AttributeKind.Score => Pick(["1", "2", "3", "5"]),
        AttributeKind.Weekday => Pick(["1", "5", "7"]),
        AttributeKind.Hour => Pick(["0", "9", "18", "23"]),
        AttributeKind.Flag => Pick(["true", "false"]),
        _ => Pick(Words),
    };

    private string SegmentKey() => _random.Next(4) switch
    {
        0 => $"rfm:{Pick(["at_risk", "loyal", "champions"])}",
        1 => $"rfm8:{Pick(["important_keep", "general_value"])}",
        2 => Pick(["cluster:1", "cluster:2"]),
        _ when !segments => "cluster:3",
        _ => $"saved:{Pick<Guid>(saved.AsSpan()):D}",
    };

    private bool Null() => _random.Next(4) == 0;

    // Whole days around the borders, one microsecond off now and then, and midnights of the store's zone.
    private DateTimeOffset? Moment() => Null() ? null : Pick([AsOf, AsOf.AddDays(-1), AsOf.AddDays(-7), AsOf.AddDays(-7).AddMicroseconds(-1), AsOf.AddDays(-30), AsOf.AddDays(-200),
        new DateTimeOffset(2026, 3, 12, 23, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 12, 22, 59, 59, TimeSpan.Zero)]);

    private long? Whole(int below) => Null() ? null : _random.Next(below);

    private decimal? Amount() => Null() ? null : Pick([-1.5m, 0m, 9.99m, 10m, 12.3456m, 60m]);

    private double? Share() => Null() ? null : Pick(Shares);

    private string? Word() => Null() ? null : Pick(Words);

    private T Pick<T>(params ReadOnlySpan<T> values) => values[_random.Next(values.Length)];
}
