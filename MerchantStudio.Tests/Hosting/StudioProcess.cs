using System.Diagnostics;
using MerchantStudio.Tests.Architecture;
using Xunit;

namespace MerchantStudio.Tests.Hosting;

/// <summary>The real program, run once with some words.</summary>
internal static class StudioProcess
{
    public sealed record Ending(int Code, string Out, string Error);

    /// <summary>Runs it to its end.</summary>
    public static async Task<Ending> RunAsync(params string[] words)
    {
        using var process = Start(words);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Ending(process.ExitCode, await output, await error);
    }

    public static Process Start(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Program(), .. words]) { RedirectStandardOutput = true, RedirectStandardError = true };
        LeavesNothingBehind(start);
        return Process.Start(start)!;
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
