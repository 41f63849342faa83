namespace MerchantStudio.Core.Warehouse;

/// <summary>The base tables, made when a workspace is opened. Derived tables belong to the stages that write them.</summary>
/// <remarks>
/// All instants are UTC; a day is <c>cast((ts at time zone 'UTC') at time zone $tz as date)</c> in the store's zone.
/// <c>item_name</c> is the name on the line itself; the catalogue's is in products. <c>price</c> is one item's price. A refund is an event of type 'refund' with positive quantity.
/// Orders are events, too: their imports are marked in <c>imported.kind</c>. Each feature table is a table of its own, feature_rows_N, listed in <c>feature_tables</c>.
/// A row in <c>imported</c> is written in an import's own transaction: it says that the import is here, and whole.
/// <c>fx_rates</c> holds exchange rates as they were given: what a unit is worth in the base currency, or with per_base how much of the currency a base unit buys.
/// Events that came live carry import_id 0 and a running source_line. <c>live_position</c> says up to where the journal's rows are here.
/// <c>changed_orders</c> says from which live line on an order is as it was changed to, and which import changed it where a file did.
/// <c>identities</c> says which visitor without a name is which customer; cleaning applies it, raw rows keep the ids they came with.
/// <c>known_reviews</c> are the reviews with the customer whose each is.
/// The <c>replaced_</c> tables keep rows that a later import took the place of, until that one is undone.
/// </remarks>
internal static class WarehouseSchema
{
    public const string Sql = """
        create table if not exists events (
            user_id varchar, anonymous_id varchar, session_id varchar, ts timestamp, received_at timestamp,
            event_type varchar, item_id varchar, item_name varchar, category varchar, brand varchar, price decimal(18,4), quantity integer,
            discount decimal(18,4), currency varchar, order_id varchar, line_no integer, coupon_code varchar,
            search_query varchar, device varchar, region varchar, channel varchar, message_id varchar,
            order_state varchar, properties varchar, import_id integer, source_line bigint);
        create table if not exists products (
            item_id varchar, name varchar, category varchar, brand varchar, price decimal(18,4), cost decimal(18,4),
            description varchar, import_id integer, source_line bigint);
        create table if not exists customers (
            user_id varchar, name_protected varchar, email_protected varchar, email_hash varchar, phone_protected varchar,
            phone_hash varchar, country varchar, city varchar, gender varchar, birth_year integer, joined_at timestamp,
            email_consent boolean, import_id integer, source_line bigint);
        create table if not exists reviews (
            review_id varchar, user_id varchar, item_id varchar, ts timestamp, rating double, label varchar, title varchar,
            text varchar, category varchar, import_id integer, source_line bigint);
        create table if not exists rejects (
            import_id integer, source_line bigint, column_name varchar, value varchar, reason_code varchar, reason varchar);
        create table if not exists imported (import_id integer, report varchar);
        create table if not exists fx_rates (currency varchar, day date, rate decimal(18,12), per_base boolean);
        alter table imported add column if not exists kind varchar;
        create table if not exists feedback (
            user_id varchar, item_id varchar, ts timestamp, feedback_type varchar, value decimal(18,4), comment varchar, import_id integer, source_line bigint);
        create table if not exists ad_spend (
            ts timestamp, channel varchar, campaign varchar, spend decimal(18,4), currency varchar, impressions bigint, clicks bigint, import_id integer, source_line bigint);
        create table if not exists feature_tables (table_no integer, label varchar, columns varchar);
        create table if not exists live_position (segment bigint, position bigint, next_line bigint);
        create table if not exists changed_orders (order_id varchar, source_line bigint);
        alter table changed_orders add column if not exists import_id integer;
        create table if not exists live_minutes (minute timestamp, accepted bigint, rejected bigint, duplicates bigint);
        create table if not exists live_warnings (received_at timestamp, reason varchar, field varchar, value varchar, event varchar);
        create table if not exists identity_claims (anonymous_id varchar, user_id varchar, ts timestamp, kind varchar, message_id varchar, source_line bigint);
        create table if not exists identities (
            alias varchar, customer varchar, ts timestamp, kind varchar, message_id varchar, import_id integer, source_line bigint, made_at timestamp,
            refused varchar, parted_at timestamp, parted_by varchar);
        create view if not exists known_reviews as
            with joined as (select alias, min(customer) as customer from identities where refused is null and parted_at is null group by alias)
            select r.* replace (coalesce(guest.customer, visitor.customer, r.user_id) as user_id)
            from reviews r left join joined visitor on visitor.alias = r.user_id left join joined guest on guest.alias = visitor.customer;
        create table if not exists replaced_events as select e.*, cast(null as integer) as replaced_by from events e limit 0;
        alter table replaced_events add column if not exists replaced_line bigint;
        create table if not exists replaced_products as select p.*, cast(null as integer) as replaced_by from products p limit 0;
        alter table replaced_products add column if not exists replaced_line bigint;
        create table if not exists replaced_customers as select c.*, cast(null as integer) as replaced_by from customers c limit 0;
        alter table replaced_customers add column if not exists replaced_line bigint;
        create table if not exists replaced_reviews as select r.*, cast(null as integer) as replaced_by from reviews r limit 0;
        alter table replaced_reviews add column if not exists replaced_line bigint;
        create table if not exists replaced_feedback as select f.*, cast(null as integer) as replaced_by, cast(null as bigint) as replaced_line from feedback f limit 0;
        create table if not exists replaced_ad_spend as select a.*, cast(null as integer) as replaced_by, cast(null as bigint) as replaced_line from ad_spend a limit 0;
        """;
}
