using System.Globalization;
using System.Text;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>A platform's order export arrives by dropping it: nothing is chosen by hand, and the warehouse holds the platform's own figures.</summary>
[Collection(BrowserTests.Name)]
public sealed class PlatformJourneyTests(Chromium chromium)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Taobao_orders_in_GBK_and_Shopify_orders_arrive_with_no_manual_step()
    {
        var folder = Directory.CreateTempSubdirectory("platform-orders-").FullName;
        var (taobaoFile, taobao) = Taobao(folder, orders: 240);
        var (shopifyFile, shopify) = Shopify(folder, orders: 150);
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        string shop;
        await using (var context = await chromium.OpenAsync(server.Address))
        {
            var page = await context.NewPageAsync();
            shop = await page.SetUpShopAsync(server, "Bazaar", "CNY", "Asia/Shanghai");
            var bazaar = new Journey(page, server, shop);
            Assert.Equal((240, 240), await bazaar.ImportAsync(taobaoFile, "Taobao orders, 240 rows, 240 orders."));
            Assert.Equal((shopify.Rows, shopify.Rows), await bazaar.ImportAsync(shopifyFile, $"Shopify orders, {shopify.Rows} rows, 150 orders."));
        }

        await server.KillAsync();
        await using var studio = await TemporaryStudio.OpenAsync(folder: server.DataFolder);
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(new WorkspaceId(shop), Now);
        foreach (var (import, expected) in ((int, Figures)[])[(1, taobao), (2, shopify)])
        {
            const string Net = "cast(price * coalesce(quantity, 1) - coalesce(discount, 0) as decimal(18, 4))";
            var found = await warehouse.QueryAsync(
                $"""
                select count(distinct order_id), sum({Net}) filter (where event_type = 'purchase' and order_state = 'paid'),
                       count(distinct order_id) filter (where event_type = 'purchase' and order_state = 'paid'), sum({Net}) filter (where event_type = 'refund')
                from events where import_id = $1
                """,
                row => (Orders: row.Long(0), Revenue: row.Decimal(1), Paid: row.Long(2), Refunds: row.Decimal(3)), [import], Now);
            Assert.Equal((expected.Orders, expected.Revenue, expected.Paid, expected.Refunds), found[0]);
        }
    }

    /// <summary>Whole orders in GBK, ids wrapped as spreadsheets need them; every third unpaid, closed or paid back.</summary>
    internal static (string File, Figures Figures) Taobao(string folder, int orders)
    {
        var text = new StringBuilder("订单编号,买家会员名,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,收货人姓名,收货地址,联系手机,订单创建时间,订单付款时间,宝贝标题,宝贝种类,物流单号,宝贝总数量,店铺名称,订单关闭原因\r\n");
        decimal revenue = 0, refunds = 0;
        var paid = 0;
        for (var order = 0; order < orders; order++)
        {
            var goods = 20 + (order * 7 % 90) + 0.5m;
            var (state, isPaid, isBack) = (order % 9) switch
            {
                2 => ("等待买家付款", false, false),
                5 => ("交易关闭", false, false),
                8 => ("交易关闭", true, true),
                0 or 3 => ("买家已付款，等待卖家发货", true, false),
                _ => ("交易成功", true, false),
            };
            if (isPaid) (revenue, paid) = (revenue + goods, paid + 1);
            if (isBack) refunds += goods;
            var time = $"2026-0{1 + (order % 6)}-{1 + (order % 27):00} 1{order % 10}:20:30";
            text.Append(CultureInfo.InvariantCulture, $"\"=\"\"33000000000000{order:00000}\"\"\",买家_{order % 40},{goods},6.00,{goods + 6},{(isPaid ? goods + 6 : 0)},{state},王某,浙江省 杭州市,'1380000{order % 40:0000},{time},{(isPaid ? time : "")},明前龙井 ，青瓷杯,1,No:SF{order},{1 + (order % 3)},山叶茶铺,\r\n");
        }

        return (Write(folder, "ExportOrderList.csv", text, CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!), new Figures(orders, revenue, paid, refunds, orders));
    }

    /// <summary>One to three lines an order, order-level cells on the first only, a discount on every fifth, a refund on every seventh.</summary>
    internal static (string File, Figures Figures) Shopify(string folder, int orders)
    {
        var text = new StringBuilder("Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping Country,Cancelled at,Refunded Amount,Lineitem discount\n");
        decimal revenue = 0, refunds = 0;
        int paid = 0, rows = 0;
        for (var order = 0; order < orders; order++)
        {
            var lines = 1 + (order % 3);
            var goods = Enumerable.Range(1, lines).Sum(line => line * (10m + line));
            var off = order % 5 == 0 ? 4.01m : 0;
            var state = order % 7 == 3 ? "refunded" : order % 7 == 5 ? "partially_refunded" : order % 11 == 4 ? "pending" : "paid";
            var back = state switch { "refunded" => goods - off, "partially_refunded" => 5, _ => 0 };
            if (state != "pending") (revenue, paid) = (revenue + goods - off, paid + 1);
            refunds += back;
            var time = $"2026-0{1 + (order % 6)}-{1 + (order % 27):00} 1{order % 10}:20:30 +0000";
            for (var line = 1; line <= lines; line++, rows++)
            {
                text.Append(CultureInfo.InvariantCulture, $"#{1001 + order},");
                text.Append(line > 1 ? ",,,,,,,,,,," : string.Create(CultureInfo.InvariantCulture, $"buyer{order % 30}@shop.example,{state},{(state == "pending" ? "" : time)},fulfilled,EUR,{goods - off},3.00,{goods - off + 3},{(off > 0 ? "FOUR" : "")},{off},{time},"));
                text.Append(CultureInfo.InvariantCulture, $"{line},Item {line},{10 + line}.00,SKU-{line},{(line > 1 ? "" : "DE")},,{(line > 1 ? "" : state == "refunded" ? back + 3 : back)},0.00\n");
            }
        }

        return (Write(folder, "orders_export_1.csv", text, new UTF8Encoding(false)), new Figures(orders, revenue, paid, refunds, rows));
    }

    private static string Write(string folder, string name, StringBuilder text, Encoding encoding)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text.ToString(), encoding);
        return path;
    }

    internal sealed record Figures(long Orders, decimal Revenue, long Paid, decimal Refunds, long Rows);
}
