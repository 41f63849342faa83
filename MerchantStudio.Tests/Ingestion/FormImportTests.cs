using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>What is recognised also arrives: every documented export is imported as it comes, and the order of its columns changes nothing.</summary>
public sealed class FormImportTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("shopify-orders", DatasetKind.Orders, 8, 8)]
    [InlineData("shopify-customers", DatasetKind.Customers, 4, 4)]
    [InlineData("shopify-products", DatasetKind.Products, 4, 3)]
    [InlineData("woocommerce-products", DatasetKind.Products, 3, 3)]
    [InlineData("woocommerce-orders", DatasetKind.Orders, 5, 5)]
    [InlineData("taobao-orders", DatasetKind.Orders, 6, 6)]
    [InlineData("douyin-orders", DatasetKind.Orders, 5, 5)]
    [InlineData("ga4-events", DatasetKind.Events, 6, 6)]
    [InlineData("segment-events", DatasetKind.Events, 5, 5)]
    [InlineData("rudderstack-events", DatasetKind.Events, 5, 5)]
    [InlineData("posthog-events", DatasetKind.Events, 5, 5)]
    [InlineData("klaviyo-events", DatasetKind.Events, 5, 5)]
    [InlineData("rees46-events", DatasetKind.Events, 5, 5)]
    [InlineData("retailrocket-events", DatasetKind.Events, 5, 5)]
    [InlineData("taobao-userbehavior", DatasetKind.Events, 7, 7)]
    [InlineData("online-retail", DatasetKind.Events, 5, 5)]
    [InlineData("online-retail-2", DatasetKind.Events, 5, 5)]
    [InlineData("yoochoose-clicks", DatasetKind.Events, 5, 5)]
    [InlineData("yoochoose-buys", DatasetKind.Events, 5, 5)]
    [InlineData("personalize-interactions", DatasetKind.Events, 5, 5)]
    [InlineData("judgeme-reviews", DatasetKind.Reviews, 3, 3)]
    public async Task An_export_arrives_whole_whatever_the_order_of_its_columns(string form, DatasetKind kind, long read, long accepted)
    {
        await using var world = await ImportWorld.OpenAsync();
        var documented = await ImportAsync(world, form, "documented", new ImportChoices());
        Assert.Equal((kind, read, accepted, 0L), (documented.Kind, documented.Read, documented.Accepted, documented.Rejected));
        var content = await ContentAsync(world, kind);
        await ImportAsync(world, form, "reordered", new ImportChoices(ImportMode.Replace));
        Assert.Equal(content, await ContentAsync(world, kind));
    }

    [Fact]
    public async Task Contacts_never_reach_the_warehouse_readable()
    {
        await using var world = await ImportWorld.OpenAsync();
        foreach (var form in (string[])["shopify-orders", "shopify-customers", "judgeme-reviews", "woocommerce-orders", "douyin-orders", "klaviyo-events"])
            await ImportAsync(world, form, "documented", new ImportChoices());
        foreach (var table in (string[])["events", "customers", "reviews", "rejects"])
            Assert.Equal(0, await world.ScalarAsync<long>($"select count(*) from {table} t where cast(t as varchar) like '%@example.com%' or cast(t as varchar) like '%Ada%Vale%' or cast(t as varchar) like '%Nia Frost%'"));
    }

    [Fact]
    public async Task Orders_by_hand_take_the_orders_cells_from_the_row_above()
    {
        await using var world = await ImportWorld.OpenAsync();
        var staged = (await world.Importer.StageAsync(
            world.Scope, new MemoryStream("No,order_no,customer_id,order_date,sku,qty,unit_price,status\n1,A1,c1,2026-06-01,x,1,5.00,paid\n2,A1,,,y,2,3.00,\n"u8.ToArray()), "o.csv", null, null, Now)).Value;
        var inspection = (await world.Importer.InspectAsync(world.Scope, staged.Id, DatasetKind.Orders, "none", null, Now)).Value;
        var report = (await world.Importer.ImportAsync(world.Scope, staged.Id, inspection.Mapping, new ImportChoices(), Now)).Value;
        Assert.Equal((2L, 2L, 1L, 1L), (report.Read, report.Accepted, report.Orders, report.Shoppers));
        Assert.Equal(11m, await world.ScalarAsync<decimal>("select sum(price * quantity) from events where order_state = 'paid' and user_id = 'c1'"));
    }

    private static async Task<ImportReport> ImportAsync(ImportWorld world, string form, string variant, ImportChoices choices)
    {
        var file = await File.ReadAllBytesAsync(Path.Combine(PublicData.RepositoryRoot(), "MerchantStudio.Tests", "Ingestion", "Fixtures", form, variant + ".csv"), Now);
        var imported = await world.ImportAsync(file, choices, name: form + ".csv");
        Assert.Null(imported.Problem);
        return imported.Value;
    }

    private static async Task<string?> ContentAsync(ImportWorld world, DatasetKind kind)
    {
        var (table, left) = kind switch
        {
            DatasetKind.Customers => ("customers", ", name_protected, email_protected, phone_protected"),
            DatasetKind.Products => ("products", ""),
            DatasetKind.Reviews => ("reviews", ""),
            _ => ("events", ""),
        };
        return await world.ScalarAsync<string>($"select string_agg(cast(r as varchar), chr(10) order by cast(r as varchar)) from (select * exclude (import_id, source_line{left}) from {table}) r");
    }
}
