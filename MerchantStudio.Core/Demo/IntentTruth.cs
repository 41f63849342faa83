using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Demo;

/// <summary>Published purchase probabilities against the exact chances and the hidden thirty days.</summary>
internal static class IntentTruth
{
    private const int Top = 100;
    private const int MissesShown = 4;

    public static async Task<ImmutableArray<IntentScore>> MeasureAsync(WorkspaceWarehouse warehouse, ImmutableDictionary<string, TrueShopper> shoppers, CancellationToken cancellationToken)
    {
        if (!await warehouse.HasTableAsync("intent_scores", cancellationToken).ConfigureAwait(false)) return [];
        var published = await warehouse.QueryAsync(
            "select user_id, horizon_days, probability from intent_scores order by user_id",
            row => (UserId: row.Text(0)!, Days: row.Int(1), Probability: row.Double(2)), [], cancellationToken).ConfigureAwait(false);
        return
        [
            .. published.Where(row => shoppers.ContainsKey(row.UserId)).GroupBy(row => row.Days).OrderBy(horizon => horizon.Key)
                .Select(horizon => Judge(horizon.Key, [.. horizon.Select(row => (shoppers[row.UserId], row.Probability))])),
        ];
    }

    internal static IntentScore Judge(int days, ImmutableArray<(TrueShopper Shopper, double Probability)> scored)
    {
        var bought = scored.Select(row => row.Shopper.Bought(days) ? 1f : 0f).ToArray();
        var average = scored.Average(row => row.Shopper.Chance(days));
        return new(
            days, scored.Length, (int)bought.Sum(),
            BinaryMetrics.Auroc([.. scored.Select(row => (float)row.Probability)], bought),
            BinaryMetrics.Auroc([.. scored.Select(row => (float)row.Shopper.Chance(days))], bought),
            scored.Sum(row => row.Probability), scored.Sum(row => row.Shopper.Chance(days)),
            scored.OrderByDescending(row => row.Probability).Take(Top).Count(row => row.Shopper.Bought(days)),
            scored.OrderByDescending(row => row.Shopper.Chance(days)).Take(Top).Count(row => row.Shopper.Bought(days)),
            scored.Count(row => row.Shopper.Bought(days) && row.Shopper.Chance(days) < average),
            Misses(days, scored));
    }

    private static ImmutableArray<IntentMiss> Misses(int days, ImmutableArray<(TrueShopper Shopper, double Probability)> scored)
    {
        var overrated = scored.Where(row => !row.Shopper.Bought(days)).OrderByDescending(row => row.Probability - row.Shopper.Chance(days)).Take(MissesShown);
        var missed = scored.Where(row => row.Shopper.Bought(days)).OrderByDescending(row => row.Shopper.Chance(days) - row.Probability).Take(MissesShown);
        return [.. overrated.Concat(missed).Select(row => new IntentMiss(row.Shopper.UserId, row.Shopper.Kind, row.Shopper.Mind, row.Probability, row.Shopper.Chance(days), row.Shopper.Bought(days)))];
    }
}
