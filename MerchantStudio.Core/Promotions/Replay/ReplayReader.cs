using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>Reads what a replay needs of a warehouse, all in one transaction.</summary>
internal sealed class ReplayReader(WarehouseSession session)
{
    private static readonly ImmutableArray<string> Types = [.. ConditionCatalog.Events.Where(type => type != "order").Prepend("")];

    private const string Numbers = "select shopper_no, any_value(user_id) as user_id from clean_events where user_id is not null group by shopper_no";

    private const string ItemsSql = """
        create temp table replay_items as
        select cast(row_number() over (order by item_id, category, brand) - 1 as integer) as place, item_id, category, brand
        from (select distinct item_id, category, brand from clean_events where item_id is not null and user_id is not null) i
        """;

    /// <summary>The catalogue's names, costs and prices, numbered for the rows that follow.</summary>
    public async Task<ImmutableArray<ReplayItem>> ItemsAsync(CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(ItemsSql, [], cancellationToken).ConfigureAwait(false);
        return await session.QueryAsync(
            """
            select i.item_id, i.category, i.brand, cast(p.cost * 10000 as bigint), cast(p.price * 10000 as bigint)
            from replay_items i left join (select item_id, min(cost) as cost, min(price) as price from products where item_id is not null group by item_id) p on p.item_id = i.item_id
            order by i.place
            """,
            row => new ReplayItem(row.Text(0)!, row.Text(1), row.Text(2), row.LongOrNull(3), row.LongOrNull(4)), [], cancellationToken).ConfigureAwait(false);
    }

    public Task<long> CountAsync(ReplayNeeds needs, DateTimeOffset to, CancellationToken cancellationToken) =>
        session.ScalarAsync<long>($"select count(*) from clean_events e where {Filter(needs)}", [to], cancellationToken);

    /// <summary>All that lies before the end of the period, shopper by shopper in the order of time; a part holds whole shoppers. After <see cref="ItemsAsync"/>.</summary>
    public async IAsyncEnumerable<ReplayRow[]> RowsAsync(ReplayNeeds needs, DateTimeOffset to, int rowsOfPart, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var part = new List<ReplayRow>(rowsOfPart + 1024);
        await foreach (var batch in session.StreamAsync(Rows(needs), [to], cancellationToken).ConfigureAwait(false))
        {
            for (var row = 0; row < batch.Rows; row++)
            {
                var shopper = (int)batch.Longs(0)[row];
                if (part.Count >= rowsOfPart && part[^1].Shopper != shopper)
                {
                    yield return [.. part];
                    part.Clear();
                }

                part.Add(Row(batch, row, shopper));
            }
        }

        if (part.Count > 0) yield return [.. part];
    }

    /// <summary>Facts that keep no history, by the shopper's number.</summary>
    public async Task<Dictionary<int, ShopperFacts>> TodayAsync(ReplayNeeds needs, CancellationToken cancellationToken)
    {
        if (!needs.Profile) return [];
        var facts = (await session.QueryAsync(
            $"""
            select n.shopper_no, p.user_id, p.intent_1, p.intent_7, p.intent_30, p.rfm_group, p.rfm_group8, p.r, p.f, p.m, p.cluster, p.sentiment, p.top_category, p.has_email, p.email_consent
            from shopper_profile p join ({Numbers}) n on n.user_id = p.user_id
            """,
            row => (Number: row.Int(0), Facts: new ShopperFacts
            {
                UserId = row.Text(1)!,
                Intent1 = row.DoubleOrNull(2),
                Intent7 = row.DoubleOrNull(3),
                Intent30 = row.DoubleOrNull(4),
                RfmGroup = row.Text(5),
                RfmGroup8 = row.Text(6),
                R = row.LongOrNull(7),
                F = row.LongOrNull(8),
                M = row.LongOrNull(9),
                Cluster = row.LongOrNull(10),
                Sentiment = row.DoubleOrNull(11),
                TopCategory = row.Text(12),
                HasEmail = row.BooleanOrNull(13),
                EmailConsent = row.BooleanOrNull(14),
            }), [], cancellationToken).ConfigureAwait(false)).ToDictionary(row => row.Number, row => row.Facts);
        if (!needs.Interests) return facts;
        var interests = await session.QueryAsync(
            $"select n.shopper_no, i.category, i.share from category_interest i join ({Numbers}) n on n.user_id = i.user_id where i.category is not null and i.share is not null",
            row => (Number: row.Int(0), Category: row.Text(1)!, Share: row.Double(2)), [], cancellationToken).ConfigureAwait(false);
        foreach (var own in interests.GroupBy(interest => interest.Number))
        {
            if (facts.TryGetValue(own.Key, out var known)) facts[own.Key] = known with { Interests = own.ToImmutableDictionary(interest => interest.Category, interest => interest.Share) };
        }

        return facts;
    }

