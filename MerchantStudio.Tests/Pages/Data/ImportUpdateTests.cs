using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Pages.Data;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Localization;
using MerchantStudio.Tests.Ingestion;
using MerchantStudio.Tests.Kit;
using Microsoft.AspNetCore.Components;
using Xunit;

namespace MerchantStudio.Tests.Pages.Data;

/// <summary>How the column step offers to bring rows up to date.</summary>
public sealed class ImportUpdateTests
{
    private const string Products = "item_id,name,category,price\n1,Tea,Food,5\n2,Cup,,7\n";
    private const string Reviews = "user_id,item_id,text,rating\nann,tea,lovely,5\nbob,tea,fine,4\n";
    private static readonly Texts Words = new();

    [Fact]
    public async Task Products_are_updated_by_their_id_and_take_the_files_values()
    {
        await using var world = await ImportWorld.OpenAsync();
        var model = await ShownAsync(world, Products);
        Assert.Equal((ImportMode.Upsert, null), (model.Mode, model.WhyNot(Words)));
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(Panel(model));
        Assert.Equal("Product id", Assert.Single(page.QuerySelectorAll(".check:has(input[checked])")).TextContent.Trim());
        Assert.Contains("it is the id of this kind of file", page.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Product name", "Category", "Price of one item"], page.QuerySelectorAll(".value-row > span").Select(row => row.FirstChild!.TextContent.Trim()));
        Assert.Equal(3, page.QuerySelectorAll("[role=radio][aria-checked=true]").Count(choice => choice.TextContent == "Take the file’s value"));
        Assert.Empty(model.Choices.Keys);
        Assert.Empty(model.Choices.FillBlanks);
    }

    [Fact]
    public async Task Filling_blanks_only_reaches_the_import_and_its_dry_run()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(Products);
        var model = await ShownAsync(world, "item_id,name,category,price\n1,Tea,Drinks,5\n2,Cup,Home,7\n3,Pot,Home,9\n");
        Assert.Equal((1, 2, 0), await TriedAsync(world, model));
        using var host = ComponentHost.Create();
        await host.RenderAsync(Panel(model));
        var page = await host.ClickAsync(3);   // Category, "Only fill blanks": each column has two choices
        Assert.Equal("true", page.QuerySelectorAll("[role=radio]")[3].GetAttribute("aria-checked"));
        Assert.Equal([ColumnRole.Category], model.Choices.FillBlanks);
        Assert.Equal((1, 1, 1), await TriedAsync(world, model));
    }

    [Fact]
    public async Task Reviews_without_an_id_say_why_and_wait_for_chosen_columns()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(Reviews);
        var model = await ShownAsync(world, "user_id,item_id,text,rating\nann,tea,lovely but cold,3\ncyd,tea,good,4\n");
        Assert.Equal(ImportMode.Append, model.Mode);
        model.Mode = ImportMode.Upsert;
        Assert.Equal("Choose what tells which rows are already here.", model.WhyNot(Words));
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(Panel(model));
        Assert.Contains("Reviews are known by a review id, and this file has none.", page.TextContent, StringComparison.Ordinal);
        var offered = page.QuerySelectorAll(".check").Select(choice => choice.TextContent.Trim()).ToList();
        await host.RaiseAsync("onchange", offered.IndexOf("Shopper"), new ChangeEventArgs { Value = true });
        await host.RaiseAsync("onchange", offered.IndexOf("Product id"), new ChangeEventArgs { Value = true });
        Assert.Null(model.WhyNot(Words));
        Assert.Equal([ColumnRole.ItemId, ColumnRole.UserId], model.Choices.Keys);
        Assert.Equal((1, 1, 0), await TriedAsync(world, model));
    }

    [Fact]
    public async Task A_key_that_cannot_tell_rows_apart_is_named_in_words_and_stops_the_import()
    {
        await using var world = await ImportWorld.OpenAsync();
        await world.ImportTextAsync(Reviews + "ann,tea,again,4\n");
        var model = await ShownAsync(world, "user_id,item_id,text,rating\nann,tea,lovely but cold,3\n");
        model.Mode = ImportMode.Upsert;
        model.ChooseKey(ColumnRole.UserId, true);
        var tried = await world.Importer.TryAsync(world.Scope, model.Inspection!.ImportId, model.Mapping!, model.TriedChoices, null, ImportWorld.Now);
        model.ShowTried(null, tried.Problem);
        Assert.Equal("import.key-not-unique", tried.Problem?.Code);
        Assert.Contains("by the key Shopper,", model.WhyNot(Words), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adding_and_replacing_carry_no_key()
    {
        await using var world = await ImportWorld.OpenAsync();
        var model = await ShownAsync(world, Products);
        model.FillBlanks(ColumnRole.Category, true);
        model.ChooseKey(ColumnRole.ItemName, true);
        foreach (var mode in (ImportMode[])[ImportMode.Append, ImportMode.Replace])
        {
            model.Mode = mode;
            Assert.Empty(model.Choices.Keys);
            Assert.Empty(model.Choices.FillBlanks);
            Assert.Null(model.WhyNot(Words));
        }
    }

    [Fact]
    public async Task Columns_that_are_still_missing_are_named_as_the_panel_names_them()
    {
        await using var world = await ImportWorld.OpenAsync();
        var model = await ShownAsync(world, "a,b,c\n1,2,3\n4,5,6\n");
        Assert.True(model.IsUnclear);
        var named = model.RolesTitle(Words)["Still to choose: ".Length..];
        Assert.StartsWith("Shopper", named, StringComparison.Ordinal);
        Assert.Equal($"Choose the column that holds: {named}.", model.WhyNot(Words));
        Assert.Equal($"No column is chosen for: {named}. Choose the column that holds it, or add it to the file.", ProblemText.Of(model.Mapping!.Check()!));
    }

    private static RenderFragment Panel(ImportColumnsModel model) => builder =>
    {
        builder.OpenComponent<ImportUpdate>(0);
        builder.AddComponentParameter(1, nameof(ImportUpdate.Model), model);
        builder.CloseComponent();
    };

    private static async Task<ImportColumnsModel> ShownAsync(ImportWorld world, string file)
    {
        var model = new ImportColumnsModel();
        model.Show(await world.InspectAsync(file));
        return model;
    }

    private static async Task<(long New, long Updated, long Unchanged)> TriedAsync(ImportWorld world, ImportColumnsModel model)
    {
        var tried = (await world.Importer.TryAsync(world.Scope, model.Inspection!.ImportId, model.Mapping!, model.TriedChoices, null, ImportWorld.Now)).Value;
        return (tried.Accepted, tried.Updated, tried.Unchanged);
    }
}
