using System.Collections.Immutable;

namespace MerchantStudio.Core.Features.Cleaning;

public enum CleaningEffect
{
    /// <summary>The row does not take part; the raw row stays as imported.</summary>
    LeaveOut,

    /// <summary>The row takes part as an order placed but not paid, so it is no sale.</summary>
    CountAsCheckout,
}

/// <summary>One named rule that may be switched on and off.</summary>
/// <param name="Key">Stable; its texts are <c>step.{key}.name</c> and <c>step.{key}.about</c> in Resources/Features.</param>
public sealed record CleaningStep(string Key, bool OnByDefault, CleaningEffect Effect = CleaningEffect.LeaveOut)
{
    public const string Duplicates = "duplicates";

    /// <summary>In the order in which they run: a row belongs to the first step that it meets.</summary>
    public static ImmutableArray<CleaningStep> All { get; } =
    [
        new("no_user", true),
        new("invalid_time", true),
        new("future_time", true),
        new("quantity_not_positive", true),
        new("price_not_positive", true),
        new("unpaid_order", true, CleaningEffect.CountAsCheckout),
        new(Duplicates, false),
        new("bot_like", false),
    ];
}

/// <param name="Switched">Steps that differ from their default, by key.</param>
/// <param name="PaidStates">Order states that count as paid, separated by '|'; a sale without a state counts.</param>
/// <param name="BotEventsPerDay">More events than this on one day look like a program.</param>
public sealed record CleaningSettings(ImmutableDictionary<string, bool> Switched, string PaidStates, int BotEventsPerDay = 2000)
{
    public static CleaningSettings Default { get; } = new(ImmutableDictionary<string, bool>.Empty, "paid|completed|processing|shipped|fulfilled|delivered|交易成功");

    public bool IsOn(CleaningStep step) => Switched.GetValueOrDefault(step.Key, step.OnByDefault);
}

/// <param name="Matching">Raw rows that meet the rule, whether or not it is on.</param>
/// <param name="Touched">Rows that it takes: those that no earlier step took; 0 when off.</param>
public sealed record CleaningStepCount(string Key, bool On, long Matching, long Touched);

/// <summary>Sales with a customer, quantity and price above 0, after the steps that are on.</summary>
/// <param name="Revenue">Sum of price times quantity in the store's currency.</param>
public sealed record SalesCount(long Lines, long Customers, decimal Revenue);

/// <param name="Rows">Raw events.</param>
/// <param name="Kept">Rows that take part.</param>
/// <param name="Sales">Null when no sale has a price.</param>
public sealed record CleaningReport(long Rows, long Kept, ImmutableArray<CleaningStepCount> Steps, SalesCount? Sales);
