using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Features.Identities;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features.Cleaning;

/// <summary>
/// Steps mark rows by their place in <c>events</c>: <see cref="LeftOut"/> holds those that no longer take part, <see cref="Relabelled"/> those that count
/// as checkouts. <see cref="Matched"/> holds the few rows that any step takes which can be told from a row alone, so that all events are looked at once
/// for all of these steps. All are temporary, so the events themselves are never touched.
/// </summary>
internal static class CleaningSql
{
    public const string LeftOut = "cleaning_left_out";
    public const string Relabelled = "cleaning_relabelled";
    /// <summary>What a line is usually worth in each currency, where a step asks for it.</summary>
    public const string Usual = "cleaning_usual";
    public const string CreateUsual = $"drop table if exists {Usual}; create temp table {Usual} (code varchar, worth double);";
    public const string ForgetUsual = $"delete from {Usual}";

    private const string Matched = "cleaning_matched";
    private const string Shoppers = "cleaning_shoppers";

    public const string CreateMarks = $"""
        drop table if exists {LeftOut}; drop table if exists {Relabelled}; drop table if exists {Matched}; drop table if exists {Shoppers};
        create temp table {LeftOut} (row_no bigint, step varchar);
        create temp table {Relabelled} (row_no bigint, step varchar);
        """;

    public const string DropMarks = $"drop table {LeftOut}; drop table {Relabelled}; drop table {Matched}; drop table if exists {Shoppers};";

    private static readonly string[] Marks = [LeftOut, Relabelled, Shoppers];

    /// <summary>Puts the marks where other connections see them; to be committed before they look.</summary>
    public static readonly string ShareMarks = string.Concat(Marks.Select(mark => $"drop table if exists work_{mark}; create table work_{mark} as select * from {mark};"));

    /// <summary>Gives a connection the shared marks under their own names.</summary>
    public static readonly string AdoptMarks = string.Concat(Marks.Select(mark => $"create temp view {mark} as select * from work_{mark};"));
    public static readonly string LeaveMarks = string.Concat(Marks.Select(mark => $"drop view {mark};"));
    public static readonly string UnshareMarks = string.Concat(Marks.Select(mark => $"drop table work_{mark};"));

    /// <summary>The columns that two identical lines share; where a row came from is not among them.</summary>
    private static readonly ImmutableArray<string> Content =
    [
        "user_id", "anonymous_id", "session_id", "ts", "event_type", "item_id", "item_name", "category", "brand", "price", "quantity", "discount", "currency", "order_id", "line_no",
        "coupon_code", "search_query", "device", "region", "channel", "message_id", "order_state", "properties",
    ];

    /// <summary>$1: the moment after which an event is in the future. $2: paid states as "|paid|shipped|". $3, $4: patterns and e-mail hashes, a line each; $5 a step's figure.</summary>
    private const string Parameters = """
        parameters as (
            select cast($1 as timestamp) as p_now, cast($2 as varchar) as p_paid_states, cast($3 as varchar) as p_patterns, cast($4 as varchar) as p_hashes, cast($5 as double) as p_limit)
        """;

    /// <summary>How even the pauses of a program are: their deviation as a share of their mean.</summary>
    private const string Evenness = "0.1";

    /// <summary>Null for a step that looks at other rows too.</summary>
    private static string? Condition(CleaningStep step) => step.Key switch
    {
        "no_user" => "shopper is null",
        "no_item" => "kind in ('view', 'add_to_cart', 'purchase') and item_id is null",
        "no_price" => "kind = 'purchase' and price is null",
        "invalid_time" => "(ts is null or ts < timestamp '1990-01-01')",
        "future_time" => "coalesce(ts > p_now, false)",
        "quantity_not_positive" => "coalesce(kind in ('purchase', 'refund') and quantity <= 0, false)",
        "price_not_positive" => "coalesce(kind = 'purchase' and price <= 0, false)",
        "unpaid_order" => "coalesce(kind = 'purchase' and position('|' || lower(trim(order_state)) || '|' in p_paid_states) = 0, false)",
        CleaningStep.LargeQuantity => "coalesce(kind in ('purchase', 'refund') and quantity > p_limit, false)",
        _ => null,
    };

    /// <summary>Who an event names; ids are stored without blanks around them, and an empty one not at all.</summary>
    public const string Named = "coalesce(e.user_id, e.anonymous_id)";

    /// <summary>The customer that a visitor without a name turned out to be, and the one that a guest is.</summary>
    private const string Customers = $"left join joined visitor on visitor.alias = {Named} left join joined guest on guest.alias = visitor.customer";

