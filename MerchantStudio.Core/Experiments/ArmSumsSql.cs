namespace MerchantStudio.Core.Experiments;

/// <summary>The sums by the database instead of row by row.</summary>
public static class ArmSumsSql
{
    /// <summary>
    /// Over a relation experiment_people(arm, orders, revenue, margin, discount, send_cost, revenue_before, assigned_at) of minor units, whole ones but for the cost of messages, one row a person. $1: <see cref="ReadingRule.CutPercentile"/>.
    /// Columns come in the order of <see cref="ArmSums"/>, each pair of sums as x, y, xx, yy, xy and each single one as sum, squares.
    /// </summary>
    public const string Text =
        """
        with cut as (select quantile_cont(cast(revenue as double), $1) as most from experiment_people where revenue > 0),
        people as (
            select arm, orders, revenue, margin, discount, send_cost, assigned_at, revenue_before is null as is_new,
                cast(coalesce(revenue_before, 0) as double) as x,
                least(cast(revenue as double), coalesce(cut.most, cast(revenue as double))) as y,
                cast(margin - discount as double) as earned,
                case when revenue > cut.most then cut.most / revenue else 1 end as kept,
                case when revenue > cut.most then 1 else 0 end as is_cut
            from experiment_people cross join cut),
        figures as (select *, kept * earned - cast(send_cost as double) as profit, earned - cast(send_cost as double) as uncut, cast(orders as double) as o from people)
        select arm, count(*), count(*) filter (where orders > 0), cast(sum(orders) as bigint), cast(sum(revenue) as bigint), cast(sum(margin) as bigint), cast(sum(discount) as bigint),
            cast(round(sum(cast(send_cost as decimal(24, 4)))) as bigint), count(*) filter (where is_new), cast(sum(is_cut) as bigint),
            sum(x), sum(y), sum(x * x), sum(y * y), sum(x * y),
            sum(x), sum(profit), sum(x * x), sum(profit * profit), sum(x * profit),
            sum(uncut), sum(uncut * uncut),
            sum(o), sum(y), sum(o * o), sum(y * y), sum(o * y),
            min(assigned_at)
        from figures group by arm order by arm
        """;
}
