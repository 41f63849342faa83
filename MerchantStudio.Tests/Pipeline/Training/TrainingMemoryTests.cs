using System.Collections.Immutable;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Tests.Hosting;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.Training;

/// <summary>What the planner says a family takes beside what is alive at most while it is fitted. Memory is the whole process's, so it is measured where nothing else is at work.</summary>
public sealed class TrainingMemoryTests
{
    private const int Rows = 15_000;

    /// <summary>What does not grow with the rows: the validation rows, the model, and what the runtime keeps.</summary>
    private const double FixedMegabytes = 6;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public static TheoryData<string> Families => [.. IntentFamilies.All.Select(family => family.Key)];

    [Fact]
    public async Task No_family_takes_more_memory_than_it_is_planned_with()
    {
        var ended = await StudioProcess.RunTestsAloneAsync($"{typeof(TrainingMemoryTests).FullName}.{nameof(A_family_takes_no_more_memory_than_it_is_planned_with)}");
        Assert.True(ended.Code == 0, ended.Out + ended.Error);
        foreach (var family in IntentFamilies.All) Assert.Contains($"{family.Key}: ", ended.Out, StringComparison.Ordinal);
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(Families))]
    public async Task A_family_takes_no_more_memory_than_it_is_planned_with(string key)
    {
        var family = IntentFamilies.Find(key)!;
        var question = Question();
        Assert.True(IntentTrainer.Fit(family, Few(question), 1, TimeProvider.System, null, Now).Succeeded);
        var estimate = family.BytesPerCell * question.Training.X.Columns.Length * Rows / (1 << 20);
        var measured = await MostAliveAsync(() => Assert.True(IntentTrainer.Fit(family, question, 1, TimeProvider.System, null, Now).Succeeded));
        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{key}: {measured:0.0} MB alive at most, {estimate:0.0} MB planned"));
        Assert.True(measured <= estimate + FixedMegabytes, FormattableString.Invariant($"{key}: {measured:0.0} MB alive at most, {estimate:0.0} MB planned"));
        GC.KeepAlive(question);
    }

    /// <returns>Megabytes of the managed heap above what was alive before.</returns>
    private static async Task<double> MostAliveAsync(Action work)
    {
        var before = Alive();
        var most = before;
        var working = Task.Factory.StartNew(work, Now, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (!working.IsCompleted)
        {
            most = Math.Max(most, Alive());
            await Task.Delay(5, Now);
        }

        await working;
        return (most - Math.Min(before, Alive())) / (double)(1 << 20);   // what an earlier test left may have gone only now

        // What a collection has just found to be alive: whatever the work throws away until this thread goes on does not count.
        static long Alive()
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true);
            var found = GC.GetGCMemoryInfo(GCKind.FullBlocking);
            return found.HeapSizeBytes - found.FragmentedBytes;
        }
    }

    /// <summary>As many columns as a shop's rows have, some of which say who buys.</summary>
    private static IntentQuestion Question()
    {
        var at = PipelineWorld.Opening;
        return new IntentQuestion(7, Window(Rows, 1), Window(2_000, 2), Window(2_000, 3), Seed: 1, Threads: 1);

        IntentWindow Window(int rows, int seed)
        {
            var random = new SeededRandom((ulong)seed);
            ImmutableArray<FeatureColumn> columns = [.. FeatureCatalog.All.Where(feature => !feature.IsSensitive).Select(feature => new FeatureColumn(feature.Key))];
            var values = new float[columns.Length * rows];
            for (var i = 0; i < values.Length; i++) values[i] = random.NextDouble() < 0.1 ? float.NaN : (float)random.NextDouble();
            float[] labels = [.. Enumerable.Range(0, rows).Select(row => random.NextDouble() < 0.05 + (0.2 * (float.IsNaN(values[row]) ? 0 : values[row])) ? 1f : 0f)];
            return new IntentWindow(at, at.AddDays(7), new FeatureMatrix(columns, rows, values), [.. labels]);
        }
    }

    private static IntentQuestion Few(IntentQuestion question)
    {
        int[] rows = [.. Enumerable.Range(0, 1_000)];
        return question with { Training = question.Training with { X = question.Training.X.Take(rows), Y = [.. question.Training.Y.Take(rows.Length)] } };
    }
}
