using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Pipeline.SessionEnd;

namespace MerchantStudio.Core.Pipeline.Serving;

/// <summary>The version in use that tells whether a visit ends in a purchase, ready to answer. Immutable.</summary>
internal sealed record SessionServing(ModelVersion Version, SessionEndModel Model)
{
    private double Threshold { get; } = PipelineJson.Read<SessionEndMetrics>(Version.MetricsJson).Test.Threshold;

    /// <returns>Null where the model knows none of the visit's events.</returns>
    public VisitChance? Chance(OpenVisit visit, bool withReasons) => Model.Score(visit.Steps) is { } score
        ? new VisitChance(visit.Steps.Count, visit.LastAt, score.Probability, score.Low, score.High, Threshold, Version.Number, Version.Family, withReasons ? Model.Reasons(visit.Steps) : []) : null;
}
