using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions;

/// <summary>Writes an offer as JSON and reads it back strictly: an unknown name, a missing part or a word that is none is a problem, never a guess.</summary>
public static class OfferJson
{
    internal static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IgnoreReadOnlyProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        MaxDepth = 8,
    };

    public static string Write(Offer offer)
    {
        ArgumentNullException.ThrowIfNull(offer);
        return JsonSerializer.Serialize(Written.Of(offer.Cleaned()), Options);
    }

    /// <summary>Reads the shape; whether the terms make sense is <see cref="RuleCheck"/>'s.</summary>
    public static Outcome<Offer> Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonSerializer.Deserialize<Written>(json, Options) is { } written ? written.ToOffer() : new RuleOfferUnreadable("$");
        }
        catch (JsonException exception)
        {
            return new RuleOfferUnreadable(exception.Path ?? "$");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape, shows itself only when the text is read.
            return new RuleOfferUnreadable("$");
        }
    }

    private sealed record Written
    {
        [JsonRequired, JsonIgnore(Condition = JsonIgnoreCondition.Never)] public AppState.OfferKind Kind { get; init; }
        public int? PercentBasisPoints { get; init; }
        public long? AmountMinor { get; init; }
        public long? CapMinor { get; init; }
        public long? MinimumMinor { get; init; }
        public OfferTarget Target { get; init; }
        public Choice? Include { get; init; }
        public Choice? Exclude { get; init; }
        public bool SaleItemsExcluded { get; init; }
        public DiscountBase Base { get; init; }
        public MinimumMeasure MinimumOn { get; init; }
        public BuyGetTerms? BuyGet { get; init; }
        public GiftTerms? Gift { get; init; }
        public Tier[]? Tiers { get; init; }

        public static Written Of(Offer offer) => new()
        {
            Kind = offer.Kind,
            PercentBasisPoints = offer.PercentBasisPoints,
            AmountMinor = offer.AmountMinor,
            CapMinor = offer.CapMinor,
            MinimumMinor = offer.MinimumSpendMinor,
            Target = offer.Target,
            Include = Choice.Of(offer.Include),
            Exclude = Choice.Of(offer.Exclude),
            SaleItemsExcluded = offer.SaleItemsExcluded,
            Base = offer.Base,
            MinimumOn = offer.MinimumOn,
            BuyGet = offer.BuyGet is { } turn
                ? new BuyGetTerms { Buy = turn.Buy, Get = turn.Get, PercentBasisPoints = turn.PercentBasisPoints, MostTurns = turn.MostTurns, GetFrom = Choice.Of(turn.GetFrom) } : null,
            Gift = offer.Gift is { } gift ? new GiftTerms { ItemId = gift.ItemId, Name = gift.Name, ValueMinor = gift.ValueMinor } : null,
            Tiers = offer.Tiers.IsDefaultOrEmpty ? null : [.. offer.Tiers.Select(tier => new Tier { FromMinor = tier.FromMinor, PercentBasisPoints = tier.PercentBasisPoints, AmountMinor = tier.AmountMinor })],
        };

        public Offer ToOffer() => new(Kind, PercentBasisPoints, AmountMinor, CapMinor, MinimumMinor)
        {
            Target = Target,
            Include = Include?.ToChoice(),
            Exclude = Exclude?.ToChoice(),
            SaleItemsExcluded = SaleItemsExcluded,
            Base = Base,
            MinimumOn = MinimumOn,
            BuyGet = BuyGet is { } turn ? new BuyGet(turn.Buy, turn.Get, turn.PercentBasisPoints, turn.MostTurns, turn.GetFrom?.ToChoice()) : null,
            Gift = Gift is { } gift ? new GiftItem(gift.ItemId, gift.Name, gift.ValueMinor) : null,
            Tiers = [.. (Tiers ?? []).Select(tier => new OfferTier(tier.FromMinor, tier.PercentBasisPoints, tier.AmountMinor))],
        };
    }

    private sealed record Choice
    {
        public string[]? Categories { get; init; }
        public string[]? Brands { get; init; }
        public string[]? Items { get; init; }

        public static Choice? Of(ItemChoice? choice) => choice is null || choice.IsEmpty ? null : new Choice { Categories = Names(choice.Categories), Brands = Names(choice.Brands), Items = Names(choice.Items) };

        public ItemChoice ToChoice() => new([.. Categories ?? []], [.. Brands ?? []], [.. Items ?? []]);

        private static string[]? Names(System.Collections.Immutable.ImmutableArray<string> names) => names.IsDefaultOrEmpty ? null : [.. names];
    }

    private sealed record BuyGetTerms
    {
        [JsonRequired] public int Buy { get; init; }
        [JsonRequired] public int Get { get; init; }
        [JsonRequired] public int PercentBasisPoints { get; init; }
        public int? MostTurns { get; init; }
        public Choice? GetFrom { get; init; }
    }

    private sealed record GiftTerms
    {
        [JsonRequired] public string ItemId { get; init; } = "";
        [JsonRequired] public string Name { get; init; } = "";
        [JsonRequired, JsonIgnore(Condition = JsonIgnoreCondition.Never)] public long ValueMinor { get; init; }
    }

    private sealed record Tier
    {
        [JsonRequired, JsonIgnore(Condition = JsonIgnoreCondition.Never)] public long FromMinor { get; init; }
        public int? PercentBasisPoints { get; init; }
        public long? AmountMinor { get; init; }
    }
}
