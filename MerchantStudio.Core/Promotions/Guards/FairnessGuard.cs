using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions.Replay;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Promotions.Guards;

/// <summary>
/// Whether groups of shoppers are treated alike: who fits the condition now, counted on all published profiles, and how deep the discounts of the replay were. A group that
/// fares less than four fifths as well as the best, beyond chance, is a gap.
/// </summary>
/// <remarks>The four-fifths rule: Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D, 1978. Intervals of the logarithm of the ratio: Katz et al., Biometrics 34(3), 1978.</remarks>
internal static class FairnessGuard
{
    /// <summary>Fewer shoppers than this are not compared.</summary>
    public const long LeastShoppers = 30;
    public const double Fifths = 0.8;
    private const double NinetyPercent = 1.645;
    private const int GroupLimit = 20;

    private static readonly ImmutableDictionary<string, (ImmutableHashSet<string> Direct, ImmutableHashSet<string> Proxies)> Meanings =
        new Dictionary<string, (ImmutableHashSet<string>, ImmutableHashSet<string>)>
        {
            [GroupReaches.Loyalty] = (["orders", "first_order_at", "last_order_at", "rfm_f", "rfm_r", "order", "purchase", "rfm", "rfm8"],
                ["first_seen", "last_seen", "sessions_30d", "views_30d", "spent", "refunded", "rfm_m", "intent_1", "intent_7", "intent_30", "has_email", "email_consent", "sentiment", "cluster", "last_cart_at"]),
            [GroupReaches.Region] = (["region"], ["channel", "cluster"]),
            [GroupReaches.Device] = (["device"], ["channel", "cluster"]),
            [GroupReaches.Gender] = ([], ["top_category", "interest", "cluster", "category"]),
            [GroupReaches.PricePaid] = (["average_order", "spent", "rfm_m", "rfm8"], ["open_cart_value", "orders", "refunded", "top_category", "interest", "cluster", "rfm", "device"]),
        }.ToImmutableDictionary();

    /// <summary>For these a gap counts only when those who stay, or pay more, fare worse: a welcome for somebody new is no wrong done to the regulars unless they get less for it.</summary>
    private static readonly ImmutableDictionary<string, ImmutableHashSet<string>> Wronged =
        new Dictionary<string, ImmutableHashSet<string>> { [GroupReaches.Loyalty] = ["regular", "loyal"], [GroupReaches.PricePaid] = ["higher"] }.ToImmutableDictionary();

    public static DimensionUse UseOf(string dimension, Condition condition, ConditionContext context)
    {
        var names = ReplayNeeds.Lines(condition, context).SelectMany(NamesOf).ToHashSet();
        var (direct, proxies) = Meanings[dimension];
        return names.Any(direct.Contains) ? DimensionUse.Direct : names.Any(proxies.Contains) ? DimensionUse.ByProxy : DimensionUse.None;
    }

    /// <summary>How many shoppers there are in each group, and how many of them fit the condition now.</summary>
    public static async Task<ImmutableArray<(string Dimension, GroupFigure Figure)>> ReachAsync(WorkspaceWarehouse warehouse, Condition condition, ConditionContext context, CancellationToken cancellationToken)
    {
        var clause = ConditionSql.Compile(condition, context);
        var rows = await warehouse.QueryAsync(
            $"""
            with people as (select user_id, gender, row_number() over (partition by user_id order by import_id desc, source_line desc) as place from customers where user_id is not null),
            middle as (select median(average_order) as paid from shopper_profile where average_order is not null),
            answers as (
                select s.user_id, {clause.Text} as fits, coalesce(s.orders, 0) as orders, s.region, s.device, case when s.average_order < m.paid then 'lower' when s.average_order >= m.paid then 'higher' end as paid
                from shopper_profile s cross join middle m),
            groups as (
                select '{GroupReaches.Loyalty}' as dimension, case when orders = 0 then 'new' when orders < 3 then 'regular' else 'loyal' end as name, fits from answers
                union all select '{GroupReaches.Region}', region, fits from answers
                union all select '{GroupReaches.Device}', device, fits from answers
                union all select '{GroupReaches.Gender}', k.gender, a.fits from answers a join people k on k.user_id = a.user_id and k.place = 1
                union all select '{GroupReaches.PricePaid}', paid, fits from answers)
            select dimension, name, count(*), count(*) filter (where fits) from groups where name is not null group by 1, 2 order by 1, 3 desc, 2
            """,
            row => (Dimension: row.Text(0)!, new GroupFigure(row.Text(1)!, row.Long(2), row.Long(3), null)), clause.Parameters, cancellationToken).ConfigureAwait(false);
        return rows;
    }

