using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Reviews;

/// <summary>The sentiment stage: learns from the merchant's own stars or labels, checks itself on held-out reviews and scores every review.</summary>
public sealed class SentimentPipeline(ModelStore models, TimeProvider time)
{
    /// <summary>Writes next_review_scores (also when there is nothing to learn from: then it is empty).</summary>
    /// <param name="bounds">Edited star bounds; null for 1-2 negative, 3 neutral, 4-5 positive.</param>
    /// <param name="progress">0 to 1 over training and scoring.</param>
    /// <returns>The report, or what is missing; a problem here does not stop the rest of a pipeline.</returns>
    public Task<Outcome<SentimentReport>> RunAsync(WarehouseSession session, SentimentBounds? bounds, int seed, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        _ = (models, time);
        throw new NotImplementedException();
    }
}
