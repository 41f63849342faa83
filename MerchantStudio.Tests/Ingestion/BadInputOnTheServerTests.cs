using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MerchantStudio.Tests.Browser;
using MerchantStudio.Tests.Hosting;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>Each kind of unfit file, given to a running server as a person would: it says what is wrong, where and what to do, shows nothing of the file, and goes on serving.</summary>
public sealed class BadInputOnTheServerTests(BadInputOnTheServerTests.Running running) : IClassFixture<BadInputOnTheServerTests.Running>
{
    private const string Header = "user_id,event_type,item_id,timestamp,price\n";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[], string, string> Unfit => new()
    {
        { "empty", [], "The file is empty. Export it again", "import.empty-file" },
        { "header-only", Text(Header), "no rows below it. Export it again", "import.header-only" },
        { "wrong-delimiter", Text("user_id^event_type^item_id^timestamp\nann^view^tea^2026-01-01\nbob^view^tea^2026-01-02\n"), "separated by comma, semicolon, tab or |", "import.one-column" },
        { "binary", [.. Enumerable.Range(0, 4096).Select(at => (byte)(at * 7919 % 251))], "Save or export it as CSV", "import.binary-file" },
        { "dates", Text(Header + "ann,view,tea,2026-13-45,5\nbob,view,tea,2026-14-45,5\n"), "line 2, column timestamp: '2026-13-45' is not a time", "import.nothing-accepted" },
        { "prices", Text(Header + "ann,purchase,tea,2026-01-01,cheap\n"), "line 2, column price: 'cheap'", "import.nothing-accepted" },
        { "shoppers", Text(Header + ",view,tea,2026-01-01,5\n"), "line 2, column user_id: The row names neither a shopper", "import.nothing-accepted" },
        { "names", Text(Header + "ann,wishl,tea,2026-01-01,5\n"), "line 2, column event_type: 'wishl' is not a known event", "import.nothing-accepted" },
        { "letters", Encoding.Latin1.GetBytes("user_id,event_type,item_id,timestamp\n" + string.Concat(Enumerable.Repeat("café,view,thé vert,2026-01-01\n", 50))), "Save it as CSV UTF-8", "import.unknown-encoding" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public async Task A_file_that_cannot_be_used_is_refused_in_words_and_nothing_of_it_is_there(string name, byte[] file, string said, string code)
    {
        var refused = await running.ImportAsync(name, file);
        Assert.Equal((1, ""), (refused.Code, refused.Out));
        Assert.Contains($"{name}.csv: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains(said, refused.Error, StringComparison.Ordinal);
        Assert.Contains(code, refused.Error, StringComparison.Ordinal);
        Assert.Contains($"There is no workspace '{name}'", (await running.CommandAsync("pipeline", "--workspace", name)).Error, StringComparison.Ordinal);
        await StillServesAsync(name, file: "user_id,event_type,item_id,timestamp\nann,view,tea,2026-01-01\n");
    }

    [Fact]
    public async Task Without_any_purchase_intent_says_what_is_missing_and_segments_are_there()
    {
        Assert.Equal(0, (await running.ImportAsync("no-purchase", Text(Header + Views(shoppers: 30, days: 28)))).Code);
        var run = await PipelineAsync("no-purchase");
        Assert.All(run["intent"]!.AsArray(), section => Assert.Contains("no purchase", section!["missing"]!.GetValue<string>(), StringComparison.OrdinalIgnoreCase));
        Assert.Equal(30, run["segments"]!["shoppers"]!.GetValue<int>());
        Assert.Equal(31, (await running.CommandAsync("export", "--workspace", "no-purchase", "--what", "segments")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task One_single_shopper_goes_through_the_whole_run()
    {
        Assert.Equal(0, (await running.ImportAsync("single", Text(Header + Views(shoppers: 1, days: 28)))).Code);
        var run = await PipelineAsync("single");
        Assert.All(run["intent"]!.AsArray(), section => Assert.Contains(' ', section!["missing"]!.GetValue<string>()));
        Assert.Equal(1, run["segments"]!["shoppers"]!.GetValue<int>());
    }

    [Fact]
    public async Task Reviews_that_are_all_five_stars_say_that_there_is_no_contrast()
    {
        Assert.Equal(0, (await running.ImportAsync("five-stars", Text("text,rating\n" + string.Concat(Enumerable.Range(0, 80).Select(at => $"lovely number {at},5\n"))))).Code);
        Assert.Contains("no contrast", (await PipelineAsync("five-stars"))["sentiment"]!["missing"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_only_in_the_future_are_told_and_stop_at_the_quality_gate()
    {
        var report = await running.ImportAsync("future", Text(Header + "ann,view,tea,2150-01-01,\nann,purchase,tea,2150-01-02,5\n"));
        Assert.Equal("all_future", JsonNode.Parse(report.Out)!["notes"]![0]!["code"]!.GetValue<string>());
        var refused = await running.CommandAsync("pipeline", "--workspace", "future");
        Assert.Contains("events.future", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, refused.Code);
    }

    [Fact]
    public async Task The_same_file_twice_adds_nothing_and_names_the_first()
    {
        var file = Text(Header + Views(shoppers: 3, days: 5));
        Assert.Equal(0, (await running.ImportAsync("twice", file)).Code);
        var again = await running.ImportAsync("twice", file);
        Assert.Contains("here already as import 1; nothing was added", again.Error, StringComparison.Ordinal);
        Assert.Equal((0, 15), (JsonNode.Parse(again.Out)!["accepted"]!.GetValue<int>(), JsonNode.Parse(again.Out)!["duplicates"]!.GetValue<int>()));
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static string Views(int shoppers, int days) =>
        string.Concat(from shopper in Enumerable.Range(0, shoppers) from day in Enumerable.Range(1, days) select $"u{shopper},view,item-{shopper % 7},2026-01-{day:00} 10:00:00,1\n");

    private async Task<JsonNode> PipelineAsync(string workspace)
    {
        var run = await running.CommandAsync("pipeline", "--workspace", workspace);
        Assert.True(run.Code == 0, run.Error);
        return JsonNode.Parse(run.Out)!;
    }

    private async Task StillServesAsync(string workspace, string file)
    {
        using var client = new HttpClient { BaseAddress = running.Server.Address };
        using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), Now);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        var sound = await running.ImportAsync(workspace, Text(file));
        Assert.Equal(1, JsonNode.Parse(sound.Out)!["accepted"]!.GetValue<int>());
    }

    /// <summary>A server for all these tests, and the commands sent through its channel.</summary>
    public sealed class Running : IAsyncLifetime
    {
        internal StudioServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");

        public ValueTask DisposeAsync() => Server.DisposeAsync();

        internal async Task<StudioProcess.Ending> ImportAsync(string name, byte[] file)
        {
            var path = Path.Combine(Server.DataFolder, name + ".csv");
            await File.WriteAllBytesAsync(path, file, Now);
            return await CommandAsync("import", "--workspace", name, path);
        }

        internal Task<StudioProcess.Ending> CommandAsync(params string[] words) => Server.CommandAsync(Now, words);
    }
}
