using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Hosting;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.Training;

/// <summary>kill -9 of a serving process in the middle of a training: what serves goes on serving, the next start ends the training, and nothing half is left.</summary>
[Trait("Row", "C2")]
public sealed class TrainingKillTests
{
    private static readonly WorkspaceScope Tea = new(new WorkspaceId("tea"), Actor.CommandLine);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_training_whose_server_is_killed_goes_on_at_the_next_start()
    {
        var folder = TemporaryStudio.NewFolder();
        Directory.CreateDirectory(folder);
        var server = await PipelineKillTests.StartAsync(folder);
        try
        {
            var file = Path.Combine(folder, "events.csv");
            await File.WriteAllTextAsync(file, CommandJourneyTests.Events(shoppers: 250, days: 30), Now);
            await PipelineKillTests.RunAsync(server, "import", "--workspace", "tea", file);
            await PipelineKillTests.RunAsync(server, "pipeline", "--workspace", "tea");
            var scores = await PipelineKillTests.ScoresAsync(server);
            await server.KillAsync();
            var live = await AskAsync(folder);

            server = await PipelineKillTests.StartAsync(folder);
            await PipelineKillTests.UntilAsync(folder, "select count(*) from Jobs where Kind = 'training' and State = 'Running' and CheckpointJson is not null");
            await server.KillAsync();
            Assert.Equal(1, await PipelineKillTests.CountAsync(folder, "select count(*) from Jobs where Kind = 'training' and FinishedAt is null"));
            Assert.Equal(live, await PipelineKillTests.CountAsync(folder, "select count(*) from Models"));

            server = await PipelineKillTests.StartAsync(folder);
            Assert.Equal(scores, await PipelineKillTests.ScoresAsync(server));
            await PipelineKillTests.UntilAsync(folder, "select not exists (select * from Jobs where FinishedAt is null)");
            Assert.Equal(scores, await PipelineKillTests.ScoresAsync(server));
            await server.KillAsync();

            await using var studio = await TemporaryStudio.OpenAsync(folder: folder);
            var training = Assert.Single((await studio.Get<Trainings>().ListAsync(Tea, 10, Now)).Value);
            var versions = (await studio.Get<ModelRegistry>().ListAsync(Tea, Now)).Value.ToDictionary(version => version.Id);
            Assert.Equal(live + training.Report!.Versions.Length, versions.Count);
            Assert.All(training.Report.Versions, made => Assert.True(versions[made.ModelId] is { IsLive: false, FileThere: true }));

            // What came out is what an unbroken training gives.
            foreach (var made in training.Report.Versions) Assert.Equal(RepeatEnding.Same, (await studio.Get<ModelRepeats>().RepeatAsync(Tea, made.ModelId, Now)).Value.Ending);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"longest piece between two checkpoints: {training.Report.Versions.Max(made => made.Seconds):0.0} s"));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>Leaves a training of all families for the next start.</summary>
    /// <returns>How many models there are.</returns>
    private static async Task<int> AskAsync(string folder)
    {
        await using var studio = await TemporaryStudio.OpenAsync(folder: folder);
        var measure = (await studio.Get<Trainings>().MeasureAsync(Tea, 7, Now)).Value;
        var plan = measure.Plan(TrainingTests.Keys, new Core.Learning.Planning.ComputeBudget(600, 4096));
        Assert.True((await studio.Get<Trainings>().StartAsync(Tea, new TrainingRequest(7, plan), Now)).Succeeded);
        return (await studio.Get<ModelRegistry>().ListAsync(Tea, Now)).Value.Length;
    }
}
