using System.IO.Compression;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Tests.Demo;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>The whole way: an empty machine, a shop of one's own, files in, models, and personal codes out.</summary>
[Collection(BrowserTests.Name)]
public sealed class JourneyTests(Chromium chromium)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_the_sample_files_up_to_codes_for_happy_reviewers_who_will_buy()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var journey = new Journey(page, server, await page.SetUpShopAsync(server, "Own shop"));
        Assert.Equal((186, 186), await journey.ImportAsync(SampleData.File("products.csv.gz")));
        Assert.Equal((4359, 4359), await journey.ImportAsync(SampleData.File("customers.csv.gz")));
        Assert.Equal((4116, 4116), await journey.ImportAsync(SampleData.File("reviews.csv.gz")));
        Assert.Equal((106_650, 106_606), await journey.ImportAsync(SampleData.File("events.csv.gz")));
        await journey.RunPipelineAsync();

        Assert.Contains("shoppers are in", await journey.AnswerAsync("segments"), StringComparison.Ordinal);
        Assert.NotEmpty(await journey.AnswerAsync("data/quality"));
        Assert.Contains("7 days", await journey.AnswerAsync("intent"), StringComparison.Ordinal);
        Assert.NotEmpty(await journey.AnswerAsync("reviews"));
        await journey.TableEqualsItsCsvAsync("segments", "Segment", "Shoppers");

        var happy = new AllOf([
            new Comparison("sentiment", ConditionOperator.AtLeast, ["0.1"]),
            new Comparison("intent_7", ConditionOperator.AtLeast, ["0.01"]),
        ]);
        var given = await journey.ActivateRuleAsync("Happy and near", ConditionJson.Write(happy));
        Assert.InRange(given, 1, 4000);
        await journey.CodesAreExportedAsync(given);
    }

    [Fact]
    public async Task With_Taobaos_nine_days_without_a_header_and_a_shops_reviews()
    {
        var events = WithoutHeader(PublicData.Find(Taobao));
        var reviews = PublicData.Find("womens-clothing-reviews/womens_clothing_reviews.csv.gz");
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var journey = new Journey(page, server, await page.SetUpShopAsync(server, "Bazaar", "CNY", "Asia/Shanghai"));
        var (read, _) = await journey.ImportAsync(reviews);
        Assert.Equal(23_486, read);
        (read, var accepted) = await journey.ImportAsync(events);
        Assert.Equal(84_475, read);
        Assert.Equal(84_475, accepted);
        await journey.RunPipelineAsync();

        Assert.Contains("shoppers are in", await journey.AnswerAsync("segments"), StringComparison.Ordinal);
        Assert.Contains("1 day", await journey.AnswerAsync("intent"), StringComparison.Ordinal);
        Assert.NotEmpty(await journey.AnswerAsync("reviews"));
        await journey.TableEqualsItsCsvAsync("segments", "Segment", "Shoppers");
        var given = await journey.ActivateRuleAsync("Soon", ConditionJson.Write(new Comparison("intent_1", ConditionOperator.AtLeast, ["0.1"])));
        Assert.InRange(given, 1, 815);
        await journey.CodesAreExportedAsync(given);
    }

    [Fact(Explicit = true), Trait("Size", "Full")]
    public async Task With_the_online_retail_transactions()
    {
        var file = PublicData.Find("uci-online-retail/online_retail.csv.gz");
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var journey = new Journey(page, server, await page.SetUpShopAsync(server, "Gifts", "GBP", "Europe/London"));
        Assert.Equal((541_909, 541_909), await journey.ImportAsync(file));
        await journey.RunPipelineAsync();
        Assert.Contains("shoppers are in", await journey.AnswerAsync("segments"), StringComparison.Ordinal);
        await journey.TableEqualsItsCsvAsync("segments", "Segment", "Shoppers");
    }

    private const string Taobao = "taobao-userbehavior-sample/UserBehavior_sample.csv.gz";

    private static string WithoutHeader(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        reader.ReadLine();
        var path = Path.Combine(Directory.CreateTempSubdirectory("taobao-").FullName, "UserBehavior.csv");
        File.WriteAllText(path, reader.ReadToEnd());
        return path;
    }
}