    /// <summary>All rows of <c>events</c> that still take part, with what they count as.</summary>
    private static string Rows(CleaningMarks marks) => $"""
        {(marks.Stitched ? IdentitySql.Joined + ",\n" : "")}rows as not materialized (
            select e.*, e.rowid as row_no, {(marks.Stitched ? $"coalesce(guest.customer, visitor.customer, {Named})" : Named)} as shopper, {Kind(marks)} as kind, p.*
            from events e cross join parameters p {(marks.Stitched ? Customers : "")} {LeftBy(marks, "e.rowid")})
        """;

    /// <summary>The rows of <see cref="Matched"/> that still take part, with what they count as.</summary>
    private static string MatchedRows(CleaningMarks marks) => $"""
        rows as not materialized (select e.*, {Kind(marks)} as kind, p.* from {Matched} e cross join parameters p {LeftBy(marks, "e.row_no")})
        """;

    private static string Kind(CleaningMarks marks) => marks.Relabelled ? "case when u.row_no is null then e.event_type else 'checkout' end" : "e.event_type";

    private static string LeftBy(CleaningMarks marks, string row) =>
        $"{(marks.Relabelled ? $"left join {Relabelled} u on u.row_no = {row}" : "")} {(marks.LeftOut ? $"anti join {LeftOut} l on l.row_no = {row}" : "")}";

    private const string Sold = """
        sold as (select row_no, upper(trim(currency)) as code, cast(price as double) * coalesce(quantity, 1) as worth, p_limit from rows where kind = 'purchase' and price > 0 and coalesce(quantity, 1) > 0)
        """;

    /// <summary>What a line of the rows that are left is usually worth in each currency.</summary>
    public static string MeasureUsual(CleaningMarks marks) => $"insert into {Usual} with {Parameters}, {Rows(marks)}, {Sold} select code, median(worth) as worth from sold group by code";

