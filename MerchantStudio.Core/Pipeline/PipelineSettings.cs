using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Reviews;

namespace MerchantStudio.Core.Pipeline;

/// <summary>What the shop has set for its runs.</summary>
internal static class PipelineSettings
{
    /// <summary>Steps switched on or off are kept under "cleaning" in the workspace's settings: {"cleaning": {"duplicates": true}}.</summary>
    public static CleaningSettings Cleaning(Workspace shop)
    {
        var switched = ImmutableDictionary.CreateBuilder<string, bool>();
        if (shop.SettingsJson is { Length: > 0 } json)
        {
            using var settings = JsonDocument.Parse(json);
            if (settings.RootElement.TryGetProperty("cleaning", out var cleaning) && cleaning.ValueKind == JsonValueKind.Object)
            {
                foreach (var step in cleaning.EnumerateObject().Where(step => step.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)) switched[step.Name] = step.Value.GetBoolean();
            }
        }

        return CleaningSettings.Default with { PaidStates = shop.PaidStates, Switched = switched.ToImmutable() };
    }

    /// <summary>Star bounds are kept under "sentiment": {"sentiment": {"negativeUpTo": 2, "positiveFrom": 4}}; null where they are absent or unsound.</summary>
    public static SentimentBounds? Sentiment(Workspace shop)
    {
        if (shop.SettingsJson is not { Length: > 0 } json) return null;
        using var settings = JsonDocument.Parse(json);
        if (!settings.RootElement.TryGetProperty("sentiment", out var kept)) return null;
        var bounds = kept.Deserialize<SentimentBounds>(PipelineJson.Options);
        return bounds is { IsSound: true } ? bounds : null;
    }
}
