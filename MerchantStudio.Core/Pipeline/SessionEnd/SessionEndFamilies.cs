using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation.Sequences;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Core.Pipeline.SessionEnd;

/// <summary>What a family learns from, and how it hears of the clock.</summary>
/// <param name="Epochs">Most that a network learns for.</param>
/// <param name="StopHere">True when the best so far is wanted.</param>
internal sealed record SessionEndWork(ImmutableArray<string> Kinds, ImmutableArray<SessionPrefix> Training, ImmutableArray<SessionPrefix> Validation, int Seed, int Epochs, int Threads, Func<bool>? StopHere, IProgress<LearningStep>? Progress)
{
    public float[] Y { get; } = [.. Training.Select(one => one.Y)];

    public float[] ValidationY { get; } = [.. Validation.Select(one => one.Y)];

    public static int[][] Steps(ImmutableArray<SessionPrefix> prefixes) => [.. prefixes.Select(one => one.Steps)];
}

/// <summary>A family of models of how visits end.</summary>
public sealed class SessionEndFamily
{
    internal SessionEndFamily(string key, int epochs, double bytesPerRow, Func<SessionEndWork, CancellationToken, Outcome<SessionReader>> fit) => (Key, Epochs, BytesPerRow, Fit) = (key, epochs, bytesPerRow, fit);

    /// <summary>What its models call themselves; names and advice lie under "Models.family-" and "SessionEnd.when-" and this key.</summary>
    public string Key { get; }

    /// <summary>Most that it learns for; 1 for one that is no network.</summary>
    internal int Epochs { get; }

    /// <summary>Memory while it is fitted, for each visit.</summary>
    internal double BytesPerRow { get; }

    internal Func<SessionEndWork, CancellationToken, Outcome<SessionReader>> Fit { get; }
}

/// <summary>The families, simplest first. The majority and a rule of thumb are always measured beside them.</summary>
public static class SessionEndFamilies
{
    private const int Epochs = 30;

    public static ImmutableArray<SessionEndFamily> All { get; } =
    [
        Table(LogisticModel.FamilyName, work => new LogisticTrainer(new LogisticOptions(Squash: true, Threads: work.Threads), work.StopHere)),
        Table(BoostedTreesModel.FamilyName, work => new BoostedTreesTrainer([new TreesOptions(Rounds: 400, Leaves: 8, Depth: 4, MinRows: 20, MinHessian: 3, L2: 5, Patience: 40)], work.Threads, stopHere: work.StopHere)),
        Network(SequenceReader.Gru),
        Network(SequenceReader.Lstm),
        Network(SequenceReader.Cnn),
    ];

    /// <returns>Null for a family that this version does not know.</returns>
    public static SessionEndFamily? Find(string key) => All.FirstOrDefault(family => family.Key == key);

    private static SessionEndFamily Table(string key, Func<SessionEndWork, IBinaryTrainer> create) => new(key, 1, 4_000, (work, cancellationToken) =>
    {
        var (x, validationX) = (StepTable.CountsAndLast(SessionEndWork.Steps(work.Training), work.Kinds), StepTable.CountsAndLast(SessionEndWork.Steps(work.Validation), work.Kinds));
        var learnt = create(work).Train(x, work.Y, validationX, work.ValidationY, work.Seed, work.Progress, cancellationToken);
        return learnt.TryGet(out var training, out var problem) ? SessionReader.Of(training.Model, work.Kinds) : problem;
    });

    private static SessionEndFamily Network(SequenceReader reader)
    {
        var options = new SequenceOptions(reader, Columns: 32, Blocks: 1, Dropout: 0.2f);
        return new SessionEndFamily(options.Family, Epochs, 8_000, (work, cancellationToken) =>
        {
            var training = new NetworkTraining(work.Epochs, BatchSize: 128, Groups: 4, Patience: 5, work.Threads, new OptimizerOptions(Rate: 2e-3, LargestNorm: 5));
            var trainer = new SessionOutcomeTrainer(options with { Training = training }, stopHere: work.StopHere);
            var curve = work.Progress is { } progress ? new EpochCurve(progress) : null;
            return SessionReader.Of(trainer.Train(
                new ShopperSequences(SessionEndWork.Steps(work.Training)), work.Y, new ShopperSequences(SessionEndWork.Steps(work.Validation)), work.ValidationY, work.Kinds.Length, work.Seed, null, curve, cancellationToken).Model);
        });
    }
}
