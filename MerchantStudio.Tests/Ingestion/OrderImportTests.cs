using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Sessions;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>Orders become purchases and refunds, and the figures made from them are the shop's own.</summary>
public sealed class OrderImportTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shopify_orders_fill_down_and_add_up_with_discounts_and_refunds()
    {
        await using var world = await ImportWorld.OpenAsync();
        var report = await ImportAsync(world, "shopify-orders");
        Assert.Equal((DatasetKind.Orders, 8L, 8L, 6L, 5L), (report.Kind, report.Read, report.Accepted, report.Orders, report.Shoppers));
        Assert.Equal([new("purchase", 8), new("refund", 2)], report.Events);
        Assert.Equal(new Sums(4, 102, 3, 22, 77), await PaidAsync(world));
        Assert.Equal(0, await world.ScalarAsync<long>("select count(*) from events where user_id is null or ts is null or order_state is null or user_id like '%@%'"));
        Assert.Equal("pending", await world.ScalarAsync<string>("select order_state from events where order_id = '#1004'"));
        Assert.Equal("cancelled", await world.ScalarAsync<string>("select order_state from events where order_id = '#1005'"));
        Assert.Equal(2, await world.ScalarAsync<long>("select count(*) from events where order_id = '#1001' and region = 'GB' and currency = 'GBP'"));
    }

    [Fact]
    public async Task A_discount_on_the_order_is_spread_over_its_lines_to_the_last_digit()
    {
        const string Header = "Name,Email,Financial Status,Created at,Subtotal,Discount Amount,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount\n";
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(Header
            + "#1,a@x.example,paid,2026-06-01 10:00:00 +0000,20.00,10.00,1,A,10.00,a,0.00\n#1,,,,,,1,B,10.00,b,0.00\n#1,,,,,,1,C,10.00,c,0.00\n"
            + "#2,a@x.example,paid,2026-06-02 10:00:00 +0000,,3.00,2,A,10.00,a,1.00\n");
        Assert.Equal(10m, await world.ScalarAsync<decimal>("select sum(discount) from events where order_id = '#1'"));
        Assert.Equal(3, await world.ScalarAsync<long>("select count(*) from events where order_id = '#1' and discount between 3.3333 and 3.3334"));
        Assert.Equal(4m, await world.ScalarAsync<decimal>("select sum(discount) from events where order_id = '#2'"));
    }

    [Fact]
    public async Task Taobao_orders_in_GBK_know_paid_unpaid_closed_and_paid_back_apart()
    {
        await using var world = await ImportWorld.OpenAsync();
        var report = await ImportAsync(world, "taobao-orders", CodePagesEncodingProvider.Instance.GetEncoding("GB18030"));
        Assert.Equal((6L, 6L, 6L, 5L), (report.Read, report.Accepted, report.Orders, report.Shoppers));
        Assert.Equal(new Sums(4, 365, 0, 99, 266), await PaidAsync(world));
        Assert.Equal("3300000000000010011", await world.ScalarAsync<string>("select min(order_id) from events"));
        Assert.Contains(report.Notes, note => note.Code == "whole_orders");
    }

    [Fact]
    public async Task Taobao_lines_take_the_place_of_their_orders_and_give_it_back_when_undone()
    {
        await using var world = await ImportWorld.OpenAsync();
        await ImportAsync(world, "taobao-orders");
        var before = await PaidAsync(world);
        var report = await ImportAsync(world, "taobao-lines");
        Assert.Equal((5L, 5L, 4L), (report.Read, report.Accepted, report.Orders));
        Assert.Equal(before, await PaidAsync(world));
        Assert.Equal(2, await world.ScalarAsync<long>("select count(*) from events where order_id = '3300000000000010011' and user_id = '青山_01' and item_id in ('LJ-50', 'QC-01')"));
        Assert.Equal("cancelled", await world.ScalarAsync<string>("select order_state from events where item_id = 'ML-30'"));
        Assert.True((await world.Importer.UndoAsync(world.Scope, (await world.Importer.HistoryAsync(world.Scope, Now))[0].Id, Now)).Succeeded);
        Assert.Equal((7L, 0L), (await world.ScalarAsync<long>("select count(*) from events"), await world.ScalarAsync<long>("select count(*) from events where item_id is not null")));
    }

    [Fact]
    public async Task Lines_of_orders_that_are_not_there_are_set_aside_with_what_to_do()
    {
        await using var world = await ImportWorld.OpenAsync();
        var alone = await world.ImportAsync(Fixture("taobao-lines"));
        Assert.Equal("import.nothing-accepted", alone.Problem?.Code);
        await world.AssertNothingThereAsync();
        await ImportAsync(world, "taobao-orders");
        var report = (await world.ImportTextAsync("订单编号,标题,价格,购买数量,商家编码\n=\"3300000000000010011\",明前龙井,120,1,LJ\n=\"999\",茶,5,1,X\n")).Value;
        Assert.Equal((2L, 1L, 1L), (report.Read, report.Accepted, report.Rejected));
        Assert.Equal("unknown_order", Assert.Single(report.Reasons).Code);
    }

    [Fact]
    public async Task Douyin_lines_keep_what_was_paid_for_each()
    {
        await using var world = await ImportWorld.OpenAsync();
        var report = await ImportAsync(world, "douyin-orders");
        Assert.Equal((5L, 5L, 4L), (report.Read, report.Accepted, report.Orders));
        Assert.Equal(new Sums(3, 307, 5, 99, 203), await PaidAsync(world));
        Assert.Equal("4900000000000000101", await world.ScalarAsync<string>("select min(order_id) from events"));
    }

    [Fact]
    public async Task WooCommerce_orders_are_whole_orders_with_exact_amounts()
    {
        await using var world = await ImportWorld.OpenAsync();
        var report = await ImportAsync(world, "woocommerce-orders");
        Assert.Equal((5L, 5L, 5L), (report.Read, report.Accepted, report.Orders));
        Assert.Equal(new Sums(3, 63.5m, 0, 8, 55.5m), await PaidAsync(world));
        var third = (await world.ImportTextAsync("Date,Order #,Status,Customer,Items sold,Net Sales\n2026-05-04 10:00:00,9,completed,Zed,3,10\n")).Value;
        Assert.Equal(1, third.Accepted);
        Assert.Equal(10m, await world.ScalarAsync<decimal>("select price * quantity - discount from events where order_id = '9'"));
    }

    [Fact]
    public async Task The_same_orders_again_change_nothing_and_a_replacement_leaves_other_events_alone()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(ImportWorld.SmallEvents);
        await ImportAsync(world, "shopify-orders");
        var again = (await world.ImportAsync(Fixture("shopify-orders"), new ImportChoices(Force: true))).Value;
        Assert.Equal((8L, 0L, 8L), (again.Read, again.Accepted, again.Duplicates));
        Assert.Equal(new Sums(4, 102, 3, 22, 77), await PaidAsync(world, "order_id like '#%'"));
        var replaced = (await world.ImportAsync(Fixture("woocommerce-orders"), new ImportChoices(ImportMode.Replace))).Value;
        Assert.Equal(5, replaced.Accepted);
        Assert.Equal((3L, 6L), (await world.ScalarAsync<long>("select count(*) from events where order_id is null"), await world.ScalarAsync<long>("select count(*) from events where order_id is not null")));
        var sets = (await world.Studio.Get<DatasetCatalogue>().ListAsync(world.Scope, Now)).Value;
        Assert.Equal([(DatasetKind.Events, 3L), (DatasetKind.Orders, 6L)], sets.Where(set => set.Kind is DatasetKind.Events or DatasetKind.Orders).Select(set => (set.Kind, set.Rows)));
        Assert.True((await world.Importer.UndoAsync(world.Scope, (await world.Importer.HistoryAsync(world.Scope, Now))[0].Id, Now)).Succeeded);
        Assert.Equal(10, await world.ScalarAsync<long>("select count(*) from events where order_id like '#%'"));
        Assert.True((await world.Studio.Get<DatasetCatalogue>().DeleteAsync(world.Scope, DatasetKind.Orders, null, Now)).Succeeded);
        Assert.Equal(3, await world.ScalarAsync<long>("select count(*) from events"));
    }

    [Fact]
    public async Task An_order_that_changed_takes_the_place_of_the_former_one_and_gives_it_back()
    {
        await using var world = await ImportWorld.OpenAsync();
        await ImportAsync(world, "shopify-orders");
        var later = Encoding.UTF8.GetString(Fixture("shopify-orders")).Replace("dan@example.com,pending,,", "dan@example.com,paid,2026-06-09 08:00:00 +0000,", StringComparison.Ordinal);
        var report = (await world.ImportTextAsync(later, new ImportChoices(ImportMode.Upsert))).Value;
        Assert.Equal((8L, 0L, 1L, 7L, 0L), (report.Read, report.Accepted, report.Updated, report.Unchanged, report.Duplicates));
        Assert.Equal(new Sums(5, 112, 3, 22, 87), await PaidAsync(world));
        Assert.True((await world.Importer.UndoAsync(world.Scope, (await world.Importer.HistoryAsync(world.Scope, Now))[0].Id, Now)).Succeeded);
        Assert.Equal(new Sums(4, 102, 3, 22, 77), await PaidAsync(world));
    }

    [Fact]
    public async Task Shopifys_customers_and_products_meet_its_orders()
    {
        await using var world = await ImportWorld.OpenAsync();
        await ImportAsync(world, "shopify-customers");
        var products = await ImportAsync(world, "shopify-products");
        Assert.Equal((4L, 3L, 1L), (products.Read, products.Accepted, products.Duplicates));
        Assert.Equal("Green tea", await world.ScalarAsync<string>("select name from products where item_id = 'TEA-02'"));
        var report = await ImportAsync(world, "shopify-orders");
        Assert.Equal(
            [new(DatasetKind.Events, DatasetKind.Products, 4, 4), new(DatasetKind.Events, DatasetKind.Customers, 5, 4), new(DatasetKind.Orders, DatasetKind.Customers, 5, 4)], report.Joins);
        Assert.Equal(report.Joins, (await world.Studio.Get<DatasetCatalogue>().JoinsAsync(world.Scope, Now)).Value);
        Assert.Equal(0, await world.ScalarAsync<long>("select count(*) from customers where email_hash is null or user_id like '%@%'"));
    }

    [Fact]
    public async Task Ids_keep_their_zeros_and_lose_only_the_wrappers_of_spreadsheets()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync("order_id,user_id,timestamp,order_state,item_id,price,quantity\n=\"00012\",'007,2026-06-01,paid,0001,5.00,1\n00013,u,2026-06-01,weird,0002,5.00,1\n");
        Assert.Equal("00012 007 0001", await world.ScalarAsync<string>("select order_id || ' ' || user_id || ' ' || item_id from events where order_id = '00012'"));
        Assert.Equal("weird", await world.ScalarAsync<string>("select order_state from events where order_id = '00013'"));
    }

    private static byte[] Fixture(string form) => File.ReadAllBytes(Path.Combine(PublicData.RepositoryRoot(), "MerchantStudio.Tests", "Ingestion", "Fixtures", form, "documented.csv"));

    private static async Task<ImportReport> ImportAsync(ImportWorld world, string form, Encoding? encoding = null)
    {
        var bytes = Fixture(form);
        if (encoding is not null) bytes = encoding.GetBytes(Encoding.UTF8.GetString(bytes));
        var imported = await world.ImportAsync(bytes, new ImportChoices(ImportMode.Append), name: form + ".csv");
        Assert.Null(imported.Problem);
        Assert.Equal(form, (await world.Importer.HistoryAsync(world.Scope, Now))[0].Preset);
        return imported.Value;
    }

    /// <summary>Runs cleaning and order building as the pipeline does, without keeping them.</summary>
    private static async Task<Sums> PaidAsync(ImportWorld world, string orders = "true")
    {
        var warehouse = await world.Studio.Get<WarehouseRegistry>().OpenAsync(world.Scope.Workspace, Now);
        await using var session = await warehouse.BeginAsync(Now);
        await EventCleaner.RunAsync(session, CleaningSettings.Default, new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero), Now);
        await Sessionizer.RunAsync(session, "UTC", Now);
        var sums = await session.QueryAsync(
            $"select count(*), sum(gross), sum(discount), sum(refunded), sum(net) from (select order_no as order_id, * from next_paid_orders) where {orders}",
            row => new Sums(row.Long(0), row.Decimal(1), row.Decimal(2), row.Decimal(3), row.Decimal(4)), [], Now);
        return sums[0];
    }

    private sealed record Sums(long Orders, decimal Gross, decimal Discount, decimal Refunded, decimal Net);
}
