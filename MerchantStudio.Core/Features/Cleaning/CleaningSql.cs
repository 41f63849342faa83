using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features.Cleaning;

/// <summary>$1: the moment after which an event is in the future. $2: paid states as "|paid|shipped|". $3: events a day of a bot.</summary>
internal static class CleaningSql
{
    /// <summary>The columns that two identical lines share; where a row came from is not among them.</summary>
    private const string Content = """
        user_id, anonymous_id, session_id, ts, event_type, item_id, item_name, category, brand, price, quantity, discount, currency, order_id, line_no,
        coupon_code, search_query, device, region, channel, message_id, order_state, properties
        """;

    private const string Parameters = "parameters as (select cast($1 as timestamp) as now, cast($2 as varchar) as paid_states, cast($3 as bigint) as bot_events)";

    /// <summary>Joins one row for each file line that repeats an earlier one, found by the hash of its content.</summary>
    private const string Repeats = $"""
        repeats as (
            select hash({Content}) as h, min(rowid) as first_row from events group by 1 having count(*) > 1)
        """;

    private const string Bots = """
        bots as (
            select distinct shopper from (
                select coalesce(nullif(trim(user_id), ''), nullif(trim(anonymous_id), '')) as shopper
                from events, parameters group by 1, date_trunc('day', ts), bot_events having count(*) > bot_events) b)
        """;

    private static string Condition(CleaningStep step) => step.Key switch
    {
        "no_user" => "shopper is null",
        "invalid_time" => "(ts is null or ts < timestamp '1990-01-01')",
        "future_time" => "coalesce(ts > now, false)",
        "quantity_not_positive" => "coalesce(event_type in ('purchase', 'refund') and quantity <= 0, false)",
        "price_not_positive" => "coalesce(event_type = 'purchase' and price <= 0, false)",
        "unpaid_order" => "coalesce(event_type = 'purchase' and position('|' || lower(trim(order_state)) || '|' in paid_states) = 0, false)",
        CleaningStep.Duplicates => "coalesce(row_no <> first_row, false)",
        "bot_like" => "bot is not null",
        _ => throw new ArgumentException($"No such step: {step.Key}.", nameof(step)),
    };

    /// <summary>One row: all rows, then for each step how many match and how many it takes.</summary>
    public static string Measure(CleaningSettings settings)
    {
        var counts = new List<string> { "count(*)" };
        var earlier = new List<string>();
        foreach (var step in CleaningStep.All)
        {
            var condition = Condition(step);
            counts.Add($"count(*) filter (where {condition})");
            counts.Add(settings.IsOn(step) ? $"count(*) filter (where {string.Join(" and ", [.. earlier, condition])})" : "cast(0 as bigint)");
            if (settings.IsOn(step) && step.Effect == CleaningEffect.LeaveOut) earlier.Add($"not {condition}");
        }

        return $"{Sources(_ => true)} select {string.Join(", ", counts)} from marked";
    }

    /// <summary>The kept rows in order of shopper and time, with an unpaid order's lines as checkouts.</summary>
    public static string Create(string table, CleaningSettings settings)
    {
        var on = CleaningStep.All.Where(settings.IsOn).ToList();
        var kept = on.Where(step => step.Effect == CleaningEffect.LeaveOut).Select(step => $"not {Condition(step)}");
        var unpaid = on.Where(step => step.Effect == CleaningEffect.CountAsCheckout).Select(Condition).SingleOrDefault("false");
        return $"""
            create table {Sql.Identifier(table)} as
            {Sources(settings.IsOn)},
            catalogue as (select item_id, min(category) as category, min(brand) as brand from products where item_id is not null group by item_id)
            select shopper as user_id, ts, case when {unpaid} then 'checkout' else event_type end as event_type, m.item_id,
                   coalesce(m.category, c.category) as category, coalesce(m.brand, c.brand) as brand, price, quantity, discount, order_id,
                   coupon_code, search_query, device, region, channel, import_id, source_line
            from marked m left join catalogue c on c.item_id = m.item_id
            where {string.Join(" and ", kept.DefaultIfEmpty("true"))}
            order by shopper, ts, import_id, source_line
            """;
    }

    /// <summary>Finding repeats and bots costs a pass each, so they are looked for only when wanted.</summary>
    private static string Sources(Func<CleaningStep, bool> wanted)
    {
        var repeats = wanted(CleaningStep.All.Single(step => step.Key == CleaningStep.Duplicates));
        var bots = wanted(CleaningStep.All.Single(step => step.Key == "bot_like"));
        return $"""
            with {Parameters}{(repeats ? ", " + Repeats : "")}{(bots ? ", " + Bots : "")},
            named as (
                select *, rowid as row_no, coalesce(nullif(trim(user_id), ''), nullif(trim(anonymous_id), '')) as shopper{(repeats ? $", hash({Content}) as h" : "")}
                from events),
            marked as (
                select n.*, p.*, {(repeats ? "first_row" : "cast(null as bigint)")} as first_row, {(bots ? "b.shopper" : "cast(null as varchar)")} as bot
                from named n cross join parameters p {(repeats ? "left join repeats using (h)" : "")} {(bots ? "left join bots b on b.shopper = n.shopper" : "")})
            """;
    }
}
