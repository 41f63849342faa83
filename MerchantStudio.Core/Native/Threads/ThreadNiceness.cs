using System.Runtime.InteropServices;

namespace MerchantStudio.Core.Native.Threads;

/// <summary>Lets a thread give way to others. On Linux the runtime's own priorities do nothing, so the system is asked itself.</summary>
internal static partial class ThreadNiceness
{
    private const int PrioProcess = 0;
    private const int CallingThread = 0;

    /// <summary>For the calling thread and those that it starts from here on; it cannot be taken back, so no thread of a pool may call it.</summary>
    /// <param name="niceness">0 to 19, how far it steps back.</param>
    /// <returns>False where the system does not know the call.</returns>
    public static bool GiveWay(int niceness) => OperatingSystem.IsLinux() && SetPriority(PrioProcess, CallingThread, niceness) == 0;

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}
