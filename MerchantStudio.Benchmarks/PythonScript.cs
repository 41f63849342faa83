using System.Diagnostics;

namespace MerchantStudio.Benchmarks;

/// <summary>Runs the other side of a comparison, where Python has what it needs.</summary>
internal static class PythonScript
{
    private static readonly string[] Interpreters = ["/usr/bin/python3", "python3"];

    /// <returns>An interpreter that can import the module; null without one.</returns>
    public static async Task<string?> FindAsync(string module)
    {
        foreach (var python in Interpreters)
        {
            if (await OutputAsync(python, "-c", $"import {module}") is not null) return python;
        }

        return null;
    }

    /// <returns>What it printed; null when it failed or is not here.</returns>
    public static async Task<string?> OutputAsync(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file) { RedirectStandardOutput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
