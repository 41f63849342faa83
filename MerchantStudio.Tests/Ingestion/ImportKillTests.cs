using System.Globalization;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>kill -9 at random moments of an import on the command line: afterwards the data set is absent or complete, and the record says which.</summary>
public sealed class ImportKillTests
{
    [Fact, Trait("Row", "C1")]
    public Task An_import_that_is_killed_is_absent_or_complete_afterwards() => KillAsync(rows: 400_000, times: 4, seed: 5);

    [Fact(Explicit = true), Trait("Size", "Full"), Trait("Row", "C1")]
    public Task An_import_of_a_million_rows_that_is_killed_at_a_hundred_moments_is_absent_or_complete_every_time() => KillAsync(rows: 1_000_000, times: 100, seed: 6);

    private static async Task KillAsync(int rows, int times, int seed)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var random = new Random(seed);
        var folder = TemporaryStudio.NewFolder();
        Directory.CreateDirectory(folder);
        try
        {
            var imports = new KilledImports(folder, rows);
            var complete = await imports.MeasureAsync(cancellation);
            var finished = 0;
            for (var round = 0; round < times; round++)
            {
                await imports.KillAsync(round, complete * (0.15 + 0.75 * random.NextDouble()), cancellation);
                if (await imports.IsCompleteAsync(round, cancellation)) finished++;
            }

            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times} kills, {finished} after the commit; an unbroken import takes {complete.TotalSeconds:0.0} s"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
