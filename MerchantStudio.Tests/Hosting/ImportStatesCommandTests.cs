using System.Text.Json.Nodes;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Hosting;

/// <summary>Order states that nobody knows, explained on the command line.</summary>
public sealed class ImportStatesCommandTests
{
    private const string Orders = "order_id,user_id,timestamp,order_state,item_id,price,quantity\n1,ann,2026-06-01,Awaiting pickup,tea,5,1\n2,bob,2026-06-01,Awaiting pickup,tea,5,1\n3,cyd,2026-06-01,Lost,cup,7,1\n";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_listed_explained_and_known_the_next_time()
    {
        var folder = TemporaryStudio.NewFolder();
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "orders.csv");
        await File.WriteAllTextAsync(file, Orders, Now);
        Assert.Equal(0, (await StudioProcess.RunAsync("workspace", "create", "Tea", "--currency", "EUR", "--time-zone", "UTC", "--data", folder)).Code);
        Assert.Equal("Awaiting pickup 2 ?, Lost 1 ?", await StatesAsync(folder, file, "--dry-run"));

        var wrong = await StudioProcess.RunAsync("import", "--workspace", "tea", file, "--data", folder, "--states", "Lost=gone");
        Assert.Equal(2, wrong.Code);
        Assert.Contains("Say of the order state 'Lost' what it means: paid, pending, cancelled, refunded, partially_refunded", wrong.Error, StringComparison.Ordinal);

        Assert.Equal("Awaiting pickup 2 paid, Lost 1 cancelled", await StatesAsync(folder, file, "--states", "Awaiting pickup=Paid; Lost=cancelled"));
        await File.WriteAllTextAsync(file, Orders.Replace("2026-06-01", "2026-06-02", StringComparison.Ordinal), Now);
        Assert.Equal("Awaiting pickup 2 paid, Lost 1 cancelled", await StatesAsync(folder, file, "--dry-run"));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> StatesAsync(string folder, string file, params string[] options)
    {
        var ending = await StudioProcess.RunAsync(["import", "--workspace", "tea", file, "--data", folder, .. options]);
        Assert.True(ending.Code == 0, ending.Error);
        return string.Join(", ", JsonNode.Parse(ending.Out)!["states"]!.AsArray().Select(state => $"{state!["word"]} {state["rows"]} {state["means"]?.ToString() ?? "?"}"));
    }
}
