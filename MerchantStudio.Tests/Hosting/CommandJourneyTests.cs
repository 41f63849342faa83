using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Browser;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Hosting;

/// <summary>A shop's whole way on the command line: made, filled, learnt from, exported in each form.</summary>
public sealed class CommandJourneyTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Import_pipeline_training_and_exports_work_with_and_without_a_server(bool served)
    {
        var folder = TemporaryStudio.NewFolder();
        Directory.CreateDirectory(folder);
        await using (served ? await StudioServer.StartInAsync(folder, Now, "--Studio:Demo=false") : null)
        {
            var file = Path.Combine(folder, "events.csv");
            await File.WriteAllTextAsync(file, Events(shoppers: 150, days: 30), Now);
            await JsonAsync(folder, "workspace", "create", "Tea", "--currency", "EUR", "--time-zone", "Europe/Berlin");
            Assert.Equal(0, (await JsonAsync(folder, "import", "--workspace", "tea", file))["rejected"]!.GetValue<long>());
            var run = await JsonAsync(folder, "pipeline", "--workspace", "tea", "--horizon-days", "7");
            Assert.Equal(9, run["stages"]!.AsArray().Count);
            var trained = await JsonAsync(folder, "train", "--workspace", "tea", "--models", "bayes,logistic", "--time-budget", "60");
            Assert.Equal(["bayes", "logistic"], trained["models"]!.AsArray().Select(model => model!["family"]!.GetValue<string>()).Order());
            Assert.All(trained["models"]!.AsArray(), model => Assert.InRange(model!["test"]!["auroc"]!.GetValue<double>(), 0.4, 1));
            var refused = await StudioProcess.RunAsync("train", "--workspace", "tea", "--models", "oracle", "--data", folder);
            Assert.NotEqual(0, refused.Code);
            Assert.Contains("bayes, ", refused.Error, StringComparison.Ordinal);

            // What a server hands out it reads as the command itself does.
            foreach (var what in served ? (string[])["scores"] : ["scores", "segments", "features"])
            {
                var csv = await StudioProcess.RunAsync("export", "--workspace", "tea", "--what", what, "--data", folder);
                var lines = csv.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                Assert.Equal((0, 151), (csv.Code, lines.Length));
                if (what == "segments")
                {
                    var json = await StudioProcess.RunAsync("export", "--workspace", "tea", "--what", what, "--format", "json", "--data", folder);
                    Assert.Equal(150, JsonNode.Parse(json.Out)!.AsArray().Count);
                }

                var parquet = Path.Combine(folder, what + ".parquet");
                Assert.Equal(150, (await JsonAsync(folder, "export", "--workspace", "tea", "--what", what, "--format", "parquet", "--out", parquet))["rows"]!.GetValue<int>());
                Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, "workspaces", "tea"), "*.parquet"));
                await AssertSameAsync(parquet, lines, what == "scores" ? "probability" : null);
            }
        }

        if (!served) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Reads the file with the engine's own reader, in a studio that has never seen the shop.</summary>
    private static async Task AssertSameAsync(string parquet, string[] csv, string? number)
    {
        await using var other = await TemporaryStudio.OpenAsync();
        var scope = await other.WorkspaceAsync("reader");
        var warehouse = await other.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Now);
        var copy = Path.Combine(other.Get<StudioPaths>().WorkspaceFolder(scope.Workspace), "copy.parquet");
        File.Copy(parquet, copy);
        var columns = csv[0].TrimStart('\uFEFF').Split(',');
        var described = await warehouse.QueryAsync($"select column_name from (describe select * from read_parquet('{copy}'))", row => row.Text(0)!, [], Now);
        Assert.Equal(columns, described);
        var ids = await warehouse.QueryAsync($"select user_id from read_parquet('{copy}')", row => row.Text(0)!, [], Now);
        Assert.Equal(csv.Skip(1).Select(line => line.Split(',')[0]), ids);
        if (number is null) return;
        var values = await warehouse.QueryAsync($"select {number} from read_parquet('{copy}')", row => row.Double(0).ToString("0.0000", CultureInfo.InvariantCulture), [], Now);
        Assert.Equal(csv.Skip(1).Select(line => line.Split(',')[Array.IndexOf(columns, number)]), values);
    }

    private static async Task<JsonNode> JsonAsync(string folder, params string[] words)
    {
        var ending = await StudioProcess.RunAsync([.. words, "--data", folder]);
        Assert.True(ending.Code == 0, ending.Error);
        return JsonNode.Parse(ending.Out)!;
    }

    /// <summary>Shoppers who look every third day; who puts something in the basket buys it the next day, mostly.</summary>
    internal static string Events(int shoppers, int days)
    {
        var random = new Random(4);
        var text = new StringBuilder("user_id,event_type,item_id,timestamp,price\n");
        for (var shopper = 0; shopper < shoppers; shopper++)
        {
            var eager = random.NextDouble();
            for (var day = 0; day < days; day++)
            {
                if (random.NextDouble() > 0.15 + (0.5 * eager)) continue;
                var at = new DateTime(2026, 3, 2, 8, 0, 0, DateTimeKind.Utc).AddDays(day).AddMinutes(random.Next(600));
                Add(shopper, "view", at);
                if (random.NextDouble() > 0.8 * eager) continue;
                Add(shopper, "add_to_cart", at.AddMinutes(3));
                if (random.NextDouble() < 0.7) Add(shopper, "purchase", at.AddHours(20));
            }
        }

        return text.ToString();

        void Add(int shopper, string type, DateTime at) =>
            text.Append(CultureInfo.InvariantCulture, $"u{shopper:0000},{type},item-{shopper % 17},{at:yyyy-MM-ddTHH:mm:ssZ},{5 + (shopper % 30)}\n");
    }
}
