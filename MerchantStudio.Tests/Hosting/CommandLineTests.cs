using System.Globalization;
using System.Text.Json.Nodes;
using MerchantStudio.Commands;
using MerchantStudio.Core.AppState;
using MerchantStudio.Tests.Browser;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Hosting;

public sealed class CommandLineTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_server_a_command_opens_the_data_folder_itself()
    {
        var folder = TemporaryStudio.NewFolder();
        var made = await StudioProcess.RunAsync("workspace", "create", "Tee & Käse", "--currency", "EUR", "--time-zone", "Europe/Berlin", "--data", folder);
        Assert.Equal((0, ""), (made.Code, made.Error));
        Assert.Equal("tee-kase", JsonNode.Parse(made.Out)!["workspace"]!.GetValue<string>());

        await using (var studio = await TemporaryStudio.OpenAsync(folder: folder))
        {
            await using var db = await studio.DbAsync();
            Assert.Contains(db.Audit, entry => entry.Action == "workspace.created" && entry.Actor == "command line");
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task With_a_server_the_command_is_carried_out_inside_it()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        var made = await StudioProcess.RunAsync("workspace", "create", "Tea", "--currency", "USD", "--time-zone", "America/New_York", "--data", server.DataFolder);
        Assert.True(made.Code == 0, made.Error);

        // Only the server holds the folder, so whoever lists it asked the server as well.
        Assert.Equal("data.in-use", DataFolderLock.Take(new Core.Shop.StudioPaths(server.DataFolder)).Problem?.Code);
        var list = await StudioProcess.RunAsync("workspace", "list", "--data", server.DataFolder);
        Assert.Equal("tea", JsonNode.Parse(list.Out)![0]!["workspace"]!.GetValue<string>());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(CommandChannel.SocketPath(new Core.Shop.StudioPaths(server.DataFolder))));
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_names_the_first_and_ends()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        var second = await StudioProcess.RunAsync("serve", "--data", server.DataFolder, "--urls", "http://127.0.0.1:0");
        Assert.Equal(1, second.Code);
        Assert.Contains(server.Address.Authority, second.Error, StringComparison.Ordinal);
        Assert.Single(second.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://[::]:0")]
    public async Task An_address_that_others_can_reach_is_refused_in_one_sentence(string url)
    {
        var refused = await StudioProcess.RunAsync("--urls", url, "--data", TemporaryStudio.NewFolder());
        Assert.Equal(1, refused.Code);
        Assert.Contains("--allow-network", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_is_said_on_standard_error_and_the_exit_status()
    {
        var folder = TemporaryStudio.NewFolder();
        var refused = await StudioProcess.RunAsync("workspace", "create", "Tea", "--currency", "euros", "--time-zone", "Europe/Berlin", "--data", folder);
        Assert.Equal((1, ""), (refused.Code, refused.Out));
        Assert.Contains("workspace.currency-unknown", refused.Error, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Options_are_read_as_the_usage_line_says()
    {
        var read = CommandArguments.Read("--workspace W FILE FILE [--preset P] [--dry-run]", ["a.csv", "--workspace", "tea", "--dry-run", "--data=here", "b.csv"]);
        Assert.Equal(["a.csv", "b.csv"], read.Words);
        Assert.Equal(("tea", "here", true, false), (read["workspace"], read["data"], read.Has("dry-run"), read.Has("preset")));
        Assert.Throws<CommandUsageException>(() => CommandArguments.Read("FILE", ["--what"]));
        Assert.Throws<CommandUsageException>(() => CommandArguments.Read("--kind W FILE", ["a.csv", "b.csv"]));
        Assert.Throws<CommandUsageException>(() => CommandArguments.Read("--workspace W", ["--workspace"]));
    }

    [Fact, Trait("Row", "C4")]
    public async Task Being_killed_at_any_moment_of_the_first_start_does_not_block_the_next()
    {
        var folder = Directory.CreateDirectory(TemporaryStudio.NewFolder()).FullName;   // a slow machine kills before the first start would make it
        foreach (var after in (int[])[250, 400, 550, 700, 850])
        {
            using var process = StudioProcess.Start("--data", folder, "--urls", "http://127.0.0.1:0", "--Studio:Demo=false");
            await Task.Delay(after, Now);
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(Now);
        }

        var started = System.Diagnostics.Stopwatch.StartNew();
        await using (await StudioServer.StartInAsync(folder, Now, "--Studio:Demo=false"))
        {
            Assert.True(started.Elapsed < TimeSpan.FromSeconds(30), started.Elapsed.ToString("c", CultureInfo.InvariantCulture));
        }
    }
}
