using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Networks;
using Xunit;

namespace MerchantStudio.Tests.Learning.Networks;

public sealed class NetworkTrainerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("training-");

    private CheckpointFile Checkpoint => new(Path.Combine(_folder.FullName, "state"));

    public static TheoryData<string, OptimizerKind> Sets
    {
        get
        {
            var data = new TheoryData<string, OptimizerKind>();
            foreach (var set in KernelSet.All)
            {
                data.Add(set.Name, OptimizerKind.Sgd);
                data.Add(set.Name, OptimizerKind.Adam);
            }

            return data;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Sets))]
    public void One_two_and_four_threads_learn_the_same_bits(string set, OptimizerKind kind)
    {
        var hashes = new[] { 1, 2, 4 }.Select(threads =>
        {
            var objective = new WordsObjective(500, 100);
            Train(objective, Usual with { Threads = threads, Epochs = 6, Optimizer = new OptimizerOptions(kind, Rate: 0.02, LargestNorm: 0.5) }, set: set);
            return Hash(objective);
        }).ToArray();
        Assert.Single(hashes.Distinct());
        var other = new WordsObjective(500, 100);
        Train(other, Usual with { Epochs = 6, Optimizer = new OptimizerOptions(kind, Rate: 0.02, LargestNorm: 0.5) }, set: set, seed: 2);
        Assert.NotEqual(hashes[0], Hash(other));
    }

    [Fact]
    public void It_learns_stops_when_nothing_is_gained_and_keeps_the_best()
    {
        var objective = new WordsObjective(1_000, 300);
        var steps = new List<TrainingProgress>();
        var result = Train(objective, Usual with { Epochs = 500, Patience = 5 }, progress: steps);
        Assert.Equal(TrainingStop.NoProgress, result.Stop);
        Assert.Equal(result.BestEpoch + 5, result.Epochs);
        Assert.Equal(steps.Min(step => step.ValidationLoss), result.BestLoss);
        Assert.True(result.BestLoss < 0.2, $"validation loss {result.BestLoss}");
        Assert.Equal(result.BestLoss, objective.Validate(new(objective.Parameters, KernelSet.Best), 0, 300) / 300, 1e-6);
        Assert.Equal(Enumerable.Range(1, result.Epochs), steps.Select(step => step.Epoch));
        Assert.All(steps, step => Assert.Equal(step.Elapsed / step.Epoch * (500 - step.Epoch), step.Remaining));
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_it_with_the_best_network_so_far()
    {
        var objective = new WordsObjective(300, 100);
        var steps = 0;
        objective.Before = () =>
        {
            if (++steps == 9) objective.Parameters.Span.Fill(float.NaN);
        };
        var result = Train(objective, Usual with { Groups = 1, BatchSize = 100, Threads = 1 });
        Assert.Equal((TrainingStop.Diverged, 2, 2), (result.Stop, result.Epochs, result.BestEpoch));
        Assert.Equal("learning.diverged", Assert.Single(result.Notes).Code);
        var whole = new WordsObjective(300, 100);
        Train(whole, Usual with { Groups = 1, BatchSize = 100, Threads = 1, Epochs = 2 });
        Assert.Equal(Hash(whole), Hash(objective));
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.AdamW)]
    public void Taken_up_again_it_ends_as_if_it_had_never_been_broken_off(OptimizerKind kind)
    {
        var training = Usual with { Epochs = 12, Optimizer = new OptimizerOptions(kind, Rate: 0.03, Decay: 0.01, Schedule: new CosineRate(40)) };
        var unbroken = new WordsObjective(400, 100);
        var expected = Train(unbroken, training);

        var broken = new WordsObjective(400, 100);
        using var leaving = new CancellationTokenSource();
        var groups = 0;
        broken.Before = () =>
        {
            if (Interlocked.Increment(ref groups) == 90) leaving.Cancel();   // in the midst of an epoch
        };
        Assert.Throws<OperationCanceledException>(() => Train(broken, training, Checkpoint, leaving: leaving));
        var resumed = new WordsObjective(400, 100);
        var result = Train(resumed, training, Checkpoint);
        Assert.InRange(result.ResumedFrom, 1, 11);
        Assert.Equal((expected.BestEpoch, expected.BestLoss, expected.Stop), (result.BestEpoch, result.BestLoss, result.Stop));
        Assert.Equal(Hash(unbroken), Hash(resumed));
    }

    [Fact]
    public void A_checkpoint_that_was_being_written_does_no_harm_to_the_last_one()
    {
        var objective = new WordsObjective(200, 50);
        Train(objective, Usual with { Epochs = 3 }, Checkpoint);
        File.WriteAllText(Path.Combine(_folder.FullName, "state.tmp"), "half of");
        Assert.Equal(3, Train(new WordsObjective(200, 50), Usual with { Epochs = 5 }, Checkpoint).ResumedFrom);
        Assert.Equal(5, Train(new WordsObjective(200, 50), Usual with { Epochs = 5 }, Checkpoint).ResumedFrom);
        Checkpoint.Delete();
        Assert.Empty(_folder.GetFiles());
    }

    [Theory]
    [InlineData("damaged", "learning.checkpoint-unreadable")]
    [InlineData("cut", "learning.checkpoint-unreadable")]
    [InlineData("other", "learning.checkpoint-of-another")]
    public void A_state_that_does_not_fit_is_not_taken_up(string what, string code)
    {
        var training = Usual with { Epochs = 3 };
        Train(new WordsObjective(200, 50), what == "other" ? training with { BatchSize = 50 } : training, Checkpoint);
        var path = Path.Combine(_folder.FullName, "state");
        var bytes = File.ReadAllBytes(path);
        if (what == "damaged") bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, what == "cut" ? bytes[..^10] : bytes);
        var objective = new WordsObjective(200, 50);
        var result = Train(objective, training, Checkpoint);
        Assert.Equal((0, code), (result.ResumedFrom, Assert.Single(result.Notes).Code));
        var anew = new WordsObjective(200, 50);
        Train(anew, training);
        Assert.Equal(Hash(anew), Hash(objective));
    }

    [Fact]
    public void What_goes_wrong_in_a_worker_comes_out_and_ends_the_others()
    {
        var objective = new WordsObjective(200, 0) { Before = () => throw new InvalidDataException("bad example") };
        Assert.Throws<InvalidDataException>(() => Train(objective, Usual with { Threads = 3 }));
    }

    private static NetworkTraining Usual => new(Epochs: 30, BatchSize: 64, Groups: 4, Optimizer: new OptimizerOptions(Rate: 0.02));

    private static TrainingResult Train(
        WordsObjective objective, NetworkTraining training, CheckpointFile? checkpoint = null, string? set = null, int seed = 1, List<TrainingProgress>? progress = null, CancellationTokenSource? leaving = null)
    {
        var kernels = set is null ? KernelSet.Best : KernelSet.All.Single(candidate => candidate.Name == set);
        using var trainer = new NetworkTrainer(objective, training, kernels, seed, TimeProvider.System);
        return trainer.Train(checkpoint, progress is null ? null : new Kept(progress), leaving?.Token ?? TestContext.Current.CancellationToken);
    }

    private static string Hash(WordsObjective objective) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(objective.Parameters.Span)));

    private sealed class Kept(List<TrainingProgress> steps) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => steps.Add(value);
    }
}
