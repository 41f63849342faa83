using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;

namespace MerchantStudio.Core.Workers;

/// <summary>How this machine starts this very program once more.</summary>
internal static class WorkerProgram
{
    private const string Name = "MerchantStudio";

    /// <summary>What stands before a command so that it has no network: empty where the system does not allow it.</summary>
    public static Lazy<ImmutableArray<string>> WithoutNetwork { get; } = new(() =>
        OperatingSystem.IsLinux() ? ((ImmutableArray<string>[])[["unshare", "--net"], ["unshare", "--map-root-user", "--net"]]).FirstOrDefault(Works, []) : []);

    public static ImmutableArray<string> Find()
    {
        var own = Environment.ProcessPath;
        if (Path.GetFileName(own) is Name or Name + ".exe") return [own!];
        var library = Path.Combine(AppContext.BaseDirectory, Name + ".dll");
        return [Path.GetFileName(own) is "dotnet" or "dotnet.exe" ? own! : "dotnet", library];
    }

    private static bool Works(ImmutableArray<string> before)
    {
        try
        {
            using var trial = Process.Start(new ProcessStartInfo(before[0], [.. before[1..], "true"]) { RedirectStandardError = true, RedirectStandardOutput = true });
            return trial is not null && trial.WaitForExit(5_000) && trial.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            // There is no such program here.
            return false;
        }
    }
}
