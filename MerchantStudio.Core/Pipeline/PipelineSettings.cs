using System.Text.Json;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Reviews;

namespace MerchantStudio.Core.Pipeline;

/// <summary>What the shop has set for its runs.</summary>
internal static class PipelineSettings
{
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
