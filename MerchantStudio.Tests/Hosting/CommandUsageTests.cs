using MerchantStudio.Commands;
using MerchantStudio.Tests.Browser;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Hosting;

/// <summary>What is typed wrongly, or asked for, is answered in words and exit statuses: 0 for help, 1 for a problem, 2 for a mistake in typing.</summary>
public sealed class CommandUsageTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public static TheoryData<string> Commands => [.. StudioCommands.All.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Each_command_explains_itself_and_does_nothing_else(string name)
    {
        var folder = TemporaryStudio.NewFolder();
        var help = await StudioProcess.RunAsync([.. name.Split(' '), "--help", "--data", folder]);
        Assert.Equal((0, ""), (help.Code, help.Error));
        Assert.StartsWith(StudioCommands.Line(StudioCommands.All.Single(command => command.Name == name)), help.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Help_for_the_server_lists_every_command_and_serves_nothing()
    {
        var help = await StudioProcess.RunAsync("serve", "--help");
        Assert.Equal(0, help.Code);
        Assert.All(StudioCommands.All, command => Assert.Contains(StudioCommands.Line(command), help.Out, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mistakes_are_told_and_leave_nothing_behind_with_and_without_a_server(bool served)
    {
        var folder = TemporaryStudio.NewFolder();
        Directory.CreateDirectory(folder);
        await using var server = served ? await StudioServer.StartInAsync(folder, Now, "--Studio:Demo=false") : null;
        try
        {
            var file = Path.Combine(folder, "one.csv");
            await File.WriteAllTextAsync(file, "user_id,event_type,item_id,timestamp\nann,view,tea,2026-01-01\n", Now);
            await ExpectAsync(folder, 1, "workspace.unknown", "pipeline", "--workspace", "none");
            // Without a server each takes a start of the program.
            if (served)
            {
                await ExpectAsync(folder, 1, "workspace.unknown", "export", "--workspace", "none", "--what", "scores");
                await ExpectAsync(folder, 1, "import.dry-run-needs-workspace", "import", "--workspace", "none", file, "--dry-run");
                await ExpectAsync(folder, 1, "import.no-such-file", "import", "--workspace", "none", "missing.csv");
            }

            var bad = Path.Combine(folder, "bad.csv");
            await File.WriteAllTextAsync(bad, "user_id,event_type,item_id,timestamp\nann,view,tea,never\n", Now);
            await ExpectAsync(folder, 1, "import.nothing-accepted", "import", "--workspace", "none", bad);
            await ExpectAsync(folder, 2, "Usage: MerchantStudio import --workspace W", "import", "--workspace", "none");
            await ExpectAsync(folder, 2, "one word too many", "import", "--workspace", "none", file, "another.csv");
            Assert.Equal("[]", (await StudioProcess.RunAsync("workspace", "list", "--data", folder)).Out.Trim());

            Assert.Equal(0, (await StudioProcess.RunAsync("import", "--workspace", "tea", file, "--data", folder)).Code);
            var target = Path.Combine(folder, "out.csv");
            await ExpectAsync(folder, 2, "not known for --what", "export", "--workspace", "tea", "--what", "hats", "--out", target);
            if (served) await ExpectAsync(folder, 1, "export.not-there-yet", "export", "--workspace", "tea", "--what", "scores", "--out", target);
            await ExpectAsync(folder, 1, "export.not-writable", "export", "--workspace", "tea", "--what", "rejects", "--out", Path.Combine(folder, "no-such-folder", "out.csv"));
            Assert.Empty(Directory.EnumerateFiles(folder, "out.csv*"));
        }
        finally
        {
            if (!served) Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ExpectAsync(string folder, int code, string said, params string[] words)
    {
        var ending = await StudioProcess.RunAsync([.. words, "--data", folder]);
        Assert.Contains(said, ending.Error, StringComparison.Ordinal);
        Assert.Equal((code, ""), (ending.Code, ending.Out));
    }
}
