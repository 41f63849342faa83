using System.Diagnostics;
using MerchantStudio.Tests.Architecture;
using Xunit;

namespace MerchantStudio.Tests.Hosting;

/// <summary>The real program, run once with some words.</summary>
internal static class StudioProcess
{
    public sealed record Ending(int Code, string Out, string Error);

    /// <summary>Runs it to its end.</summary>
    public static Task<Ending> RunAsync(params string[] words) => EndAsync(Start(words));

    /// <summary>Runs some of these tests in a process of their own, with nothing else at work in it.</summary>
    /// <param name="method">Full name; an explicit one, or the suite would run it a second time.</param>
    /// <param name="folder">Where a copy of these tests lies; null for the tests themselves.</param>
    public static Task<Ending> RunTestsAloneAsync(string method, string? folder = null, params (string Name, string Value)[] environment) => EndAsync(Start(
        Path.Combine(folder ?? AppContext.BaseDirectory, Path.GetFileName(typeof(StudioProcess).Assembly.Location)),
        ["--filter-method", method, "--explicit", "only", "--output", "detailed", "--no-ansi", "--no-progress"],
        environment));

    public static Process Start(params string[] words) => Start(Program(), words, []);

    private static Process Start(string program, string[] words, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. words]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        LeavesNothingBehind(start);
        return Process.Start(start)!;
    }

    private static async Task<Ending> EndAsync(Process started)
    {
        using var process = started;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Ending(process.ExitCode, await output, await error);
    }

    /// <summary>A runtime that is killed would leave the pipes of its diagnostics in the temporary folder.</summary>
    public static void LeavesNothingBehind(ProcessStartInfo start) => start.Environment["DOTNET_EnableDiagnostics"] = "0";

    /// <summary>The application's own output folder, built with the same configuration as these tests.</summary>
    private static string Program()
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Repository.Path("MerchantStudio", "bin", framework.Parent!.Name, framework.Name, "MerchantStudio.dll");
    }
}
