using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Planning;

namespace MerchantStudio.Core.Pipeline.NextItem;

/// <summary>What to train; the input of the job "next-item".</summary>
/// <param name="Plan">As it was shown before the start; it is kept to.</param>
public sealed record NextItemRequest(TrainingPlan Plan, int Seed = 1);

/// <summary>What was measured before the start.</summary>
/// <param name="Histories">To learn from.</param>
/// <param name="Judged">Shoppers with three products or more, whose last one tests.</param>
/// <param name="SecondsPerWeighing">For weighing one model's scores of all products for one history, of which a blend does very many.</param>
public sealed record NextItemMeasure(int Histories, int Judged, int Items, double OtherSeconds, double OtherMegabytes, ImmutableArray<FamilyCost> Costs, double SecondsPerWeighing = 0)
{
    /// <summary>A blend of the families, where there are two, comes last, and only if what they leave of the budget is enough for it.</summary>
    /// <param name="families">Keys of those wanted.</param>
    public TrainingPlan Plan(IReadOnlyCollection<string> families, ComputeBudget budget)
    {
        ImmutableArray<FamilyCost> costs = [.. Costs.Where(cost => families.Contains(cost.Family))];
        var plan = TrainingPlanner.Choose(costs, Histories, OtherSeconds, OtherMegabytes, budget);
        if (costs.Length < 2 || !plan.Fits) return plan;
        ImmutableArray<FamilyCost> parts = [.. costs.Where((_, index) => !plan.Families[index].IsLeftOut)];
        var blend = NextItemCost.Blend(parts, Histories, Judged, Items, SecondsPerWeighing);
        var fits = parts.Length > 1 && plan.Seconds + blend.Seconds <= budget.Seconds * TrainingPlanner.SafeShare && OtherMegabytes + blend.Megabytes <= budget.Megabytes;
        return plan with { Families = plan.Families.Add(fits ? blend : new PlannedFamily(blend.Family, 0, 0, 1, 0, 0)) };
    }
}

/// <summary>How well the next product is told, among all that the shopper had not met.</summary>
/// <param name="Rows">Shoppers judged.</param>
/// <param name="HitRate">Share whose next product was among the first ten.</param>
/// <param name="HitLow">Lower end of its 90 % interval (Wilson).</param>
/// <param name="HitHigh">Upper end.</param>
/// <param name="Ndcg">NDCG@10 with the one next product as relevant.</param>
/// <param name="Mrr">Mean of one over its place.</param>
public sealed record NextItemFigures(int Rows, double HitRate, double HitLow, double HitHigh, double Ndcg, double Mrr);

/// <summary>What a version's card says.</summary>
/// <param name="AllRows">Histories that there were.</param>
/// <param name="RowsHash">SHA-256 over products and histories.</param>
/// <param name="Stopped">Ended by the clock or by hand before it was done.</param>
/// <param name="Epochs">That a network learnt for, those behind its best one included; 0 for a model that is none.</param>
/// <param name="Parts">Families that it blends; null for one that blends none, and for blends of earlier versions of the program.</param>
public sealed record NextItemFacts(int Items, int Rows, int AllRows, string RowsHash, double Seconds, bool Stopped, int Epochs = 0, ImmutableArray<string>? Parts = null);

/// <param name="Validation">On the product before the last: by its NDCG@10 the leaderboard is ordered.</param>
/// <param name="Test">On the last product, looked at once.</param>
/// <param name="Popularity">What everybody being offered the same gives on the same test.</param>
public sealed record NextItemMetrics(NextItemFigures Validation, NextItemFigures Test, NextItemFigures Popularity);

/// <summary>What the list of versions knows of one.</summary>
public sealed record NextItemCard(NextItemFacts Facts, NextItemMetrics Metrics);

/// <param name="Number">In the registry.</param>
/// <param name="GivenUp">By NDCG@10; null where it saw all histories, or no time was left to look.</param>
public sealed record NextItemVersion(Guid ModelId, int Number, string Family, NextItemFacts Facts, NextItemMetrics Metrics, RowsGivenUp? GivenUp = null);

/// <summary>What a training of the next product brought about, best first.</summary>
/// <param name="Skipped">Families that the plan had, its blend among them, and for which no time was left.</param>
public sealed record NextItemReport(int Items, int Histories, int Seed, TrainingPlan Plan, NextItemFigures Popularity, ImmutableArray<NextItemVersion> Versions, ImmutableArray<string> Skipped, double Seconds);
