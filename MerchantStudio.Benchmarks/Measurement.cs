using System.Diagnostics;
using System.Globalization;

namespace MerchantStudio.Benchmarks;

/// <summary>
/// Runs named parts one after the other and prints what each took, as a Markdown table: wall-clock and processor seconds and the most memory it held.
/// The processor's say what the work costs also when the machine is busy with other things.
/// </summary>
internal sealed class Measurement
{
    private readonly List<(string Part, double Seconds, double Processor, double Peak, string Note)> _parts = [];

    public double Seconds => _parts.Sum(part => part.Seconds);

    /// <summary>The most resident memory of all parts.</summary>
    public double PeakGigabytes => _parts.Max(part => part.Peak);

    public async Task<T> TakeAsync<T>(string part, Func<Task<T>> work, Func<T, double, string> note)
    {
        ForgetPeak();
        var clock = Stopwatch.StartNew();
        var before = Environment.CpuUsage.TotalTime;
        var result = await work();
        var processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        _parts.Add((part, clock.Elapsed.TotalSeconds, processor, Process.GetCurrentProcess().PeakWorkingSet64 / 1e9, note(result, clock.Elapsed.TotalSeconds)));
        return result;
    }

    public void Print(string title)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {Environment.ProcessorCount} cores, .NET {Environment.Version}"));
        Console.WriteLine();
        Console.WriteLine("| part | seconds | processor seconds | peak resident, GB | |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (part, seconds, processor, peak, note) in _parts) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {part} | {seconds:0.00} | {processor:0.00} | {peak:0.00} | {note} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| all | {Seconds:0.00} | {_parts.Sum(part => part.Processor):0.00} | {PeakGigabytes:0.00} | |"));
    }

    /// <summary>Linux keeps the highest resident size until it is told to start again from the present one; elsewhere a part also shows its predecessors' peak.</summary>
    private static void ForgetPeak()
    {
        const string Forget = "/proc/self/clear_refs";
        if (File.Exists(Forget)) File.WriteAllText(Forget, "5");
    }
}
