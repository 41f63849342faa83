using System.Collections.Concurrent;
using System.Globalization;

namespace MerchantStudio.Tests.Ingestion.Formats;

/// <summary>Looks at the memory of this process's readers while a test runs, as the system counts it: each one's peak up to the look.</summary>
internal sealed class ReaderWatch : IAsyncDisposable
{
    private static readonly string Own = OperatingSystem.IsLinux() ? File.ReadAllText("/proc/self/cmdline") : "";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, long> _peaks = new();
    private readonly Task _watching;

    public ReaderWatch() => _watching = Task.Run(WatchAsync);

    public int Seen => _peaks.Count;

    /// <summary>The largest peak of any of them, bytes.</summary>
    public long MostBytes => _peaks.Values.DefaultIfEmpty(0).Max();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture)))
            {
                if (PeakOf(process) is { } peak) _peaks.AddOrUpdate(process, peak, (_, before) => Math.Max(before, peak));
            }

            await Task.Delay(Look, CancellationToken.None);
        }
    }

    /// <returns>Null for a process that is no child of ours, or has ended.</returns>
    private static long? PeakOf(int process)
    {
        try
        {
            // Until it runs its own program a child shows the memory of its parent.
            if (File.ReadAllText($"/proc/{process}/cmdline") == Own) return null;
            string? parent = null, peak = null;
            foreach (var line in File.ReadLines($"/proc/{process}/status"))
            {
                if (line.StartsWith("PPid:", StringComparison.Ordinal)) parent = line["PPid:".Length..].Trim();
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal)) peak = line["VmHWM:".Length..^"kB".Length].Trim();
            }

            return parent == Environment.ProcessId.ToString(CultureInfo.InvariantCulture) && peak is not null ? long.Parse(peak, CultureInfo.InvariantCulture) << 10 : null;
        }
        catch (IOException)
        {
            // It ended between the two looks.
            return null;
        }
    }
}
