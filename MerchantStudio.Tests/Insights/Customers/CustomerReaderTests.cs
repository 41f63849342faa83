using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Customers;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Insights.Customers;

public sealed class CustomerReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_list_searches_filters_sorts_and_pages()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        await FillAsync(studio, scope);
        var reader = studio.Get<CustomerReader>();
        var page = (await reader.ListAsync(scope, new CustomerQuestion(Order: CustomerOrder.Spent), 0, 2, Token)).Value;
        Assert.Equal((3, 3), (page.Total, page.All));
        Assert.Equal(["u1", "u2"], page.Rows.Select(row => row.ShopperId));
        Assert.Equal("u1", Assert.Single((await reader.ListAsync(scope, new CustomerQuestion("U1"), 0, 9, Token)).Value.Rows).ShopperId);
        Assert.Equal("u1", Assert.Single((await reader.ListAsync(scope, new CustomerQuestion("Marta@Example.test"), 0, 9, Token)).Value.Rows).ShopperId);
        Assert.Equal("u3", Assert.Single((await reader.ListAsync(scope, new CustomerQuestion(Buyers: false), 0, 9, Token)).Value.Rows).ShopperId);
    }

    [Fact]
    public async Task A_viewer_reads_masked_contacts_and_an_owner_whole_ones()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        await FillAsync(studio, scope);
        var reader = studio.Get<CustomerReader>();
        Assert.Equal("marta@example.test", (await reader.FindAsync(scope, new ShopperId("u1"), null, Token)).Value.Facts.Email);
        var viewer = scope with { Actor = new Actor("Vic", null, Role.Viewer) };
        var masked = (await reader.FindAsync(viewer, new ShopperId("u1"), null, Token)).Value.Facts;
        Assert.True(masked.Masked);
        Assert.Equal("m…a@example.test", masked.Email);
        Assert.DoesNotContain((await reader.ListAsync(viewer, new CustomerQuestion(), 0, 9, Token)).Value.Rows, row => row.Email == "marta@example.test");
    }

    [Fact]
    public async Task Support_looks_one_up_but_does_not_browse()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        await FillAsync(studio, scope);
        var support = scope with { Actor = new Actor("Sam", null, Role.Support) };
        var reader = studio.Get<CustomerReader>();
        Assert.Empty((await reader.ListAsync(support, new CustomerQuestion(), 0, 9, Token)).Value.Rows);
        Assert.NotEmpty((await reader.ListAsync(support, new CustomerQuestion("u1"), 0, 9, Token)).Value.Rows);
        Assert.Equal("u1", (await reader.FindAsync(support, new ShopperId("u1"), null, Token)).Value.Facts.ShopperId);
        Assert.Equal("access.refused", (await reader.SummaryAsync(support, Token)).Problem?.Code);
    }

    [Fact]
    public async Task One_customer_shows_orders_visits_reviews_chances_and_interests()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        await FillAsync(studio, scope);
        var view = (await studio.Get<CustomerReader>().FindAsync(scope, new ShopperId("u1"), null, Token)).Value;
        Assert.Equal(2, view.Orders.Length);
        Assert.Equal("Green tea", view.Orders[0].Products);
        Assert.Equal(10, view.Facts.GapDays!.Value, 3);
        Assert.Equal([TimelineKind.Review, TimelineKind.Cart, TimelineKind.Order, TimelineKind.Order], view.Timeline.Select(entry => entry.Kind));
        Assert.Equal(0.3, Assert.Single(view.Chances).Probability);
        Assert.Equal("orders", view.Chances[0].Reasons[0].Feature);
        Assert.Equal("Tea", Assert.Single(view.Interests).Category);
        Assert.Equal("customers.unknown", (await studio.Get<CustomerReader>().FindAsync(scope, new ShopperId("nobody"), null, Token)).Problem?.Code);
    }

    [Fact]
    public async Task A_basket_older_than_hundreds_of_visits_is_found_by_its_kind()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        await FillAsync(studio, scope);
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Token);
        await using (var session = await warehouse.BeginAsync(Token))
        {
            await session.ExecuteAsync(
                """
                insert into sessions select 10 + i, 'u1', timestamp '2026-04-02' + to_hours(cast(i as integer)), timestamp '2026-04-02' + to_hours(cast(i as integer)), 60, 1, 1, 0, 0, 'phone', 'x' from range(400) t(i)
                """, [], Token);
            await session.CommitAsync(Token);
        }

        var reader = studio.Get<CustomerReader>();
        var all = (await reader.FindAsync(scope, new ShopperId("u1"), null, Token)).Value;
        Assert.True(all.MoreBefore);
        Assert.All(all.Timeline, entry => Assert.Equal(TimelineKind.Visit, entry.Kind));
        Assert.Equal([TimelineKind.Order, TimelineKind.Cart, TimelineKind.Visit, TimelineKind.Review], all.Kinds);
        var baskets = (await reader.FindAsync(scope, new ShopperId("u1"), TimelineKind.Cart, Token)).Value;
        Assert.Equal(TimelineKind.Cart, Assert.Single(baskets.Timeline).Kind);
        Assert.False(baskets.MoreBefore);
        Assert.Equal(all.Kinds, baskets.Kinds);
        Assert.Equal(2, (await reader.FindAsync(scope, new ShopperId("u1"), TimelineKind.Order, Token)).Value.Timeline.Length);
    }

    [Fact]
    public async Task Before_the_first_run_it_says_what_to_do()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        Assert.Equal("customers.not-ready", (await studio.Get<CustomerReader>().SummaryAsync(scope, Token)).Problem?.Code);
    }

    private static async Task FillAsync(TemporaryStudio studio, WorkspaceScope scope)
    {
        var protector = studio.Get<IContactProtector>();
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Token);
        await using var session = await warehouse.BeginAsync(Token);
        await session.ExecuteAsync(
            """
            create table shopper_profile as select 'u' || i as user_id, timestamp '2026-05-01' as as_of, timestamp '2026-01-01' as first_seen, timestamp '2026-04-01' as last_seen,
                   timestamp '2026-03-01' as first_order_at, timestamp '2026-03-11' as last_order_at, cast(case i when 3 then 0 else 3 - i end as integer) as orders,
                   cast(case i when 3 then null else 100 - i end as decimal(18,4)) as spent, cast(20 as decimal(18,4)) as average_order, cast(0 as decimal(18,4)) as refunded,
                   cast(null as decimal(18,4)) as open_cart_value, cast(null as timestamp) as last_cart_at, 1 as sessions_30d, 2 as views_30d, cast(null as double) as intent_1, 0.3 as intent_7,
                   cast(null as double) as intent_30, 'active' as rfm_group, 'value_keep' as rfm_group8, 1 as r, 1 as f, 1 as m, 2 as cluster, cast(null as double) as sentiment,
                   'phone' as device, 'Vienna' as region, cast(null as varchar) as channel, 'Tea' as top_category, true as has_email, true as email_consent from range(1, 4) t(i);
            create table clean_events as select * from (values ('u1', timestamp '2026-03-11', 'purchase', 'P1', cast(5 as decimal(18,4)), 'o2', 2),
                   ('u1', timestamp '2026-03-01', 'purchase', 'P1', cast(5 as decimal(18,4)), 'o1', 1), ('u1', timestamp '2026-03-20', 'add_to_cart', 'P1', cast(10 as decimal(18,4)), null, 3))
                   e(user_id, ts, event_type, item_id, amount, order_id, session_no);
            create table sessions as select 3 as session_no, 'u1' as user_id, timestamp '2026-03-20' as started_at, timestamp '2026-03-20' as ended_at, 120 as seconds, 3 as events, 2 as views, 1 as carts, 0 as purchases, 'phone' as device, 'x' as channel;
            create table paid_orders as select 'o' || i as order_no, 'u1' as user_id, timestamp '2026-02-19' + to_days(cast(i * 10 as integer)) as ts, 1 as lines, 1 as items, cast(5 as decimal(18,4)) as gross, cast(0 as decimal(18,4)) as discount,
                   cast(0 as decimal(18,4)) as refunded, cast(5 as decimal(18,4)) as net, cast(null as varchar) as coupon_code, true as has_price from range(1, 3) t(i);
            create table intent_scores as select 'u1' as user_id, 7 as horizon_days, 0.3 as probability, 0.2 as low, 0.4 as high, '[{"feature":"orders","value":2,"points":3.5}]' as reasons;
            create table category_interest as select 'u1' as user_id, 'Tea' as category, 0.8 as share, 0.1 as uncertainty, 3 as events;
            create table review_scores as select 1 as import_id, cast(1 as bigint) as source_line, 'negative' as sentiment, -0.8 as score, '[]' as words;
            insert into reviews (user_id, item_id, ts, rating, text, import_id, source_line) values ('u1', 'P1', timestamp '2026-04-01', 1, 'bitter', 1, 1);
            insert into products (item_id, name) values ('P1', 'Green tea');
            """, [], Token);
        await session.ExecuteAsync(
            "insert into customers (user_id, name_protected, email_protected, email_hash, email_consent, import_id, source_line) values ('u1', $1, $2, $3, true, 1, 1)",
            [protector.Protect("Marta Vogel"), protector.Protect("marta@example.test"), protector.Hash("marta@example.test")], Token);
        await session.CommitAsync(Token);
    }
}