    /// <param name="replayed">From a replay of the same terms; empty without one.</param>
    public static IEnumerable<FairnessFinding> Check(ImmutableArray<(string Dimension, GroupFigure Figure)> reach, ImmutableArray<GroupReach> replayed, Condition condition, ConditionContext context)
    {
        foreach (var dimension in (string[])[GroupReaches.Loyalty, GroupReaches.Region, GroupReaches.Device, GroupReaches.Gender, GroupReaches.PricePaid])
        {
            var depths = replayed.Where(group => group.Dimension == dimension).ToDictionary(group => group.Group);
            ImmutableArray<GroupFigure> groups = [.. reach.Where(group => group.Dimension == dimension)
                .Select(group => group.Figure with { DiscountShare = depths.GetValueOrDefault(group.Figure.Group) is { Uses: > 0 } found ? found.DiscountShare : null }).Take(GroupLimit)];
            if (groups.IsEmpty) continue;
            var large = groups.Where(group => group.Shoppers >= LeastShoppers).ToArray();
            var reached = GapOf(large.Select(ShareOf));
            var depth = GapOf(depths.Values.Where(group => group.Reached >= LeastShoppers).Select(group => new Share(group.Group, group.DiscountShare, group.DiscountShare, Math.Pow(group.DiscountError / group.DiscountShare, 2))));
            var usage = UseOf(dimension, condition, context);
            yield return new FairnessFinding(Worst(WeightOf(dimension, usage, reached), WeightOf(dimension, usage, depth)), dimension, usage, reached, depth, groups, groups.Length - large.Length);
        }
    }

    private static FindingWeight Worst(FindingWeight one, FindingWeight other) => one > other ? one : other;

    private static FindingWeight WeightOf(string dimension, DimensionUse usage, GroupGap? gap)
    {
        if (gap is null || gap.Ratio >= Fifths) return FindingWeight.Fine;
        if (Wronged.TryGetValue(dimension, out var wronged) && !wronged.Contains(gap.Worst)) return FindingWeight.Fine;
        return gap.Span.High < Fifths && usage != DimensionUse.None ? FindingWeight.NeedsJustification : FindingWeight.Warns;
    }

    private static GroupGap? GapOf(IEnumerable<Share> groups)
    {
        var ordered = groups.OrderBy(group => group.Value).ThenBy(group => group.Name, StringComparer.Ordinal).ToArray();
        if (ordered.Length < 2 || ordered[^1].Value <= 0) return null;
        var (worst, best) = (ordered[0], ordered[^1]);
        var middle = worst.Careful / best.Careful;
        var half = NinetyPercent * Math.Sqrt(worst.Variance + best.Variance);
        return new GroupGap(worst.Name, worst.Value, best.Name, best.Value, worst.Value / best.Value, new Span(worst.Value == 0 ? 0 : middle * Math.Exp(-half), middle * Math.Exp(half)));
    }

    /// <summary>Half a shopper is added to each side, so that a group nobody of which is reached has an interval too.</summary>
    private static Share ShareOf(GroupFigure group)
    {
        var careful = (group.Reached + 0.5) / (group.Shoppers + 1);
        return new Share(group.Group, group.ReachShare, careful, (1 - careful) / (group.Reached + 0.5));
    }

    /// <param name="Careful">What the interval is built around.</param>
    /// <param name="Variance">Of the logarithm.</param>
    private sealed record Share(string Name, double Value, double Careful, double Variance);

    private static IEnumerable<string> NamesOf(Condition line) => line switch
    {
        Comparison comparison => [comparison.Attribute],
        EventCount { Category: not null } count => [count.EventType, "category"],
        EventCount count => [count.EventType],
        CategoryInterest => ["interest"],
        InSegment { Keys: var keys } => keys.Select(key => key[..Math.Max(0, key.IndexOf(':', StringComparison.Ordinal))]),
        _ => [],
    };
}
