using System.Collections.Immutable;
using System.Diagnostics;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Horizons;
using MerchantStudio.Core.Features.Sessions;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Ingestion;
using Xunit;
using static MerchantStudio.Tests.Warehouse.WarehouseWorld;

namespace MerchantStudio.Tests.Features;

public sealed class OnlineRetailTests
{
    [Fact]
    public async Task The_cleaning_report_gives_the_published_counts_and_every_forecast_is_offered()
    {
        await using var world = await ImportWorld.OpenAsync();
        Assert.True((await world.ImportFileAsync(PublicData.Find("uci-online-retail/online_retail.csv.gz"))).Succeeded);
        var warehouse = await world.Studio.Get<WarehouseRegistry>().OpenAsync(world.Scope.Workspace, Token);
        await using var session = await warehouse.BeginAsync(Token);

        var duplicates = CleaningSettings.Default with { Switched = ImmutableDictionary<string, bool>.Empty.Add(CleaningStep.Duplicates, true) };
        var strict = await EventCleaner.RunAsync(session, duplicates, ShopWorld.Now, Token);
        Assert.Equal((392_692, 8_887_208.894m), (strict.Sales!.Lines, strict.Sales.Revenue));

        var clock = Stopwatch.StartNew();
        var report = await EventCleaner.RunAsync(session, CleaningSettings.Default, ShopWorld.Now, Token);
        Assert.Equal(541_909, report.Rows);
        Assert.Equal(new SalesCount(397_884, 4_338, 8_911_407.904m), report.Sales);
        Assert.Equal(135_080, report.Steps[0].Touched);
        await Sessionizer.RunAsync(session, "Europe/London", Token);

        var plans = await HorizonPlanner.PlanAsync(session, "next_clean_events", null, Token);
        Assert.All(plans, plan => Assert.Null(plan.Missing));
        var week = plans.Single(plan => plan.Days == 7);
        await FeatureBuilder.BuildAsync(session, new FeatureQuestion(week.Test!.Cutoff, 7, "Europe/London"), "test_features", Token);
        var table = await FeatureBuilder.ReadAsync(session, "test_features", Token);
        Assert.Equal(week.Test.Shoppers, table.Users.Length);
        Assert.Equal(week.Test.Positives, table.Labels!.Value.Count(label => label > 0));
        TestContext.Current.TestOutputHelper?.WriteLine($"clean, sessions, plan, features: {clock.Elapsed}");
    }
}
