using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Ingestion;

/// <summary>How well the ids of two kinds of data meet.</summary>
/// <param name="From">The kind whose ids are looked up: events.</param>
/// <param name="To">The kind that should know them: products by item, customers by shopper.</param>
/// <param name="Ids">Different ids in the first.</param>
/// <param name="Matched">Those of them that the second knows.</param>
public sealed record JoinRate(DatasetKind From, DatasetKind To, long Ids, long Matched)
{
    /// <summary>0 to 1.</summary>
    public double Share => Ids == 0 ? 0 : (double)Matched / Ids;
}
