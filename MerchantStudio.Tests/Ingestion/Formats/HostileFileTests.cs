using System.Diagnostics;
using System.Globalization;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Workers;
using MerchantStudio.Tests.Fuzzing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Ingestion.Formats;

/// <summary>Whatever is uploaded is imported or refused with a message, every record is accounted for, and the next sound file comes in.</summary>
public sealed class HostileFileTests
{
    private static readonly string[] Tables = ["events", "reviews", "products", "customers", "rejects", "imported"];

    [Fact]
    [Trait("Row", "H1")]
    [Trait("Row", "H5")]
    [Trait("Row", "H12")]
    public async Task Each_of_the_hostile_files_is_imported_or_refused_with_a_message()
    {
        using var made = new FormatWorld();
        await using var world = await ImportWorld.OpenAsync(services => services.Configure<IngestionOptions>(options => options.MostWaitingFiles = 10_000));
        var files = HostileFiles.All(made).ToList();
        Assert.True(files.Count >= 60, $"{files.Count} files");
        var round = 0;
        foreach (var (name, content) in files)
        {
            Check(name, await ImportAsync(world, name, content));
            await AssertGoodFileComesInAsync(world, name, ++round);
        }

        foreach (var table in Tables) Assert.True(await world.ScalarAsync<long>($"select count(*) from {table}") >= 0);
        Assert.Empty(Directory.GetFileSystemEntries(world.Studio.Paths.Staging).Where(File.Exists).Skip(files.Count));
    }

    [Fact]
    [Trait("Row", "H3")]
    public Task Good_files_with_wrong_bytes_are_imported_or_refused() => MutateAsync(rounds: 150, natives: 8, seed: 20);

    [Fact(Explicit = true)]
    [Trait("Row", "H3")]
    [Trait("Size", "Full")]
    public Task Two_thousand_good_files_with_wrong_bytes_are_imported_or_refused() => MutateAsync(rounds: 2_000, natives: 0, seed: 21);

    [Fact(Explicit = true)]
    [Trait("Row", "H2")]
    [Trait("Size", "Full")]
    public Task Two_thousand_parquet_files_and_databases_with_wrong_bytes_are_imported_or_refused() => MutateAsync(rounds: 0, natives: 2_000, seed: 22);

    private static async Task MutateAsync(int rounds, int natives, int seed)
    {
        using var made = new FormatWorld();
        var watch = Stopwatch.StartNew();
        (string Name, byte[] Content)[] texts =
        [
            ("csv", Good.Csv(60)), ("csv.gz", ImportWorld.Gzip(Good.Csv(60))), ("xlsx", Good.Workbook(60)), ("zip", FormatWorld.Zip(("a.csv", Good.Csv(60)))),
            ("ndjson", Good.NdJson(60)), ("json", Good.JsonList(60)),
        ];
        (string Name, byte[] Content)[] native = [("parquet", Good.Parquet(made, 300)), ("sqlite", Good.Sqlite(made, 300))];
        var random = new Random(seed);
        var files = new (int Round, string Name, byte[] Content)[rounds + natives];
        for (var round = 0; round < files.Length; round++)
        {
            var (name, content) = round < rounds ? texts[round % texts.Length] : native[round % native.Length];
            files[round] = (round, name, Mutation.Of(content, random));
        }

        // Reading a native file takes a process of its own, most of whose time is its start: as many at once as there are cores, each into a shop of its own.
        var lanes = natives > rounds ? Environment.ProcessorCount : 1;
        await using var readers = new ReaderWatch();
        var refused = await Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => Task.Run(() => ImportAllAsync([.. texts, .. native], files.Where((_, at) => at % lanes == lane), seed))));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rounds} text and archive files, {natives} native ones, {refused.Sum()} refused, {watch.Elapsed.TotalSeconds:0.0} s; {readers.Seen} readers seen, none above {readers.MostBytes >> 20} MB"));
        if (OperatingSystem.IsLinux()) Assert.InRange(readers.MostBytes, 1, new WorkerLimits().MemoryBytes);
    }

    /// <returns>How many were refused.</returns>
    private static async Task<int> ImportAllAsync(IEnumerable<(string Name, byte[] Content)> good, IEnumerable<(int Round, string Name, byte[] Content)> files, int seed)
    {
        await using var world = await ImportWorld.OpenAsync(services => services.Configure<IngestionOptions>(options => options.MostWaitingFiles = 10_000));
        foreach (var (name, content) in good) Assert.True((await ImportAsync(world, name, content)).Value.Accepted is 60 or 300, name);
        var refused = 0;
        foreach (var (round, name, content) in files)
        {
            var outcome = await ImportAsync(world, $"{round}.{name}", content);
            Check($"round {round}, {name}, seed {seed}", outcome);
            if (!outcome.Succeeded) refused++;
            if (round % 50 == 0) await AssertGoodFileComesInAsync(world, name, round);
        }

        return refused;
    }

    /// <summary>An exception would be a bug; a problem has a message that says more than its code.</summary>
    private static void Check(string name, Outcome<ImportReport> outcome)
    {
        if (outcome.Problem is { } problem)
        {
            Assert.True(problem.Message.Length > 30 && problem.Code.StartsWith("import.", StringComparison.Ordinal), $"{name}: {problem}");
            return;
        }

        var report = outcome.Value;
        Assert.True(report.Read == report.Accepted + report.Rejected + report.Duplicates + report.Updated + report.Unchanged, $"{name}: {report}");
    }

    private static async Task<Outcome<ImportReport>> ImportAsync(ImportWorld world, string name, byte[] content)
    {
        try
        {
            return await world.ImportAsync(content, new ImportChoices(Force: true, Remember: false), name: name);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"'{name}' ended in {fault.GetType().Name}: {fault.Message}", fault);
        }
    }

    private static async Task AssertGoodFileComesInAsync(ImportWorld world, string after, int round)
    {
        var good = await world.ImportTextAsync(ImportWorld.SmallEvents.Replace("ann", $"ann{round}", StringComparison.Ordinal), new ImportChoices(Force: true));
        Assert.True(good is { Succeeded: true, Value.Accepted: 3 }, $"After '{after}': {good.Problem}");
    }
}
