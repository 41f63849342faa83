using System.Globalization;
using System.Runtime.Versioning;
using Xunit;

namespace MerchantStudio.Tests.Hosting;

/// <summary>A limit on the memory of some processes together, kept by the system: a control group of Linux, of the first or the second kind.</summary>
[SupportedOSPlatform("linux")]
internal sealed class MemoryGroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(10);
    private readonly string _folder;
    private readonly bool _first;

    private MemoryGroup(string folder, bool first)
    {
        _folder = folder;
        _first = first;
    }

    /// <summary>What stands before a command so that it runs inside.</summary>
    public string[] Before => ["/bin/sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", Path.Combine(_folder, "cgroup.procs")];

    /// <summary>Bytes at most so far, the cached pages of files included.</summary>
    public long Peak => Number(_first ? "memory.max_usage_in_bytes" : "memory.peak");

    /// <summary>Processes that the system ended because the limit was reached.</summary>
    public long Killed => Lines(_first ? "memory.oom_control" : "memory.events").Where(line => line.StartsWith("oom_kill ", StringComparison.Ordinal)).Select(line => long.Parse(line["oom_kill ".Length..], CultureInfo.InvariantCulture)).Single();

    /// <summary>Skips the running test where the system does not let us make one.</summary>
    public static MemoryGroup Create(long bytes)
    {
        var first = Directory.Exists(Path.Combine(Root, "memory"));
        var folder = Path.Combine(Root, first ? "memory" : "", $"studio-test-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            var group = new MemoryGroup(folder, first);
            File.WriteAllText(Path.Combine(folder, first ? "memory.limit_in_bytes" : "memory.max"), bytes.ToString(CultureInfo.InvariantCulture));
            return group;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(folder)) Directory.Delete(folder);
            Assert.Skip($"No control group can be made here: {refused.Message}");
            throw;
        }
    }

    /// <summary>All of its processes must have ended.</summary>
    public void Dispose()
    {
        var since = System.Diagnostics.Stopwatch.GetTimestamp();
        while (Lines("cgroup.procs").Length > 0 && System.Diagnostics.Stopwatch.GetElapsedTime(since) < Leaving) Thread.Sleep(20);
        Directory.Delete(_folder);
    }

    private long Number(string file) => long.Parse(File.ReadAllText(Path.Combine(_folder, file)), CultureInfo.InvariantCulture);

    private string[] Lines(string file) => File.ReadAllLines(Path.Combine(_folder, file));
}