    /// <summary>The shoppers' numbers by their ids; only of those asked for.</summary>
    public async Task<Dictionary<string, int>> NumbersAsync(IReadOnlySet<string> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, int>();
        if (ids.Count == 0) return found;
        await foreach (var batch in session.StreamAsync(Numbers, [], cancellationToken).ConfigureAwait(false))
        {
            for (var row = 0; row < batch.Rows; row++)
            {
                if (batch.Text(1, row) is { } id && ids.Contains(id)) found[id] = (int)batch.Longs(0)[row];
            }
        }

        return found;
    }

    /// <summary>Which group each shopper is in, as of the last run.</summary>
    public async Task<Dictionary<int, ShopperGroups>> GroupsAsync(CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            $"""
            with people as (select user_id, gender, row_number() over (partition by user_id order by import_id desc, source_line desc) as place from customers where user_id is not null)
            select n.shopper_no, p.region, p.device, k.gender, p.average_order
            from shopper_profile p join ({Numbers}) n on n.user_id = p.user_id left join people k on k.user_id = p.user_id and k.place = 1
            """,
            row => (row.Int(0), new ShopperGroups(row.Text(1), row.Text(2), row.Text(3), row.DecimalOrNull(4))), [], cancellationToken).ConfigureAwait(false);
        return rows.ToDictionary(row => row.Item1, row => row.Item2);
    }

    private static ReplayRow Row(ColumnBatch batch, int row, int shopper) => new(
        shopper, batch.Longs(1)[row], Types[(int)batch.Longs(2)[row]], (int)batch.Longs(3)[row], (int)Math.Clamp(batch.Longs(4)[row], 0, int.MaxValue),
        batch.IsNull(5, row) ? null : batch.Longs(5)[row], batch.IsNull(6, row) ? null : batch.Longs(6)[row], batch.Longs(7)[row],
        batch.Text(8, row), batch.Longs(9)[row], batch.Text(10, row), batch.Text(11, row), batch.Text(12, row));

    private static string Filter(ReplayNeeds needs)
    {
        var types = needs.EventTypes.Union([ReplayRow.Purchase, ReplayRow.Refund, ReplayRow.Add, ReplayRow.Remove]).Where(ConditionCatalog.Events.Contains).Order(StringComparer.Ordinal);
        var wanted = needs.EveryEvent ? "" : $" and e.event_type in ({string.Join(", ", types.Select(type => $"'{type}'"))})";
        return $"e.user_id is not null and e.ts < $1{wanted} and not (e.event_type = 'refund' and e.amount is null and e.original is not null)";
    }

    private static string Rows(ReplayNeeds needs)
    {
        var type = string.Concat(Types.Skip(1).Select((name, index) => string.Create(CultureInfo.InvariantCulture, $" when '{name}' then {index + 1}")));
        string Asked(string attribute, string column) => needs.Uses(attribute) ? column : "cast(null as varchar)";
        return $"""
            select e.shopper_no, e.ts, case e.event_type{type} else 0 end, coalesce(i.place, -1), coalesce(e.quantity, 1),
                   cast(e.price * 10000 as bigint), cast(e.amount * 10000 as bigint), cast(coalesce(e.discount, 0) * 10000 as bigint),
                   case when e.event_type in ('purchase', 'refund') then e.order_id end, {(needs.Uses("sessions_30d") ? "e.session_no" : "cast(0 as bigint)")},
                   {Asked("device", "e.device")}, {Asked("region", "e.region")}, e.channel
            from clean_events e left join replay_items i on i.item_id = e.item_id and i.category is not distinct from e.category and i.brand is not distinct from e.brand
            where {Filter(needs)}
            order by e.shopper_no, e.ts, e.import_id, e.source_line
            """;
    }
}

/// <param name="AverageOrder">What the shopper pays for an order; null without priced orders.</param>
internal sealed record ShopperGroups(string? Region, string? Device, string? Gender, decimal? AverageOrder);
