using MerchantStudio.Core.Native.Threads;

namespace MerchantStudio.Core.Pipeline.Training;

/// <summary>Long computing that pages must not feel: on a thread of its own, so that the pool's stay free for requests, and at low priority.</summary>
internal static class QuietThread
{
    private const int Niceness = 10;

    /// <summary>Workers beside which a core stays free for pages.</summary>
    public static int Workers => Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Tells how long a trial takes on such a thread: what it computed, so that a machine that is busy for a moment does not make a plan for a slow one. Where the system does not tell that, the clock on the wall.</summary>
    public static TimeProvider TrialClock(TimeProvider time) => time == TimeProvider.System && ThreadClock.Known is { } known ? known : time;

    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            ThreadNiceness.GiveWay(Niceness);

            // Whatever went wrong is thrown again where it is awaited.
#pragma warning disable CA1031
            try
            {
                done.SetResult(work());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
#pragma warning restore CA1031
        })
        { IsBackground = true, Name = "Training", Priority = ThreadPriority.BelowNormal };
        thread.Start();
        return done.Task;
    }
}
