using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

public enum LabelAnswer
{
    WillBuy,
    WillNotBuy,

    /// <summary>Takes the shopper off the list; nothing learns from it.</summary>
    CannotSay,
}

/// <summary>What a person foretells of a shopper on whom models disagree.</summary>
public sealed class ShopperLabel
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required string ShopperId { get; init; }
    public required int HorizonDays { get; init; }

    /// <summary>The answer is about the days from here on; what was known of the shopper ends here.</summary>
    public required DateTimeOffset Moment { get; init; }
    public required LabelAnswer Answer { get; init; }

    /// <summary>Why; null when none was given.</summary>
    public string? Note { get; init; }

    /// <summary>What each model said at that moment, as JSON.</summary>
    public required string ViewsJson { get; init; }
    public required string GivenBy { get; init; }

    /// <summary>Null for the demo visitor and the command line.</summary>
    public Guid? GivenById { get; init; }
    public required DateTimeOffset GivenAt { get; init; }
}
