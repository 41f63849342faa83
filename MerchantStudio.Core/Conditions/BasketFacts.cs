using System.Collections.Immutable;

namespace MerchantStudio.Core.Conditions;

/// <summary>What a condition may ask about the order that is about to be placed.</summary>
/// <param name="Channel">Where it is placed; null when unknown.</param>
/// <param name="At">When, by the clock of the store's zone.</param>
public sealed record BasketFacts(ImmutableArray<BasketLine> Lines, string? Channel, DateTimeOffset At)
{
    /// <param name="at">The moment of the order, in any zone.</param>
    public static BasketFacts Of(IEnumerable<BasketLine> lines, string? channel, DateTimeOffset at, TimeZoneInfo zone) => new([.. lines], channel, TimeZoneInfo.ConvertTime(at, zone));

    public decimal Total => Lines.Sum(line => line.Amount);

    public decimal TotalNotOnSale => Lines.Where(line => !line.OnSale).Sum(line => line.Amount);

    public long Pieces => Lines.Sum(line => line.Quantity);

    /// <summary>Of the lines whose stock is known; null when none is.</summary>
    public long? LowestStock => Lines.Min(line => line.Stock);

    /// <summary>Monday is 1, Sunday 7.</summary>
    public long Weekday => At.DayOfWeek == DayOfWeek.Sunday ? 7 : (long)At.DayOfWeek;
}

/// <param name="Amount">The whole line in the shop's currency.</param>
/// <param name="OnSale">Its price is lowered already.</param>
/// <param name="Stock">Pieces left; null when unknown.</param>
public sealed record BasketLine(string ItemId, string? Category, string? Brand, long Quantity, decimal Amount, bool OnSale = false, long? Stock = null)
{
    public bool IsOf(BasketPart part, string name) => part switch
    {
        BasketPart.Category => Category == name,
        BasketPart.Brand => Brand == name,
        _ => ItemId == name,
    };
}
