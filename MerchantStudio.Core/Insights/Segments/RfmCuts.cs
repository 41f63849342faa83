using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MerchantStudio.Core.Insights.Segments;

/// <summary>The four values between the five scores of each measure, ascending. A value equal to a cut falls on its lower side.</summary>
/// <param name="RecencyDays">Days since the last paid order; up to the first cut scores 5.</param>
/// <param name="Frequency">Paid orders; up to the first cut scores 1.</param>
/// <param name="Monetary">Net spend; empty without prices.</param>
public sealed record RfmCuts(ImmutableArray<double> RecencyDays, ImmutableArray<double> Frequency, ImmutableArray<double> Monetary)
{
    public const int CutsNeeded = 4;

    /// <summary>Null for the quintiles of the data.</summary>
    public static RfmCuts? FromSettings(string? settingsJson)
    {
        if (settingsJson is null || JsonNode.Parse(settingsJson)?["rfm"] is not { } rfm) return null;
        var cuts = rfm.Deserialize<RfmCuts>();
        return cuts is { IsSound: true } ? cuts : null;
    }

    /// <summary>The settings with these cuts, or with none, in place of the former ones; everything else in them stays.</summary>
    internal static string? IntoSettings(string? settingsJson, RfmCuts? cuts)
    {
        var settings = settingsJson is null ? [] : JsonNode.Parse(settingsJson)?.AsObject() ?? [];
        settings.Remove("rfm");
        if (cuts is not null) settings["rfm"] = JsonSerializer.SerializeToNode(cuts);
        return settings.Count == 0 ? null : settings.ToJsonString();
    }

    /// <summary>Four ascending values for each measure; spend may be left out.</summary>
    public bool IsSound => Sound(RecencyDays) && Sound(Frequency) && (Monetary.IsDefaultOrEmpty || Sound(Monetary));

    private static bool Sound(ImmutableArray<double> cuts) =>
        !cuts.IsDefault && cuts.Length == CutsNeeded && cuts.All(double.IsFinite) && cuts.Zip(cuts.Skip(1)).All(pair => pair.First <= pair.Second);
}
