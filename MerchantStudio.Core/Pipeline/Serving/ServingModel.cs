using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;

namespace MerchantStudio.Core.Pipeline.Serving;

/// <summary>The version in use for a forecast, ready to answer. Immutable.</summary>
internal abstract record ServingModel(ModelVersion Version)
{
    public int HorizonDays { get; } = ModelRegistry.HorizonOf(Version);

    private double Threshold { get; } = PipelineJson.Read<ModelFigures>(Version.MetricsJson).Test.Threshold;

    /// <returns>Null where it has no answer for this shopper.</returns>
    public LiveChance? Chance(ServingRow row, bool withReasons) =>
        Score(row, withReasons) is { } score ? new LiveChance(HorizonDays, score.Probability, score.Low, score.High, Threshold, Version.Number, Version.Family, score.Reasons) : null;

    protected abstract IntentScore? Score(ServingRow row, bool withReasons);
}

/// <summary>A model of the studio, which is asked when somebody wants to know.</summary>
internal sealed record OwnServingModel(ModelVersion Version, IntentModel Model) : ServingModel(Version)
{
    protected override IntentScore? Score(ServingRow row, bool withReasons) => withReasons ? Model.Score(row.Features, CancellationToken.None).Scores[0] : Model.ScoreOne(row.Features);
}

/// <summary>A model that the merchant brought. It runs in a process of its own, which takes too long to wait for, so its chances are worked out when features change.</summary>
/// <param name="Published">By row of the snapshot; null for a shopper that it was not asked about.</param>
/// <param name="Changed">Of shoppers whose features have changed since, with the moment of the features that it was asked about.</param>
internal sealed record BroughtServingModel(ModelVersion Version, ImmutableArray<IntentScore?> Published, ImmutableDictionary<string, (DateTimeOffset AsOf, IntentScore Score)> Changed) : ServingModel(Version)
{
    protected override IntentScore? Score(ServingRow row, bool withReasons) =>
        Changed.TryGetValue(row.UserId, out var known) ? known.Score : row.Index is { } index ? Published[index] : null;
}

/// <param name="Index">In the rows of the run; null for somebody who has come since.</param>
/// <param name="Features">One row.</param>
internal sealed record ServingRow(string UserId, int? Index, DateTimeOffset AsOf, bool IsLive, FeatureMatrix Features);
