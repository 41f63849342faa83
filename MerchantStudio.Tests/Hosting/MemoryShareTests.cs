using MerchantStudio.Hosting;
using Xunit;

namespace MerchantStudio.Tests.Hosting;

[Trait("Row", "C8")]
public sealed class MemoryShareTests
{
    private const long Megabyte = 1L << 20;

    [Theory]
    [InlineData(768, 24_000, 256, 448L)]
    [InlineData(1536, 24_000, 512, 1216L)]
    [InlineData(384, 24_000, 256, 192L)]
    [InlineData(24_000, 24_000, 2_048, null)]
    [InlineData(6_000, 24_000, 1_024, null)]
    public void Heap_engines_and_what_is_beside_them_fit_into_a_container(long availableMegabytes, long machineMegabytes, long enginesMegabytes, long? heapMegabytes) =>
        Assert.Equal(heapMegabytes * Megabyte, StudioMemory.HeapLimit(availableMegabytes * Megabyte, machineMegabytes * Megabyte, enginesMegabytes * Megabyte));

    [Theory]
    [InlineData(1, 500, 400, true)]
    [InlineData(20, 500, 400, false)]
    [InlineData(1, 1, 400, false)]
    [InlineData(1, 500, 100, false)]
    public void Memory_goes_back_once_after_work_when_nothing_goes_on(int sinceLook, int sinceClearing, int committed, bool isDue) =>
        Assert.Equal(isDue, QuietMemory.IsDue((long)sinceLook << 20, (long)sinceClearing << 20, (long)committed << 20));
}
