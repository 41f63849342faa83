using System.Collections.Immutable;

namespace MerchantStudio.Core.Features.Cleaning;

public enum CleaningEffect
{
    /// <summary>The row does not take part; the raw row stays as imported.</summary>
    LeaveOut,

    /// <summary>The row takes part as an order placed but not paid, so it is no sale.</summary>
    CountAsCheckout,
}

public enum CleaningGroup
{
    Missing,
    Invalid,
    Duplicate,
    Outlier,
    Bots,
    Tests,
    Internal,
}

/// <summary>A figure that a step can be set to.</summary>
public sealed record CleaningLimit(double Default, double Least, double Most);

/// <summary>One named rule that may be switched on and off.</summary>
/// <param name="Key">Stable; its texts are <c>step.{key}.name</c> and <c>step.{key}.about</c> in Resources/Features.</param>
/// <param name="Limit">Null for a step without a figure.</param>
public sealed record CleaningStep(string Key, CleaningGroup Group, bool OnByDefault, CleaningEffect Effect = CleaningEffect.LeaveOut, CleaningLimit? Limit = null)
{
    public const string Duplicates = "duplicates";
    public const string LargeAmount = "large_amount";
    public const string LargeQuantity = "large_quantity";
    public const string BotRate = "bot_rate";
    public const string BotViews = "bot_views";
    public const string BotRegular = "bot_regular";
    public const string TestOrders = "test_orders";
    public const string InternalUsers = "internal_users";

    /// <summary>In the order in which they run unless the shop has set another: a row belongs to the first step that it meets.</summary>
    public static ImmutableArray<CleaningStep> All { get; } =
    [
        new("no_user", CleaningGroup.Missing, true),
        new("invalid_time", CleaningGroup.Invalid, true),
        new("future_time", CleaningGroup.Invalid, true),
        new("quantity_not_positive", CleaningGroup.Invalid, true),
        new("price_not_positive", CleaningGroup.Invalid, true),
        new("unpaid_order", CleaningGroup.Invalid, true, CleaningEffect.CountAsCheckout),
        new("no_item", CleaningGroup.Missing, false),
        new("no_price", CleaningGroup.Missing, false),
        new(Duplicates, CleaningGroup.Duplicate, false),
        new(InternalUsers, CleaningGroup.Internal, true),
        new(TestOrders, CleaningGroup.Tests, false),
        new(BotRate, CleaningGroup.Bots, false, Limit: new CleaningLimit(2000, 10, 1_000_000)),
        new(BotViews, CleaningGroup.Bots, false, Limit: new CleaningLimit(300, 10, 1_000_000)),
        new(BotRegular, CleaningGroup.Bots, false, Limit: new CleaningLimit(50, 5, 1_000_000)),
        new(LargeAmount, CleaningGroup.Outlier, false, Limit: new CleaningLimit(100, 2, 1_000_000)),
        new(LargeQuantity, CleaningGroup.Outlier, false, Limit: new CleaningLimit(1000, 2, 1_000_000)),
    ];

    /// <summary>Whether whole groups of rows must be looked at to tell: such a step sees only what earlier steps leave, so its place matters.</summary>
    public bool LooksAtOthers => Key is Duplicates or LargeAmount or BotRate or BotViews or BotRegular or TestOrders or InternalUsers;
}

/// <param name="Matching">Raw rows that meet the rule, whether or not it is on; null where a run did not look for them.</param>
/// <param name="Touched">Rows that it takes: those that no earlier step took; 0 when off.</param>
public sealed record CleaningStepCount(string Key, bool On, long? Matching, long Touched);

/// <summary>Sales with a customer, quantity and price above 0, after the steps that are on.</summary>
/// <param name="Revenue">Sum of price times quantity in the store's currency.</param>
public sealed record SalesCount(long Lines, long Customers, decimal Revenue);

/// <param name="Rows">Raw events.</param>
/// <param name="Kept">Rows that take part.</param>
/// <param name="Sales">Null when no sale has a price.</param>
/// <param name="Money">Null when nothing was asked about currencies.</param>
public sealed record CleaningReport(long Rows, long Kept, ImmutableArray<CleaningStepCount> Steps, SalesCount? Sales, MoneyReport? Money = null);
