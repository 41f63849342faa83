using System.Text.Json;
using System.Text.Json.Nodes;

namespace MerchantStudio.Core.Currencies;

/// <summary>Which way round rates are quoted.</summary>
public enum RateQuoting
{
    /// <summary>What one unit of the currency is worth in the base currency: 1 USD = 0.92 EUR is 0.92 in a shop that counts in EUR.</summary>
    PerUnit,

    /// <summary>How much of the currency one unit of the base currency buys, as the European Central Bank quotes: 1 EUR = 1.087 USD is 1.087.</summary>
    PerBase,
}

/// <summary>How a shop gives its exchange rates; kept under "rates" in the workspace's settings.</summary>
/// <param name="Quoting">Null until the merchant has been asked.</param>
/// <param name="HoldDays">For how many days without a rate of their own the last one stays in force, 0 to 31.</param>
public sealed record RateSettings(RateQuoting? Quoting, int HoldDays)
{
    public const int MostHoldDays = 31;

    private const string Key = "rates";

    /// <summary>Banks publish no rates from Good Friday to Easter Monday: four days.</summary>
    public static RateSettings Default { get; } = new(null, 4);

    public static RateSettings Of(string? settingsJson)
    {
        if (settingsJson is null || JsonNode.Parse(settingsJson)?[Key] is not { } kept) return Default;
        var settings = kept.Deserialize<RateSettings>(JsonSerializerOptions.Web);
        return settings is { HoldDays: >= 0 and <= MostHoldDays } ? settings : Default;
    }

    /// <summary>The settings with these in place of the former ones; everything else in them stays.</summary>
    internal string IntoSettings(string? settingsJson)
    {
        var settings = settingsJson is null ? [] : JsonNode.Parse(settingsJson)?.AsObject() ?? [];
        settings[Key] = JsonSerializer.SerializeToNode(this, JsonSerializerOptions.Web);
        return settings.ToJsonString();
    }
}
