using System.Runtime.InteropServices;

namespace MerchantStudio.Core.Native.Threads;

/// <summary>How long the calling thread has computed, which other work on the machine hardly changes. Two moments of different threads have nothing to do with each other.</summary>
internal sealed partial class ThreadClock : TimeProvider
{
    private const int ThreadTime = 3;   // CLOCK_THREAD_CPUTIME_ID of Linux

    private ThreadClock()
    {
    }

    /// <summary>Null where the system does not tell.</summary>
    public static ThreadClock? Known { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess && GetTime(ThreadTime, out _) == 0 ? new ThreadClock() : null;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => GetTime(ThreadTime, out var now) == 0 ? (now.Seconds * TimestampFrequency) + now.Nanoseconds : throw new InvalidOperationException("clock_gettime");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Moment moment);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Moment
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
