using System.Globalization;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Tests.Hosting;
using SharpFuzz;
using Xunit;

namespace MerchantStudio.Tests.Fuzzing;

/// <summary>
/// Our own parsers, fed with ever new faults: bytes that take a way through the code that none took before are kept and changed further. It runs in a process of
/// its own, on a copy of the application whose branches are counted.
/// </summary>
[Trait("Row", "H3")]
public sealed class ParserFuzzTests
{
    private const string Seconds = "FUZZ_SECONDS";
    private const string Target = "FUZZ_TARGET";
    private const int LargestInput = 8_192;
    private const int LeastBranches = 50;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly string[] Parsers = ["Ingestion", "Live.Reading", "Conditions", "Campaigns.Messages", "Campaigns.Webhooks"];

    [Fact]
    public Task No_parser_throws_or_hangs_for_a_while() => FuzzAsync(seconds: 2);

    [Fact(Explicit = true), Trait("Size", "Full")]
    public Task No_parser_throws_or_hangs_for_an_hour_of_the_processor() => FuzzAsync(seconds: 1_200);

    /// <summary>What runs in the process of its own; by itself it counts no branches.</summary>
    [Fact(Explicit = true)]
    public void A_parser_neither_throws_nor_hangs()
    {
        var name = Environment.GetEnvironmentVariable(Target);
        Assert.SkipWhen(name is null, "It is started with a target by the tests beside it.");
        var target = FuzzTargets.All.Single(target => target.Name == name);
        var most = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable(Seconds)!, CultureInfo.InvariantCulture));
        var random = new Random(1);
        var kept = new List<byte[]>();
        foreach (var seed in target.Seeds) Try(target, seed, kept);
        var (runs, begun) = (0L, Environment.CpuUsage.TotalTime);
        for (; Environment.CpuUsage.TotalTime - begun < most; runs++)
        {
            var bytes = kept[random.Next(kept.Count)];
            if (random.Next(8) == 0) bytes = Mutation.Joined(bytes, kept[random.Next(kept.Count)], random);
            bytes = Mutation.Of(bytes, random);
            if (bytes.Length <= LargestInput) Try(target, bytes, kept);
        }

        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{name}: {runs:N0} inputs in {most.TotalSeconds:0} processor seconds, {kept.Count:N0} kept, {Coverage.Branches:N0} pairs of branches"));
        Assert.True(kept.Count > target.Seeds.Length && Coverage.Branches > LeastBranches, $"{kept.Count} inputs kept, {Coverage.Branches} pairs of branches: the branches are not counted");
    }

    private static void Try(FuzzTarget target, byte[] bytes, List<byte[]> kept)
    {
        Coverage.Forget();
        var before = Environment.CpuUsage.TotalTime;
        try
        {
            target.Run(bytes);
        }
        catch (Exception thrown)
        {
            Assert.Fail($"{target.Name}, {Convert.ToBase64String(bytes)}: {thrown}");
        }

        var taken = Environment.CpuUsage.TotalTime - before;
        Assert.True(taken < Longest, $"{target.Name}, {Convert.ToBase64String(bytes)}: {taken}");
        if (Coverage.Learn()) kept.Add(bytes);
    }

    private static async Task FuzzAsync(int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("studio-fuzz-");
        try
        {
            Copy(AppContext.BaseDirectory, folder.FullName);
            var application = Path.Combine(folder.FullName, Path.GetFileName(typeof(CsvFormat).Assembly.Location));
            Assert.NotEmpty(Fuzzer.Instrument(application, type => Parsers.Any(part => type.StartsWith($"MerchantStudio.Core.{part}", StringComparison.Ordinal)), Options.Value));
            foreach (var ended in await Task.WhenAll(FuzzTargets.All.Select(target => StudioProcess.RunTestsAloneAsync(
                $"{typeof(ParserFuzzTests).FullName}.{nameof(A_parser_neither_throws_nor_hangs)}", folder.FullName, (Seconds, seconds.ToString(CultureInfo.InvariantCulture)), (Target, target.Name)))))
            {
                Assert.True(ended.Code == 0, ended.Out + ended.Error);
                TestContext.Current.TestOutputHelper!.WriteLine(ended.Out.Split('\n').Single(line => line.Contains("processor seconds", StringComparison.Ordinal)).Trim());
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from)) Directory.CreateSymbolicLink(Path.Combine(to, Path.GetFileName(folder)), folder);
    }
}
