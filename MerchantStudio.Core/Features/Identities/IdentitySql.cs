namespace MerchantStudio.Core.Features.Identities;

/// <summary>$1: now. $2: the first live row to look at; null for all events. A shopper known by an address alone has its hash's first 16 letters as id.</summary>
internal static class IdentitySql
{
    /// <summary>Visitor and customer as one event names them both, the earliest event of each pair; claims say it outright.</summary>
    private const string Pairs = """
        said as (
            select anonymous_id as alias, user_id as customer, ts, event_type as kind, message_id, import_id, source_line
            from events where anonymous_id is not null and user_id is not null and ($2 is null or (import_id = 0 and source_line >= $2))
            union all
            select anonymous_id, user_id, ts, kind, message_id, 0, source_line from identity_claims where user_id is not null and ($2 is null or source_line >= $2)
            union all
            select distinct e.user_id, c.user_id, cast(null as timestamp), 'email', cast(null as varchar), cast(null as integer), cast(null as bigint)
            from customers c join events e on e.user_id = substr(c.email_hash, 1, 16)
            where $2 is null and c.email_hash is not null and c.user_id is not null),
        pairs as (
            select alias, customer, first(kind order by ts, source_line) as kind, first(message_id order by ts, source_line) as message_id,
                   first(import_id order by ts, source_line) as import_id, first(source_line order by ts, source_line) as source_line, min(ts) as ts
            from said where alias is not null and customer is not null and alias <> customer group by alias, customer),
        fresh as (
            select * from pairs p where not exists (select 1 from identities i where i.alias = p.alias and i.customer = p.customer))
        """;

    public const string CountFresh = $"with parameters as (select cast($1 as timestamp)), {Pairs} select count(*) from fresh";

    /// <summary>A visitor belongs to the first customer; one who is a customer herself belongs to nobody else.</summary>
    public const string Insert = $"""
        insert into identities
        with {Pairs},
        ranked as (select *, row_number() over (partition by alias order by ts, source_line, customer) as place from fresh)
        select r.alias, r.customer, coalesce(r.ts, cast($1 as timestamp)), r.kind, r.message_id, r.import_id, r.source_line, cast($1 as timestamp),
               case when r.kind <> 'email' and (r.alias in (select user_id from events where user_id is not null) or r.alias in (select user_id from customers where user_id is not null)) then 'known-customer'
                    when r.place > 1 or r.alias in (select alias from identities where refused is null and parted_at is null) then 'other-customer' end,
               null, null
        from ranked r
        """;

    /// <summary>What an import or an erased row said goes with it.</summary>
    public const string Forget = """
        delete from identities where source_line is not null
            and not exists (select 1 from events e where e.import_id = identities.import_id and e.source_line = identities.source_line)
            and not (import_id = 0 and source_line in (select source_line from identity_claims))
        """;

    public const string List = """
        with listed as (select * from identities order by ts desc, alias limit $1),
        counted as (
            select coalesce(user_id, anonymous_id) as alias, count(*) as events from events
            where coalesce(user_id, anonymous_id) in (select alias from listed) group by 1)
        select l.alias, l.customer, l.ts, l.kind, l.message_id, coalesce(l.import_id, 0), coalesce(c.events, 0), l.refused, l.parted_at, l.parted_by
        from listed l left join counted c on c.alias = l.alias order by l.ts desc, l.alias, l.customer
        """;

    /// <summary>What cleaning applies: each visitor's customer, and a guest's customer after that.</summary>
    public const string Joined = """
        joined as (select alias, min(customer) as customer from identities where refused is null and parted_at is null group by alias)
        """;
}
