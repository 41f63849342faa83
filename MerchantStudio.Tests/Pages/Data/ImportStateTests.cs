using MerchantStudio.Components.Pages.Data;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Tests.Ingestion;
using MerchantStudio.Tests.Kit;
using Microsoft.AspNetCore.Components;
using Xunit;

namespace MerchantStudio.Tests.Pages.Data;

/// <summary>Order states that nobody knows are asked about before the import, with their rows, and the answer is kept.</summary>
public sealed class ImportStateTests
{
    private const string Orders = "order_id,user_id,timestamp,order_state,item_id,price,quantity\n"
        + "1,ann,2026-06-01,Awaiting pickup,tea,5,1\n2,bob,2026-06-01,Awaiting pickup,tea,5,1\n3,cyd,2026-06-01,Lost,cup,7,1\n4,dan,2026-06-01,Ready,pot,9,1\n5,eve,2026-06-01,paid,pot,9,1\n6,fay,2026-06-01,cancelled,pot,9,1\n";

    [Fact]
    public async Task Each_unknown_state_is_shown_with_its_rows_and_what_is_said_of_it_reaches_the_import()
    {
        await using var world = await ImportWorld.OpenAsync();
        var model = await ShownAsync(world, Orders);
        Assert.Equal([new StateCount("Awaiting pickup", 2), new("Lost", 1), new("Ready", 1)], model.States);
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(Facts(model, world));
        Assert.Contains("“Awaiting pickup” is an order state that is not known: 2 rows", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("“Lost” is an order state that is not known: 1 row", page.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Rows with an order state that is not known", page.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Paid", "Not paid", "Cancelled", "Paid back"], page.QuerySelectorAll("[role=radiogroup]")[0].QuerySelectorAll("[role=radio]").Select(choice => choice.TextContent));

        await host.ClickAsync(0);        // Awaiting pickup: paid
        await host.ClickAsync(4 + 2);    // Lost: cancelled
        page = await host.ClickAsync(8 + 3);    // Ready: paid back
        Assert.Equal(["Paid", "Cancelled", "Paid back"], page.QuerySelectorAll("[role=radio][aria-checked=true]").Select(choice => choice.TextContent));
        Assert.Equal(3, page.QuerySelectorAll("[role=radiogroup]").Length);

        var report = (await world.Importer.ImportAsync(world.Scope, model.Inspection!.ImportId, model.Mapping!, model.Choices, ImportWorld.Now)).Value;
        Assert.DoesNotContain(report.Notes, note => note.Code == "unknown_state");
        Assert.Equal(4, await world.ScalarAsync<long>("select count(*) from events where event_type = 'purchase' and order_state = 'paid'"));
        Assert.Equal(2, await world.ScalarAsync<long>("select count(*) from events where event_type = 'purchase' and order_state = 'cancelled'"));
        Assert.Equal(1, await world.ScalarAsync<long>("select count(*) from events where event_type = 'refund'"));

        var next = await ShownAsync(world, Orders.Replace("2026-06-01", "2026-06-02", StringComparison.Ordinal));
        Assert.Equal("paid", next.Mapping!.OrderStates["Awaiting pickup"]);
        Assert.Equal(3, next.States.Length);
    }

    [Fact]
    public async Task States_that_the_shops_settings_count_as_paid_are_not_asked_about()
    {
        await using var world = await ImportWorld.OpenAsync();
        var shop = ShopChange.Of((await world.Studio.Get<WorkspaceDirectory>().FindAsync(world.Scope.Workspace, ImportWorld.Now))!);
        Assert.True((await world.Studio.Get<ShopSettings>().ChangeAsync(world.Scope, shop with { PaidStates = shop.PaidStates.Add("awaiting PICKUP") }, ImportWorld.Now)).Succeeded);
        Assert.Equal(["Lost", "Ready"], (await ShownAsync(world, Orders)).States.Select(state => state.Word));
    }

    [Fact]
    public async Task States_of_purchases_among_events_are_asked_about_too()
    {
        await using var world = await ImportWorld.OpenAsync();
        const string Events = "user_id,event_type,item_id,timestamp,order_state\nann,view,tea,2026-03-01T10:00:00Z,\nann,purchase,tea,2026-03-01T10:05:00Z,Verified\nbob,purchase,cup,2026-03-02T11:00:00Z,paid\n";
        var model = await ShownAsync(world, Events);
        Assert.Equal([new StateCount("Verified", 1)], model.States);
        model.MeanState("Verified", "paid");
        await world.Importer.ImportAsync(world.Scope, model.Inspection!.ImportId, model.Mapping!, model.Choices, ImportWorld.Now);
        Assert.Equal(2, await world.ScalarAsync<long>("select count(*) from events where order_state = 'paid'"));
    }

    private static RenderFragment Facts(ImportColumnsModel model, ImportWorld world) => builder =>
    {
        builder.OpenComponent<ImportFacts>(0);
        builder.AddComponentParameter(1, nameof(ImportFacts.Model), model);
        builder.AddComponentParameter(2, nameof(ImportFacts.OnChanged), EventCallback.Factory.Create(model, () => TryAsync(world, model)));
        builder.CloseComponent();
    };

    private static async Task<ImportColumnsModel> ShownAsync(ImportWorld world, string file)
    {
        var model = new ImportColumnsModel();
        model.Show(await world.InspectAsync(file));
        await TryAsync(world, model);
        return model;
    }

    private static async Task TryAsync(ImportWorld world, ImportColumnsModel model)
    {
        var tried = await world.Importer.TryAsync(world.Scope, model.Inspection!.ImportId, model.Mapping!, model.TriedChoices, null, ImportWorld.Now);
        model.ShowTried(tried.Value, null);
    }
}
