using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Shop;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class ModelStoreTests : IDisposable
{
    private readonly StudioPaths _paths = new(Directory.CreateTempSubdirectory("studio-models").FullName);

    public void Dispose() => Directory.Delete(_paths.Root, recursive: true);

    [Fact]
    public async Task What_was_saved_comes_back_under_its_hash()
    {
        var store = new ModelStore(_paths);
        var token = TestContext.Current.CancellationToken;
        var hash = await store.SaveAsync(stream => stream.Write([1, 2, 3]), token);
        await using var read = await store.OpenAsync(hash, token);
        Assert.Equal([1, 2, 3], ((MemoryStream)read).ToArray());
        Assert.Equal(hash, await store.SaveAsync(stream => stream.Write([1, 2, 3]), token));
    }

    [Fact]
    public async Task A_model_that_fails_while_it_is_written_leaves_nothing()
    {
        var store = new ModelStore(_paths);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.SaveAsync(_ => throw new InvalidOperationException(), TestContext.Current.CancellationToken));
        Assert.Empty(Directory.EnumerateFiles(_paths.Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_file_is_replaced_as_a_whole_so_that_who_is_reading_it_reads_on_in_the_old_one()
    {
        var store = new ModelStore(_paths);
        var token = TestContext.Current.CancellationToken;
        var hash = await store.SaveAsync(stream => stream.Write([1, 2, 3]), token);
        var file = Directory.EnumerateFiles(_paths.Models, "*", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(file, [9, 9, 9], token);
        await using var reading = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        Assert.Equal(hash, await store.SaveAsync(stream => stream.Write([1, 2, 3]), token));
        var old = new byte[3];
        await reading.ReadExactlyAsync(old, token);
        Assert.Equal([9, 9, 9], old);
        Assert.Equal([file], Directory.EnumerateFiles(_paths.Models, "*", SearchOption.AllDirectories));   // what was written aside is gone
    }

    [Fact]
    public async Task A_half_written_file_can_never_be_opened_as_a_model()
    {
        var store = new ModelStore(_paths);
        var token = TestContext.Current.CancellationToken;
        var hash = await store.SaveAsync(stream => stream.Write(new byte[1000]), token);
        var file = Directory.EnumerateFiles(_paths.Models, "*", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(file, new byte[500], token);
        await Assert.ThrowsAsync<ModelDamagedException>(() => store.OpenAsync(hash, token));
    }

    [Fact]
    [Trait("Row", "C18")]
    public async Task Training_a_damaged_model_again_puts_its_file_right()
    {
        var store = new ModelStore(_paths);
        var token = TestContext.Current.CancellationToken;
        var hash = await store.SaveAsync(stream => stream.Write([1, 2, 3]), token);
        await File.WriteAllBytesAsync(Directory.EnumerateFiles(_paths.Models, "*", SearchOption.AllDirectories).Single(), [1, 2, 4], token);
        Assert.Equal(hash, await store.SaveAsync(stream => stream.Write([1, 2, 3]), token));
        await using var read = await store.OpenAsync(hash, token);
        Assert.Equal([1, 2, 3], ((MemoryStream)read).ToArray());
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("ABCDEF")]
    public async Task A_name_that_is_no_hash_is_refused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => new ModelStore(_paths).OpenAsync(name, TestContext.Current.CancellationToken));
}
