using MerchantStudio.Core.Live;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Live;

public sealed class StorefrontCatalogueTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2026-03-01 09:00", 1, 7, "2026-03-01 10:00", 1, 3)]   // the later instant
    [InlineData("2026-03-01 10:00", 1, 9, "2026-03-01 10:00", 2, 3)]   // of one instant the later import
    [InlineData("2026-03-01 10:00", 1, 3, "2026-03-01 10:00", 1, 4)]   // of one import the later line
    public async Task A_product_without_a_price_costs_what_its_last_event_says_in_whatever_order_the_rows_lie(string earlier, int import, int line, string later, int laterImport, int laterLine)
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Now);
        string[] rows = [Row(earlier, 10, import, line), Row(later, 12, laterImport, laterLine)];
        foreach (var order in (string[][])[rows, [.. rows.Reverse()]])
        {
            await using (var session = await warehouse.BeginAsync(Now))
            {
                await session.ExecuteAsync("delete from products; delete from events; insert into products (item_id, name, category, import_id, source_line) values ('cup', 'Blue cup', 'Cups', 1, 2)", [], Now);
                foreach (var row in order) await session.ExecuteAsync($"insert into events (item_id, ts, price, import_id, source_line) values {row}", [], Now);
                await session.CommitAsync(Now);
            }

            Assert.Equal([new StorefrontProduct("cup", "Blue cup", "Cups", 12)], (await studio.Get<StorefrontCatalogue>().ReadAsync(scope, Now)).Value);
        }

        static string Row(string at, int price, int import, int line) => $"('cup', timestamp '{at}', {price}, {import}, {line})";
    }
}
