using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>
/// Twins: one shop filled alone, another filled with the very same data while a third shop sends and imports beside it, with the same ids of shoppers, items, orders and
/// messages. What comes out of the twins is the same to the byte.
/// </summary>
[Trait("Row", "A3")]
public sealed class TwinShopTests
{
    private const int Rounds = 6;
    private static readonly string[] Tables = ["events", "reviews", "products", "customers", "rejects", "imported", "identities", "identity_claims", "live_minutes", "live_warnings", "live_position", "replaced_events", "changed_orders"];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shops_live_events_and_imports_are_the_same_with_and_without_another_shops()
    {
        await using var studio = await TemporaryStudio.OpenAsync(services => services.AddSingleton<TimeProvider>(new FixedClock()));
        var (alone, beside, other) = (await studio.WorkspaceAsync("alone"), await studio.WorkspaceAsync("beside"), await studio.WorkspaceAsync("other"));
        for (var round = 0; round < Rounds; round++) await FillAsync(studio, alone, round, "own");
        var before = await OutputsAsync(studio, alone);

        for (var round = 0; round < Rounds; round++)
        {
            // At the same moment, so that the two meet wherever something is shared.
            await Task.WhenAll(FillAsync(studio, beside, round, "own"), FillAsync(studio, other, round, "foreign"), LiveAsync(studio, other, round + 100, "foreign"));
        }

        var twin = await OutputsAsync(studio, beside);
        Assert.True(before.Length > 20_000, $"The outputs have {before.Length} letters.");
        Assert.Equal(before, twin);
        Assert.Equal(before, await OutputsAsync(studio, alone));
        Assert.DoesNotContain("foreign", twin, StringComparison.Ordinal);
        Assert.Contains("foreign", await OutputsAsync(studio, other), StringComparison.Ordinal);
    }

    private static async Task FillAsync(TemporaryStudio studio, WorkspaceScope shop, int round, string word)
    {
        await LiveAsync(studio, shop, round, word);
        await ImportAsync(studio, shop, $"orders-{round}.csv", Orders(round, word));
        await ImportAsync(studio, shop, $"events-{round}.csv", $"user_id,event_type,item_id,timestamp,message_id\nu{round},view,{word}-cup,2026-05-01T10:00:00Z,file-{round}\n,view,x,2026-05-01,\nu{round},dance,x,2026-05-01,\n");
        await ImportAsync(studio, shop, $"customers-{round}.csv", $"user_id,name,email\nu{round},{word} {round},{word}{round}@example.test\n");
        await studio.Get<LiveIntake>().MoveAsync(shop.Workspace, Now);
    }

    private static async Task LiveAsync(TemporaryStudio studio, WorkspaceScope shop, int round, string word)
    {
        var events = Enumerable.Range(0, 20).Select(number => (object)new
        {
            @event = number % 5 == 0 ? "purchase" : number % 7 == 0 ? "review" : number == 19 ? "nonsense" : "view",
            anonymous_id = $"a{number % 4}",
            user_id = number % 3 == 0 ? $"u{number % 6}" : null,
            message_id = $"m{round}-{number % 18}",
            item_id = $"{word}-{number % 6}",
            order_id = number % 5 == 0 ? $"o{round}-{number}" : null,
            price = 5 + number,
            quantity = 1,
            rating = number % 7 == 0 ? 4 : (int?)null,
            review_text = number % 7 == 0 ? $"{word} tea" : null,
            timestamp = $"2026-06-30T10:{number:00}:00Z",
        });
        var found = (await studio.Get<LiveShops>().FindAsync(shop.Workspace, Now))!;
        Assert.True((await studio.Get<LiveIntake>().TakeAsync(found, JsonSerializer.SerializeToUtf8Bytes(events), false, Now)).Succeeded);
    }

    private static string Orders(int round, string word)
    {
        var text = new StringBuilder("order_id,user_id,timestamp,order_state,item_id,price,quantity\n");
        for (var order = 0; order < 10; order++) text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"f{(round * 5) + order},u{order % 6},2026-06-{1 + order:00},{(order == 4 ? word : "paid")},{word}-{order % 3},{order + 2}.50,{1 + (order % 2)}");
        return text.ToString();
    }

    private static async Task ImportAsync(TemporaryStudio studio, WorkspaceScope shop, string name, string text)
    {
        var importer = studio.Get<FileImporter>();
        var staged = (await importer.StageAsync(shop, new MemoryStream(Encoding.UTF8.GetBytes(text)), name, null, null, Now)).Value;
        var mapping = (await importer.InspectAsync(shop, staged.Id, null, null, null, Now)).Value.Mapping;
        var report = await importer.ImportAsync(shop, staged.Id, mapping, new ImportChoices(mapping.Kind == DatasetKind.Events ? ImportMode.Append : ImportMode.Upsert), Now);
        Assert.True(report.Succeeded, report.Problem?.ToString());
    }

    /// <summary>Every row of every base table, what the pages of data and of live events show, and the exports.</summary>
    private static async Task<string> OutputsAsync(TemporaryStudio studio, WorkspaceScope shop)
    {
        var text = new StringBuilder();
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(shop.Workspace, Now);
        foreach (var table in Tables)
        {
            // Contacts are protected anew each time, and only imports take time.
            var rows = table switch { "customers" => "* exclude (name_protected, email_protected, phone_protected)", "imported" => "import_id, kind, regexp_replace(report, '\"seconds\":[^,]*', '')", _ => "*" };
            foreach (var row in await warehouse.QueryAsync($"select cast(t as varchar) from (select {rows} from {table}) t order by 1", row => row.Text(0) ?? "", [], Now)) text.Append(table).Append(' ').AppendLine(row);
        }

        text.AppendLine(JsonSerializer.Serialize((await studio.Get<LiveFigures>().ReadAsync(shop, Now)).Value));
        text.AppendLine(JsonSerializer.Serialize((await studio.Get<DatasetCatalogue>().ListAsync(shop, Now)).Value));
        foreach (var what in (ExportWhat[])[ExportWhat.Events, ExportWhat.Orders, ExportWhat.Reviews])
        {
            using var file = new MemoryStream();
            await studio.Get<TableExport>().WriteAsync(shop, new ExportQuestion(what), ExportFormat.Csv, file, Now);
            text.Append(Encoding.UTF8.GetString(file.ToArray()));
        }

        return text.ToString();
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => LiveWorld.Start;
    }
}
