using System.IO.Compression;
using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

public sealed class PublicFileTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Online_Retail_keeps_every_line_and_turns_cancellations_into_refunds()
    {
        var file = PublicData.Find("uci-online-retail/online_retail.csv.gz");
        await using var world = await ImportWorld.OpenAsync();
        var report = (await world.ImportFileAsync(file)).Value;
        TestContext.Current.SendDiagnosticMessage($"UCI: {report.Seconds:0.00} s");
        Assert.Equal((541_909, 541_909, 0, 0), (report.Read, report.Accepted, report.Rejected, report.Duplicates));
        Assert.Equal(9_288, report.Events.Single(count => count.Type == "refund").Rows);
        Assert.Equal(0, await world.ScalarAsync<long>("select count(*) from events where event_type = 'refund' and quantity <= 0"));
        Assert.Equal(
            (397_884L, 4_338L, 8_911_407.90m),
            (await world.ScalarAsync<long>(Sold("count(*)")), await world.ScalarAsync<long>(Sold("count(distinct user_id)")), await world.ScalarAsync<decimal>(Sold("round(sum(price * quantity), 2)"))));
        Assert.True(report.Identical > 5_000, "identical lines are reported, and kept");
        Assert.Equal(135_080, report.Notes.Single(note => note.Code == "no_shopper").Rows);
        Assert.InRange(await world.ScalarAsync<long>("select count(*) from products"), 3_000, 4_100);
        Assert.InRange(report.Seconds, 0, 60);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UserBehavior_is_recognised_with_and_without_its_header(bool withHeader)
    {
        var text = ReadGzip(PublicData.Find("taobao-userbehavior-sample/UserBehavior_sample.csv.gz"));
        if (!withHeader) text = text[(text.IndexOf('\n') + 1)..];
        await using var world = await ImportWorld.OpenAsync();
        var staged = (await world.Importer.StageAsync(world.Scope, new MemoryStream(Encoding.UTF8.GetBytes(text)), "UserBehavior.csv", null, null, Now)).Value;
        var inspection = (await world.Importer.InspectAsync(world.Scope, staged.Id, null, null, null, Now)).Value;
        Assert.Equal(("taobao-userbehavior", withHeader), (inspection.Preset, inspection.Shape.HasHeader));
        Assert.InRange(inspection.EstimatedRows, 80_000, 90_000);
        var report = (await world.Importer.ImportAsync(world.Scope, staged.Id, inspection.Mapping, new ImportChoices(), Now)).Value;
        Assert.Equal((84_475, 84_475, 815), (report.Read, report.Accepted, report.Shoppers));
        Assert.Equal([new("view", 75_872), new("add_to_cart", 4_497), new("favorite", 2_356), new("purchase", 1_750)], report.Events);
        Assert.Equal(withHeader ? 2 : 1, await world.ScalarAsync<long>("select min(source_line) from events"));
    }

    [Fact]
    public async Task The_clothing_reviews_are_recognised_with_line_breaks_inside_their_texts()
    {
        var file = PublicData.Find("womens-clothing-reviews/womens_clothing_reviews.csv.gz");
        await using var world = await ImportWorld.OpenAsync();
        var report = (await world.ImportFileAsync(file)).Value;
        Assert.Equal((DatasetKind.Reviews, 23_486, 23_486), (report.Kind, report.Read, report.Accepted));
        Assert.Equal(845, await world.ScalarAsync<long>("select count(*) from reviews where text is null"));
        Assert.Equal(5, await world.ScalarAsync<double>("select max(rating) from reviews"));
    }

    [Fact]
    public async Task The_Chinese_reviews_are_recognised_by_label()
    {
        var file = PublicData.Find("online-shopping-10-cats/online_shopping_10_cats.csv.gz");
        await using var world = await ImportWorld.OpenAsync();
        var report = (await world.ImportFileAsync(file)).Value;
        Assert.Equal((DatasetKind.Reviews, 62_774, 62_774), (report.Kind, report.Read, report.Accepted));
        Assert.Equal(31_728, await world.ScalarAsync<long>("select count(*) from reviews where label = 'positive'"));
    }

    private static string Sold(string what) =>
        $"select {what} from events where event_type = 'purchase' and user_id is not null and quantity > 0 and price > 0";

    private static string ReadGzip(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }
}
