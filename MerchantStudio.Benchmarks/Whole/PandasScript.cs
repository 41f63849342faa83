using System.Text.Json;

namespace MerchantStudio.Benchmarks.Whole;

/// <param name="Seconds">By part, in the order in which they ran.</param>
internal sealed record PandasRun(string Versions, Dictionary<string, double> Seconds, double PeakGigabytes, long Rows, long Sessions, long Users, double Revenue, double Views30, double Orders, double Recency, int Features);

/// <summary>The same work as a script of pandas, where pandas is installed.</summary>
internal static class PandasScript
{
    /// <returns>Null where there is no Python with pandas.</returns>
    public static async Task<PandasRun?> RunAsync(string path)
    {
        if (await PythonScript.FindAsync("pandas") is not { } python) return null;
        var output = await PythonScript.OutputAsync(python, Path.Combine(AppContext.BaseDirectory, "Whole", "whole.py"), path, $"{GeneratedEvents.End:yyyy-MM-dd}");
        return JsonSerializer.Deserialize<PandasRun>(output ?? throw new InvalidOperationException("The pandas script failed."), JsonSerializerOptions.Web);
    }
}
