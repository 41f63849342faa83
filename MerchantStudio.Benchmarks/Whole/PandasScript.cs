using System.Diagnostics;
using System.Text.Json;

namespace MerchantStudio.Benchmarks.Whole;

/// <param name="Seconds">By part, in the order in which they ran.</param>
internal sealed record PandasRun(string Versions, Dictionary<string, double> Seconds, double PeakGigabytes, long Rows, long Sessions, long Users, double Revenue, double Views30, double Orders, double Recency, int Features);

/// <summary>The same work as a script of pandas, where pandas is installed.</summary>
internal static class PandasScript
{
    private static readonly string[] Interpreters = ["/usr/bin/python3", "python3"];

    /// <returns>Null where there is no Python with pandas.</returns>
    public static async Task<PandasRun?> RunAsync(string path)
    {
        foreach (var python in Interpreters)
        {
            if (await OutputAsync(python, "-c", "import pandas") is null) continue;
            var output = await OutputAsync(python, Path.Combine(AppContext.BaseDirectory, "Whole", "whole.py"), path, $"{GeneratedEvents.End:yyyy-MM-dd}");
            return JsonSerializer.Deserialize<PandasRun>(output ?? throw new InvalidOperationException("The pandas script failed."), JsonSerializerOptions.Web);
        }

        return null;
    }

    private static async Task<string?> OutputAsync(string file, params string[] arguments)
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