    /// <summary>The places of the rows that a step takes, as column row_no.</summary>
    private static string Taken(CleaningStep step, CleaningMarks marks) => step.Key switch
    {
        CleaningStep.Duplicates => $"""
            hashed as (select row_no, import_id, source_line, hash({string.Join(", ", marks.Filled.Where(Content.Contains).DefaultIfEmpty("ts"))}) as h from rows),
            taken as (
                select row_no
                from (select row_no, row_number() over (partition by h order by import_id, source_line) as place from hashed semi join (select h from hashed group by h having count(*) > 1) r using (h)) s
                where place > 1)
            """,
        CleaningStep.LargeAmount => $"{Sold}, taken as (select s.row_no from sold s join {Usual} u on u.code is not distinct from s.code where s.worth > s.p_limit * u.worth)",
        CleaningStep.BotRate => OfShoppers("select shopper from rows where shopper is not null and ts is not null group by shopper, date_trunc('day', ts), p_limit having count(*) > p_limit"),
        CleaningStep.BotViews => OfShoppers("""
            select shopper from rows where shopper is not null and ts is not null group by shopper, date_trunc('day', ts), p_limit
            having count(*) > p_limit and count(*) = count(*) filter (where kind in ('view', 'view_list', 'search'))
            """),
        CleaningStep.BotRegular => OfShoppers($"""
            select shopper from (
                select shopper, p_limit, date_trunc('day', ts) as day, extract(epoch from ts - lag(ts) over (partition by shopper, date_trunc('day', ts) order by ts)) as pause
                from rows where shopper is not null and ts is not null) pauses
            where pause is not null group by shopper, day, p_limit having count(*) >= p_limit and avg(pause) > 0 and stddev_pop(pause) < {Evenness} * avg(pause)
            """),
        CleaningStep.InternalUsers => OfShoppers("select id from listed_shoppers", Listed),
        CleaningStep.TestOrders => $"""
            {Listed},
            test_orders as (
                select distinct order_id from rows where order_id is not null and (order_id in (select id from listed_orders) or coupon_code in (select id from listed_coupons))
                union
                select order_id from rows where kind = 'purchase' and order_id is not null group by order_id having max(abs(price)) = 0),
            taken as (
                select row_no from rows
                where shopper in (select id from listed_shoppers) or order_id in (select order_id from test_orders) or coupon_code in (select id from listed_coupons))
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(step), step.Key, "This step can be told from a row alone."),
    };

    /// <summary>Ids that meet one of the patterns, or whose customer's address is among the hashes.</summary>
    private const string Listed = """
        patterns as (select pattern from (select unnest(string_split(p_patterns, chr(10))) as pattern from parameters) s where pattern <> ''),
        hashes as (select unnest(string_split(p_hashes, chr(10))) as hash from parameters),
        listed_shoppers as (
            select distinct id from (select distinct shopper as id from rows where shopper is not null) s join patterns q on s.id ilike q.pattern escape '\'
            union select user_id from customers where user_id is not null and email_hash in (select hash from hashes)),
        listed_orders as (select distinct id from (select distinct order_id as id from rows where order_id is not null) s join patterns q on s.id ilike q.pattern escape '\'),
        listed_coupons as (select distinct id from (select distinct coupon_code as id from rows where coupon_code is not null) s join patterns q on s.id ilike q.pattern escape '\')
        """;

    public static bool IsOfOneRow(CleaningStep step) => Condition(step) is not null;

    /// <summary>Sets aside the rows that any of these steps matches, all of which can be told from a row alone.</summary>
    public static string Match(IEnumerable<CleaningStep> steps, Func<CleaningStep, double> limit, CleaningMarks marks) => $"""
        create temp table {Matched} as with {Parameters}, {Rows(marks)}
        select row_no, shopper, event_type, item_id, ts, price, quantity, order_state from rows where {string.Join(" or ", steps.Select(step => WithLimit(step, limit(step))))}
        """;

    /// <summary>One row: all rows, then for each of these steps how many raw rows match.</summary>
    public static string Count(IEnumerable<CleaningStep> steps, Func<CleaningStep, double> limit) => $"""
        with {Parameters}, {MatchedRows(CleaningMarks.None)}
        select (select count(*) from events){string.Concat(steps.Select(step => $", count(*) filter (where {WithLimit(step, limit(step))})"))} from rows
        """;

    /// <summary>How many raw rows a step matches that looks at others too.</summary>
    public static string CountMatching(CleaningStep step, CleaningMarks marks) => $"with {Parameters}, {Rows(marks)}, {Taken(step, marks)} select count(*) from taken";

    /// <summary>Marks what a step that looks at others too takes of the rows that are left.</summary>
    public static string Mark(CleaningStep step, CleaningMarks marks) => $"""
        insert into {LeftOut}
        with {Parameters}, {Rows(marks)}, {Taken(step, marks)} select row_no, '{step.Key}' from taken
        """;

    /// <summary>Marks what steps of one effect take that can be told from a row alone: a row belongs to the first of them.</summary>
    public static string Mark(IReadOnlyList<CleaningStep> steps, Func<CleaningStep, double> limit, CleaningMarks marks) => $"""
        insert into {(steps[0].Effect == CleaningEffect.LeaveOut ? LeftOut : Relabelled)}
        with {Parameters}, {MatchedRows(marks)}
        select row_no, step from (select row_no, case {string.Concat(steps.Select(step => $"when {WithLimit(step, limit(step))} then '{step.Key}' "))}end as step from rows) marked where step is not null
        """;

    /// <summary>Numbers the shoppers of the kept rows in the order of their ids, those without one last, and deals them out to parts of about so many rows.</summary>
    public static string Number(CleaningMarks marks, long rowsOfPart) => string.Create(CultureInfo.InvariantCulture, $"""
        create temp table {Shoppers} as with {Parameters}, {Rows(marks)}
        select shopper, cast(row_number() over (order by shopper) as integer) as shopper_no, cast((sum(events) over (order by shopper rows unbounded preceding) - events) // {rowsOfPart} as integer) as part
        from (select shopper, count(*) as events from rows group by shopper) s
        """);

    public const string CountParts = $"select coalesce(max(part), 0) + 1 from {Shoppers}";

    /// <summary>Columns of the cleaned rows that some data never fill, with their types.</summary>
    private static ImmutableArray<(string Name, string Type)> Fillable { get; } =
    [
        ("item_id", "varchar"), ("category", "varchar"), ("brand", "varchar"), ("price", "decimal(18, 4)"), ("quantity", "integer"), ("discount", "decimal(18, 4)"), ("order_id", "varchar"),
        ("coupon_code", "varchar"), ("search_query", "varchar"), ("device", "varchar"), ("region", "varchar"), ("channel", "varchar"),
    ];

    /// <summary>One row: for each column of <see cref="Content"/> whether any event fills it, then whether the catalogue can fill a category or brand.</summary>
    private static readonly string Filled = $"select {string.Join(", ", Content.Select(column => $"exists (select 1 from events where {column} is not null)"))}, exists (select 1 from products where item_id is not null)";

    /// <summary>Looks up what of the rows is filled at all; nothing is marked yet.</summary>
    public static async Task<CleaningMarks> BeginAsync(WarehouseSession session, bool stitched, CancellationToken cancellationToken)
    {
        var filled = (await session.QueryAsync(Filled, row => Enumerable.Range(0, Content.Length + 1).Select(row.Boolean).ToArray(), [], cancellationToken).ConfigureAwait(false))[0];
        return new CleaningMarks(LeftOut: false, Relabelled: false, stitched, [.. Content.Where((_, column) => filled[column])], filled[^1]);
    }

    /// <summary>
    /// The kept rows of a part's shoppers in order of shopper and time, with amounts in the shop's money, cut into sessions. $6 base currency, $7 zone, $8 days that
    /// a rate holds.
    /// </summary>
    /// <remarks>
    /// Wide rows are sorted once, by numbers: shopper_no stands for the shopper, and sessions are numbered from 2^32 times the part on. Columns that nothing fills are added behind the sort. The windows have no partition, so that they keep the order and stream behind the sort.
    /// </remarks>
    public static string Write(string table, bool create, int part, CleaningMarks marks, ShopMoney? money, bool converts, int gapMinutes)
    {
        var name = Sql.Identifier(table);
        var catalogued = marks.Catalogued;
        var (carried, empty) = (Fillable.Where(IsCarried).Select(column => ", " + Carried(column.Name)), Fillable.Where(column => !IsCarried(column)).Select(column => $", cast(null as {column.Type}) as {column.Name}"));
        bool IsCarried((string Name, string Type) column) => marks.Filled.Contains(column.Name) || (catalogued && IsOfCatalogue(column.Name));
        string Carried(string column) => catalogued && IsOfCatalogue(column) ? $"coalesce(v.{column}, c.{column}) as {column}" : "v." + column;
        var code = money is null ? "cast(null as varchar)" : converts ? "code" : "cast($6 as varchar)";
        string InBase(string amount) => converts ? $"case when code = $6 then {amount} else {BaseAmounts.Convert(amount, money!.Currency)} end" : amount;
        var gap = TimeSpan.FromMinutes(gapMinutes).Ticks / TimeSpan.TicksPerMicrosecond;
        return string.Create(CultureInfo.InvariantCulture, $"""
            {(create ? $"create table {name} as" : $"insert into {name}")}
            with {Parameters}, {Rows(marks)}{(converts ? ",\n" + BaseAmounts.Rates("$8", money!.Currency) : "")},
            catalogue as (select item_id, min(category) as category, min(brand) as brand from products where item_id is not null group by item_id),
            valued as (select *{(converts ? $", {BaseAmounts.Code("currency", "$6")} as code" : "")} from rows),
            ordered as (
                select s.shopper_no, v.shopper, v.ts, v.kind, v.import_id, v.source_line{string.Concat(carried)}{(converts ? ", v.code, r.num, r.den" : "")}
                from valued v join {Shoppers} s on s.shopper is not distinct from v.shopper and s.part = {part} {(catalogued ? "left join catalogue c on c.item_id = v.item_id" : "")}
                {(converts ? $"left join rates r on r.currency = v.code and r.day = {BaseAmounts.Day("v.ts", "$7")}" : "")}
                order by s.shopper_no, v.ts, v.import_id, v.source_line),
            whole as (select *{string.Concat(empty)} from ordered),
            marked as (
                select *, try_cast(price * coalesce(quantity, 1) as decimal(18, 4)) as gross,
                       case when shopper is not null and lag(shopper_no) over () = shopper_no and epoch_us(ts) - epoch_us(lag(ts) over ()) <= {gap} then 0 else 1 end as starts
                from whole)
            select shopper as user_id, ts, kind as event_type, item_id, category, brand, {InBase("price")} as price, quantity, {InBase("gross")} as amount, {InBase("discount")} as discount,
                   {code} as currency, try_cast(gross - case when kind = 'purchase' then coalesce(discount, 0) else 0 end as decimal(18, 4)) as original, order_id,
                   coupon_code, search_query, device, region, channel, cast({(long)part << 32} + sum(starts) over (rows unbounded preceding) as bigint) as session_no, import_id, source_line, shopper_no
            from marked
            """);
    }

    private static bool IsOfCatalogue(string column) => column is "category" or "brand";

    private static string OfShoppers(string shoppers, string? before = null) =>
        $"{(before is null ? "" : before + ",\n")}found(id) as ({shoppers}),\ntaken as (select row_no from rows where shopper in (select id from found))";

    private static string WithLimit(CleaningStep step, double limit) => Condition(step)!.Replace("p_limit", limit.ToString("R", CultureInfo.InvariantCulture), StringComparison.Ordinal);
}

/// <summary>Whether any row is marked yet, and any visitor known as a customer; joins with empty tables are spared.</summary>
/// <param name="Filled">Columns that any event fills; looking at the others is spared, too.</param>
/// <param name="Catalogued">Whether products can fill a category or brand.</param>
internal sealed record CleaningMarks(bool LeftOut, bool Relabelled, bool Stitched, ImmutableArray<string> Filled, bool Catalogued)
{
    public static CleaningMarks None { get; } = new(false, false, false, [], false);
}
