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

    private static string OwnNiceness() => OperatingSystem.IsLinux() ? File.ReadAllText("/proc/thread-self/stat").Split(' ')[Niceness] : "0";
}
