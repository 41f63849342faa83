using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Identities;

namespace MerchantStudio.Core.Pipeline.Upkeep;

/// <summary>
/// What a run saw is kept in tables named upkeep_*, small beside the events: a count and a mark for each block of a file's lines, who is known as whom, the
/// catalogue's categories, and what else a shopper's rows depend on besides themselves.
/// </summary>
internal static class UpkeepSql
{
    public const string Touched = "upkeep_touched";

    /// <summary>4096 lines of an import, which are told to have changed together; one number, because looking up two costs four times as much.</summary>
    private static string Block(string table) => $"(cast({table}.import_id as bigint) << 32) + ({table}.source_line >> 12)";

    /// <summary>Rows come and go, and never change in place once their import is complete; so their places say it all.</summary>
    public static readonly string Blocks = $"select {Block("e")} as block, count(*) as lines, sum(hash(source_line) >> 16) as mark from events e where import_id is not null and source_line is not null group by 1";

    public const string Aliases = $"""
        with {IdentitySql.Joined}
        select visitor.alias, coalesce(guest.customer, visitor.customer) as shopper from joined visitor left join joined guest on guest.alias = visitor.customer
        """;

    public const string Catalogue = "select item_id, min(category) as category, min(brand) as brand from products where item_id is not null group by item_id";

    public const string Contacts = """
        select user_id, email_hash is not null or email_protected is not null as has_email, email_consent from (
            select *, row_number() over (partition by user_id order by import_id desc, source_line desc) as place from customers where user_id is not null) c
        where place = 1
        """;

    /// <summary>$1, $2: e-mail hashes of the shop's own people and of testers, a line each.</summary>
    public const string Listed = """
        select distinct user_id from customers where user_id is not null and email_hash in (
            select unnest(string_split(cast($1 as varchar) || chr(10) || cast($2 as varchar), chr(10))))
        """;

    /// <summary>Rows that cleaning left out, for steps in which one row decides about others.</summary>
    public static readonly string LeftOut = $"""
        select coalesce(a.shopper, e.named) as user_id, e.import_id, e.source_line, e.order_id
        from (select {CleaningSql.Named} as named, import_id, source_line, order_id from events e) e left join next_upkeep_aliases a on a.alias = e.named
        anti join next_clean_events c on c.import_id = e.import_id and c.source_line = e.source_line
        where e.named is not null
        """;

    public const string ChangedBlocks = """
        create temp table upkeep_changed as
        select coalesce(f.block, o.block) as block from upkeep_fresh_blocks f full join upkeep_blocks o on o.block = f.block
        where f.lines is distinct from o.lines or f.mark is distinct from o.mark
        """;

    /// <summary>Shoppers whose rows came or went, who became or were somebody else, or whose rows count otherwise than before. $1, $2: from when to when an event was in the future.</summary>
    public static readonly string TouchedShoppers = $"""
        create temp table {Touched} as
        select distinct shopper from (
            select coalesce(a.shopper, e.named) as shopper from (
                select {CleaningSql.Named} as named from events e where {Block("e")} in (select block from upkeep_changed)
                union all select {CleaningSql.Named} from events e where e.ts > cast($1 as timestamp) and e.ts <= cast($2 as timestamp)) e
            left join next_upkeep_aliases a on a.alias = e.named
            union all select user_id from clean_events c where {Block("c")} in (select block from upkeep_changed)
            union all select user_id from upkeep_left_out c where {Block("c")} in (select block from upkeep_changed)
            union all select unnest([coalesce(n.alias, o.alias), o.shopper, n.shopper]) from next_upkeep_aliases n full join upkeep_aliases o on o.alias = n.alias where n.shopper is distinct from o.shopper
            union all select c.user_id from clean_events c where c.item_id in (
                select coalesce(n.item_id, o.item_id) from next_upkeep_catalogue n full join upkeep_catalogue o on o.item_id = n.item_id
                where n.category is distinct from o.category or n.brand is distinct from o.brand)
            union all select coalesce(n.user_id, o.user_id) from next_upkeep_contacts n full join upkeep_contacts o on o.user_id = n.user_id
                where n.has_email is distinct from o.has_email or n.email_consent is distinct from o.email_consent
            union all select coalesce(n.user_id, o.user_id) from next_upkeep_listed n full join upkeep_listed o on o.user_id = n.user_id where n.user_id is null or o.user_id is null) t
        """;

    /// <summary>Everybody, where something has changed on which all amounts depend.</summary>
    public static readonly string Everybody = $"""
        create temp table {Touched} as
        select distinct coalesce(a.shopper, e.named) as shopper from (select {CleaningSql.Named} as named from events e) e left join next_upkeep_aliases a on a.alias = e.named
        union select user_id from clean_events
        """;

    /// <summary>Whoever shares an order with a touched shopper, for the step that leaves out whole orders.</summary>
    public static readonly string SharedOrders = $"""
        insert into {Touched}
        with orders as (
            select e.order_id, coalesce(a.shopper, e.named) as shopper
            from (select order_id, {CleaningSql.Named} as named from events e where order_id is not null) e left join next_upkeep_aliases a on a.alias = e.named
            union select order_id, user_id from clean_events where order_id is not null
            union select order_id, user_id from upkeep_left_out where order_id is not null)
        select distinct shopper from orders where order_id in (select order_id from orders o join {Touched} t on t.shopper is not distinct from o.shopper)
            and not exists (select 1 from {Touched} t where t.shopper is not distinct from orders.shopper)
        """;

    /// <summary>Where the touched shoppers' raw rows are; a table of its own, because only a plain column spares reading the others of rows that are not wanted.</summary>
    public static readonly string Places = $"""
        create temp table upkeep_places as
        select e.row_no from (select {CleaningSql.Named} as named, e.rowid as row_no from events e) e left join next_upkeep_aliases a on a.alias = e.named
        where exists (select 1 from {Touched} t where t.shopper is not distinct from coalesce(a.shopper, e.named))
        """;

    /// <summary>
    /// The touched shoppers' raw rows under the name that cleaning reads: a temporary table goes before the one it is named after, so that the very same
    /// statements serve a whole run and upkeep.
    /// </summary>
    public const string RawRows = "create temp table events as select * from events e where e.rowid in (select row_no from upkeep_places)";

    /// <summary>What the published table held of the touched shoppers.</summary>
    public static readonly string FormerRows = $"""
        create temp table upkeep_former as
        select user_id, shopper_no, ts, event_type, item_id, quantity, amount, discount, currency, original from clean_events where {IsTouched("clean_events")}
        """;

    /// <summary>Shoppers keep their numbers; new ones get the next.</summary>
    public const string Numbers = """
        create temp table upkeep_numbers as
        with known as (select user_id, min(shopper_no) as shopper_no from upkeep_former group by user_id)
        select n.user_id, coalesce(k.shopper_no, cast((select coalesce(max(shopper_no), 0) from clean_events) + row_number() over (partition by k.shopper_no is null order by n.user_id) as integer)) as shopper_no
        from (select distinct user_id from next_clean_events where user_id is not null) n left join known k on k.user_id = n.user_id
        """;

    public static string IsTouched(string table) => $"exists (select 1 from {Touched} t where t.shopper is not distinct from {table}.user_id)";
}
