using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Reviews;

namespace MerchantStudio.Core.Pipeline.Upkeep;

/// <summary>What a shop has set for segments, sentiment and training, which only a run takes in.</summary>
internal sealed record RunChoices(RfmCuts? Cuts, SentimentBounds? Sentiment, Preparation Preparation)
{
    public static RunChoices Of(Workspace shop) =>
        new(RfmCuts.FromSettings(shop.SettingsJson), PipelineSettings.Sentiment(shop), PreparationSettings.Of(shop.SettingsJson));
}
