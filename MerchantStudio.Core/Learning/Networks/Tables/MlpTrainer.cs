using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Networks.Tables;

/// <param name="Hidden">Units of each hidden layer, from the input on; 64 and 32 when not given.</param>
/// <param name="Dropout">Share of hidden units that fall out in training, 0 to below 1.</param>
/// <param name="Training">Null for the defaults.</param>
public sealed record MlpOptions(ImmutableArray<int> Hidden = default, float Dropout = 0.3f, NetworkTraining? Training = null);

/// <summary>Fits a multilayer perceptron with embeddings for categories; stops on the validation rows, or on a part of the training rows where there are none.</summary>
/// <param name="options">The defaults when null.</param>
/// <param name="time">The system's clock when null; for the remaining time alone.</param>
/// <param name="threads">Workers; the result does not depend on it. For the usual training alone.</param>
/// <param name="stopHere">Asked after each epoch; true keeps the best epoch so far. Null never stops.</param>
/// <remarks>Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, Nature 323, 1986.</remarks>
public sealed class MlpTrainer(MlpOptions? options = null, TimeProvider? time = null, int threads = 2, Func<bool>? stopHere = null) : IBinaryTrainer
{
    private const double HeldBack = 0.15;

    private readonly MlpOptions _options = options ?? new MlpOptions();

    internal static Problem DivergedAtOnce { get; } =
        new Problem("learning.diverged-at-once", "In the first epoch the loss was no number any more, so nothing was learnt. Choose a lower learning rate.");

    public string Family => MlpModel.FamilyName;

    public Outcome<BinaryTraining> Train(FeatureMatrix x, ReadOnlySpan<float> y, FeatureMatrix validationX, ReadOnlySpan<float> validationY, int seed, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
    {
        if (TableCheck.Binary(x, y, validationX, validationY) is { } problem) return problem;
        var leaks = TableCheck.Leaks(x, y).ToArray();
        var (labels, validationLabels) = (y.ToArray(), validationY.ToArray());
        if (validationX.Rows == 0) (x, labels, validationX, validationLabels) = HoldBack(x, labels, (ulong)seed);
        var network = new TableNetwork(TableEncoding.Fit(x), _options.Hidden.IsDefault ? [64, 32] : _options.Hidden, _options.Dropout);
        network.Parameters.Begin((ulong)seed);
        var objective = new TableObjective(network, TreesObjective.Binary, Rows(x, labels), Rows(validationX, validationLabels));
        using var trainer = new NetworkTrainer(objective, _options.Training ?? Usual(x.Rows, threads), KernelSet.Best, seed, time ?? TimeProvider.System, stopHere);
        var result = trainer.Train(checkpoint: null, progress is null ? null : new Steps(progress), cancellationToken);
        if (result is { Stop: TrainingStop.Diverged, BestEpoch: 0 }) return DivergedAtOnce;
        return new BinaryTraining(new MlpModel(network, MlpModel.Mean(network, x), result.BestEpoch), [.. leaks, .. result.Notes]);
    }

    private static TreesTable Rows(FeatureMatrix x, float[] y) => new(x, y, x.Weights.IsEmpty ? null : x.Weights.ToArray());

    /// <summary>AdamW whose rate falls to nothing along half a cosine wave.</summary>
    internal static NetworkTraining Usual(int rows, int threads)
    {
        const int Epochs = 50;
        const int BatchSize = 128;
        var steps = (rows + BatchSize - 1L) / BatchSize * Epochs;
        return new NetworkTraining(
            Epochs, BatchSize, Groups: 4, Patience: 15, threads,
            new OptimizerOptions(OptimizerKind.AdamW, Rate: 3e-3, Decay: 0.3, LargestNorm: 5, Schedule: new CosineRate(steps)));
    }

    /// <summary>A part of the training rows by chance; at least one row stays on each side where there are two.</summary>
    private static (FeatureMatrix X, float[] Y, FeatureMatrix ValidationX, float[] ValidationY) HoldBack(FeatureMatrix x, float[] y, ulong seed)
    {
        var held = new SeededRandom(SeededRandom.Mix(seed, 0x4E1Du)).Sample(x.Rows, (int)(x.Rows * HeldBack));
        int[] kept = [.. Enumerable.Range(0, x.Rows).Except(held)];
        return (x.Take(kept), [.. kept.Select(row => y[row])], x.Take(held), [.. held.Select(row => y[row])]);
    }

    private sealed class Steps(IProgress<LearningStep> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report(new LearningStep(value.Epoch, value.Epochs, value.TrainingLoss, value.ValidationLoss));
    }
}
