using MerchantStudio.Core.Pipeline.Training;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.Training;

public sealed class QuietThreadTests
{
    private const int Niceness = 18;

    [Fact]
    public async Task Work_runs_beside_the_pool_and_gives_way()
    {
        var (pool, nice) = await QuietThread.RunAsync(() => (Thread.CurrentThread.IsThreadPoolThread, OwnNiceness()));
        Assert.False(pool);
        if (OperatingSystem.IsLinux()) Assert.Equal("10", nice);
        Assert.Equal(OwnNiceness(), await Task.Run(OwnNiceness, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_goes_wrong_is_thrown_where_it_is_awaited() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => QuietThread.RunAsync<int>(() => throw new InvalidDataException("no")));

    [Fact]
    public async Task A_trial_is_timed_by_what_it_computes_and_not_by_what_it_waits_for()
    {
        if (!OperatingSystem.IsLinux()) return;
        var (computed, waited) = await QuietThread.RunAsync(() => (Timed(() => SpinWait.SpinUntil(() => false, 100)), Timed(() => Thread.Sleep(300))));
        Assert.True(computed > 0);
        Assert.InRange(waited, 0, 0.1);

        static double Timed(Action work)
        {
            var clock = QuietThread.TrialClock(TimeProvider.System);
            var started = clock.GetTimestamp();
            work();
            return clock.GetElapsedTime(started).TotalSeconds;
        }
    }

    private static string OwnNiceness() => OperatingSystem.IsLinux() ? File.ReadAllText("/proc/thread-self/stat").Split(' ')[Niceness] : "0";
}
