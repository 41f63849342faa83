using MerchantStudio.Core.Learning.Kernels;

namespace MerchantStudio.Core.Learning.Networks.Sequences;

/// <summary>Fits a network that tells from a session's events how it ends.</summary>
/// <param name="options">The defaults when null; the loss and its draws are not used.</param>
/// <param name="time">The system's clock when null; for the remaining time alone.</param>
/// <param name="stopHere">Asked after each epoch; true keeps the best epoch so far. Null never stops.</param>
public sealed class SessionOutcomeTrainer(SequenceOptions? options = null, TimeProvider? time = null, Func<bool>? stopHere = null)
{
    private static readonly NetworkTraining Usual = new(Epochs: 50, BatchSize: 128, Groups: 4, Patience: 5, Threads: 2, new OptimizerOptions(Rate: 2e-3, LargestNorm: 5));

    private readonly SequenceOptions _options = (options ?? new SequenceOptions(SequenceReader.Gru, Columns: 32, Blocks: 1, Dropout: 0.2f)) with { Loss = NextStepLoss.FullSoftmax };

    public string Family => _options.Family;

    /// <param name="y">1 or 0 for each training sequence.</param>
    /// <param name="validation">Sequences that only say when to stop; may be empty.</param>
    /// <param name="ids">The highest id that may come.</param>
    /// <param name="checkpoint">Null for a training that is not taken up again.</param>
    public (SessionOutcomeModel Model, TrainingResult Result) Train(
        ShopperSequences training, ReadOnlySpan<float> y, ShopperSequences validation, ReadOnlySpan<float> validationY, int ids, int seed,
        CheckpointFile? checkpoint, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        if (training.Count != y.Length || validation.Count != validationY.Length) throw new ArgumentException("Each sequence needs one label.", nameof(y));
        foreach (var sequences in (ShopperSequences[])[training, validation])
        {
            foreach (var id in sequences.Ids) ArgumentOutOfRangeException.ThrowIfGreaterThan(id, ids);
        }

        var network = new SessionOutcomeNetwork(_options, ids);
        network.Reader.Parameters.Begin((ulong)seed);
        var objective = new SessionOutcomeObjective(network, training, y.ToArray(), validation, validationY.ToArray());
        using var trainer = new NetworkTrainer(objective, _options.Training ?? Usual, KernelSet.Best, seed, time ?? TimeProvider.System, stopHere);
        var result = trainer.Train(checkpoint, progress, cancellationToken);
        return (new SessionOutcomeModel(network, SessionOutcomeModel.MeanStep(network, training.Ids)), result);
    }
}
