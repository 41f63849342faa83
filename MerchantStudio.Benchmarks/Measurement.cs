using System.Diagnostics;
using System.Globalization;

namespace MerchantStudio.Benchmarks;

/// <summary>
/// Runs named parts one after the other and prints what each took, as a Markdown table: wall-clock and processor seconds.
/// The second says what the work costs also when the machine is busy with other things.
/// </summary>
internal sealed class Measurement
{
    private readonly List<(string Part, double Seconds, double Processor, string Note)> _parts = [];

    public async Task<T> TakeAsync<T>(string part, Func<Task<T>> work, Func<T, double, string> note)
    {
        var clock = Stopwatch.StartNew();
        var before = Environment.CpuUsage.TotalTime;
        var result = await work();
        var processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        _parts.Add((part, clock.Elapsed.TotalSeconds, processor, note(result, clock.Elapsed.TotalSeconds)));
        return result;
    }

    public void Print(string title)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {Environment.ProcessorCount} cores, .NET {Environment.Version}"));
        Console.WriteLine();
        Console.WriteLine("| part | seconds | processor seconds | |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (part, seconds, processor, note) in _parts) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {part} | {seconds:0.00} | {processor:0.00} | {note} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| all | {_parts.Sum(part => part.Seconds):0.00} | {_parts.Sum(part => part.Processor):0.00} | peak resident {Process.GetCurrentProcess().PeakWorkingSet64 / 1e9:0.00} GB |"));
    }
}
