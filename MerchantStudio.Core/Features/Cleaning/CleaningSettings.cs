using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Currencies;

namespace MerchantStudio.Core.Features.Cleaning;

/// <summary>What a shop has set for its cleaning; kept under "cleaning" in the workspace's settings.</summary>
/// <param name="Switched">Steps that differ from their default, by key.</param>
/// <param name="PaidStates">Order states that count as paid, separated by '|'; a sale without a state counts.</param>
public sealed record CleaningSettings(ImmutableDictionary<string, bool> Switched, string PaidStates)
{
    private const string Key = "cleaning";

    public static CleaningSettings Default { get; } = new(ImmutableDictionary<string, bool>.Empty, "paid|completed|processing|shipped|fulfilled|delivered|交易成功");

    /// <summary>Figures that differ from the steps' own, by key.</summary>
    public ImmutableDictionary<string, double> Limits { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Keys in the order in which they run; steps that are not named follow in their own order.</summary>
    public ImmutableArray<string> Order { get; init; } = [];

    /// <summary>The shop's own people: ids or e-mail addresses, with * for any letters.</summary>
    public ImmutableArray<string> Internal { get; init; } = [];

    /// <summary>Shoppers, order numbers and coupons that are tests, with * for any letters.</summary>
    public ImmutableArray<string> Tests { get; init; } = ["test", "test-*", "test_*", "test@*", "*+test@*", "*@example.com", "*@example.org", "*@example.net"];

    /// <summary>Keyed hashes of the plain e-mail addresses in <see cref="Internal"/> and <see cref="Tests"/>, to find customers by.</summary>
    public ImmutableArray<string> InternalHashes { get; init; } = [];

    /// <inheritdoc cref="InternalHashes"/>
    public ImmutableArray<string> TestHashes { get; init; } = [];

    /// <summary>In which money amounts are wanted; null takes them as written.</summary>
    public ShopMoney? Money { get; init; }

    /// <summary>A pause of more minutes than this ends a session.</summary>
    public int SessionGapMinutes { get; init; } = 30;

    /// <summary>Whether <see cref="CleaningSql.Usual"/> says already what a line is usually worth, because the rows at hand are too few to tell.</summary>
    internal bool KeepsUsual { get; init; }

    /// <summary>Rows that are sorted at once, in all lanes together, some 200 bytes each. Twice as many did not fit into an engine of 3 GB, though it can put rows by on the disk.</summary>
    internal long RowsOfPart { get; init; } = 10_000_000;

    /// <summary>All steps in the order in which they run.</summary>
    public ImmutableArray<CleaningStep> Steps =>
        [.. CleaningStep.All.OrderBy(step => Order.IndexOf(step.Key) is var place && place < 0 ? int.MaxValue : place)];

    public bool IsOn(CleaningStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Switched.GetValueOrDefault(step.Key, step.OnByDefault);
    }

    public double LimitOf(CleaningStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Limits.GetValueOrDefault(step.Key, step.Limit?.Default ?? 0);
    }

    /// <summary>The shop's own, or the defaults for whatever it has not set or what cannot be read.</summary>
    public static CleaningSettings Of(Workspace shop)
    {
        ArgumentNullException.ThrowIfNull(shop);
        var kept = shop.SettingsJson is { Length: > 0 } json && JsonNode.Parse(json)?[Key] is JsonObject found ? found.Deserialize<Kept>(JsonSerializerOptions.Web) : null;
        var settings = Default with { PaidStates = shop.PaidStates, Money = ShopMoney.Of(shop), SessionGapMinutes = shop.SessionGapMinutes };
        return kept is null ? settings : settings with
        {
            Switched = kept.Switched ?? settings.Switched,
            Limits = kept.Limits ?? settings.Limits,
            Order = kept.Order ?? [],
            Internal = kept.Internal ?? [],
            Tests = kept.Tests ?? settings.Tests,
            InternalHashes = kept.InternalHashes ?? [],
            TestHashes = kept.TestHashes ?? [],
        };
    }

    /// <summary>The workspace's settings with these in place of the former ones; everything else in them stays.</summary>
    internal string IntoSettings(string? settingsJson)
    {
        var settings = settingsJson is null ? [] : JsonNode.Parse(settingsJson)?.AsObject() ?? [];
        settings[Key] = JsonSerializer.SerializeToNode(new Kept(Switched, Limits, Order, Internal, Tests, InternalHashes, TestHashes), JsonSerializerOptions.Web);
        return settings.ToJsonString();
    }

    private sealed record Kept(
        ImmutableDictionary<string, bool>? Switched, ImmutableDictionary<string, double>? Limits, ImmutableArray<string>? Order,
        ImmutableArray<string>? Internal, ImmutableArray<string>? Tests, ImmutableArray<string>? InternalHashes, ImmutableArray<string>? TestHashes);
}
