using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Insights.Segments;

/// <summary>Scores recency, frequency and spend of everybody with a paid order and names the groups; writes next_rfm.</summary>
internal static class RfmTable
{
    /// <summary>First match; fm is (f + m) / 2, or f without prices.</summary>
    private const string GroupSql = """
        case when r is null then 'prospects'
             when fm >= 4 then case when r = 5 then 'champions' when r >= 3 then 'loyal' else 'previously_loyal' end
             when fm >= 2.5 then case when r >= 4 then 'active' when r = 3 then 'needs_attention' else 'at_risk' end
             else case when r = 5 then 'new' when r = 4 then 'promising' when r >= 2 then 'almost_lost' else 'dormant' end end
        """;

    /// <summary>High is at or above the mean; recency is high when the days are below it. Without prices spend follows frequency.</summary>
    private const string Group8Sql = """
        case when r is null then null else
             case when high_m then 'important_' else 'general_' end ||
             case when high_r and high_f then 'value' when high_r then 'develop' when high_f then 'keep' else 'win_back' end end
        """;

    public static async Task<(RfmCuts Cuts, RfmMeans Means, bool HasPrices)> WriteAsync(
        WarehouseSession session, DateTimeOffset asOf, RfmCuts? edited, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            """
            drop table if exists rfm_customers;
            create temp table rfm_customers(user_id VARCHAR, recency_days DOUBLE, frequency INTEGER, monetary DECIMAL(18,4));
            drop table if exists next_rfm;
            create table next_rfm(user_id VARCHAR, recency_days DOUBLE, frequency INTEGER, monetary DECIMAL(18,4), r INTEGER, f INTEGER, m INTEGER, group_key VARCHAR, group8_key VARCHAR);
            """, [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(
            """
            insert into rfm_customers
            select user_id, extract(epoch from cast($1 as timestamp) - max(ts)) / 86400.0, count(*),
                   case when (select count(*) from next_paid_orders where has_price) > 0 then coalesce(sum(net) filter (where has_price), 0) end
            from next_paid_orders where user_id is not null group by user_id
            """, [asOf], cancellationToken).ConfigureAwait(false);
        var (quintiles, means, hasPrices) = await MeasureAsync(session, cancellationToken).ConfigureAwait(false);
        var cuts = edited is null ? quintiles : edited with { Monetary = !hasPrices ? [] : edited.Monetary.IsDefaultOrEmpty ? quintiles.Monetary : edited.Monetary };
        if (cuts.RecencyDays.Length > 0)
        {
            await session.ExecuteAsync(
                $"""
                insert into next_rfm
                with scored as (
                    select user_id, recency_days, frequency, monetary,
                           5 - {Score("recency_days", 1)} as r, 1 + {Score("frequency", 5)} as f,
                           case when monetary is not null then 1 + {Score("cast(monetary as double)", 9)} end as m,
                           recency_days < $13 as high_r, frequency >= $14 as high_f, case when monetary is null then frequency >= $14 else cast(monetary as double) >= $15 end as high_m
                    from rfm_customers),
                valued as (select *, (f + coalesce(m, f)) / 2.0 as fm from scored)
                select user_id, recency_days, frequency, monetary, r, f, m, {GroupSql}, {Group8Sql} from valued
                """,
                [.. cuts.RecencyDays.Cast<object?>(), .. cuts.Frequency.Cast<object?>(), .. (hasPrices ? cuts.Monetary : cuts.Frequency).Cast<object?>(),
                    means.RecencyDays, means.Frequency, means.Monetary ?? 0.0], cancellationToken).ConfigureAwait(false);
        }

        await session.ExecuteAsync(
            """
            insert into next_rfm (user_id, frequency, group_key)
            select distinct user_id, 0, 'prospects' from next_clean_events where user_id is not null and user_id not in (select user_id from rfm_customers);
            drop table rfm_customers;
            """, [], cancellationToken).ConfigureAwait(false);
        return (cuts, means, hasPrices);
    }

    private static async Task<(RfmCuts Quintiles, RfmMeans Means, bool HasPrices)> MeasureAsync(WarehouseSession session, CancellationToken cancellationToken)
    {
        var columns = string.Join(", ", from measure in (string[])["recency_days", "cast(frequency as double)", "cast(monetary as double)"]
                                        from quintile in (double[])[0.2, 0.4, 0.6, 0.8]
                                        select string.Create(CultureInfo.InvariantCulture, $"percentile_disc({quintile}) within group (order by {measure})"));
        var rows = await session.QueryAsync(
            $"select avg(recency_days), avg(frequency), avg(cast(monetary as double)), count(monetary), count(*), {columns} from rfm_customers",
            row => row.Long(4) == 0
                ? (new RfmCuts([], [], []), new RfmMeans(null, null, null), false)
                : (new RfmCuts(Four(row, 5), Four(row, 9), row.Long(3) == 0 ? [] : Four(row, 13)), new RfmMeans(row.Double(0), row.Double(1), row.DoubleOrNull(2)), row.Long(3) > 0),
            [], cancellationToken).ConfigureAwait(false);
        return rows[0];
    }

    private static ImmutableArray<double> Four(WarehouseRow row, int first) => [row.Double(first), row.Double(first + 1), row.Double(first + 2), row.Double(first + 3)];

    /// <summary>How many of four cuts, given as parameters, the value is above.</summary>
    private static string Score(string column, int parameter) =>
        $"({string.Join(" + ", Enumerable.Range(parameter, 4).Select(index => string.Create(CultureInfo.InvariantCulture, $"(case when {column} > ${index} then 1 else 0 end)")))})";
}
