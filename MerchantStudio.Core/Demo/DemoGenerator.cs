using MerchantStudio.Core.Demo.Generator;

namespace MerchantStudio.Core.Demo;

/// <param name="Database">Path of the SQLite file.</param>
public sealed record GeneratedDemo(int Seed, int Shoppers, int Events, int Reviews, string Database, long DatabaseBytes);

/// <summary>Makes the demo shop's files: products, customers, events, reviews, and the truth that was planted in them.</summary>
public static class DemoGenerator
{
    /// <summary>Replaces the demo files in <paramref name="folder"/>. The same seed gives the same rows on every machine.</summary>
    public static async Task<GeneratedDemo> WriteAsync(int seed, string folder, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var shop = DemoShop.Generate(seed, cancellationToken);
        await DemoFiles.WriteAsync(shop, folder, cancellationToken).ConfigureAwait(false);
        var database = Path.Combine(Path.GetFullPath(folder), DemoFiles.Database);
        return new(seed, shop.Shoppers.Count, shop.Events.Count, shop.Reviews.Count, database, new FileInfo(database).Length);
    }
}
