using MerchantStudio.Core.Learning.Kernels;

namespace MerchantStudio.Core.Learning.Networks.Sequences;

/// <summary>Fits a network that tells the next step of a sequence.</summary>
/// <param name="options">The defaults when null.</param>
/// <param name="time">The system's clock when null; for the remaining time alone.</param>
/// <param name="stopHere">Asked after each epoch; true keeps the best epoch so far. Null never stops.</param>
public sealed class SequenceTrainer(SequenceOptions? options = null, TimeProvider? time = null, Func<bool>? stopHere = null)
{
    private readonly SequenceOptions _options = options ?? new SequenceOptions();

    public string Family => _options.Family;

    /// <param name="training">Sequences to learn from; those of fewer than two steps tell nothing.</param>
    /// <param name="validation">The last step of each is to be told from those before, at least one: training stops when NDCG@10 does not rise any more. Empty for all epochs.</param>
    /// <param name="ids">The highest id that may come.</param>
    /// <param name="checkpoint">Null for a training that is not taken up again.</param>
    public (ISequenceModel Model, TrainingResult Result) Train(
        ShopperSequences training, ShopperSequences validation, int ids, int seed, CheckpointFile? checkpoint, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        foreach (var sequences in (ShopperSequences[])[training, validation])
        {
            foreach (var id in sequences.Ids) ArgumentOutOfRangeException.ThrowIfGreaterThan(id, ids);
        }

        var network = new SequenceNetwork(_options, ids);
        network.Parameters.Begin((ulong)seed);
        using var trainer = new NetworkTrainer(new NextStepObjective(network, training, validation), _options.Training ?? Usual, KernelSet.Best, seed, time ?? TimeProvider.System, stopHere);
        var result = trainer.Train(checkpoint, progress, cancellationToken);
        return (new SequenceModel(network), result);
    }

    /// <summary>A softmax over all items keeps one gradient of the whole table a group, so it has few groups.</summary>
    private NetworkTraining Usual => new(
        Epochs: 100, BatchSize: 128, Groups: _options.Loss == NextStepLoss.FullSoftmax ? 4 : 16, Patience: 5, Threads: 2, new OptimizerOptions(Rate: 1e-3));
}
