using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Networks;

/// <summary>How a network is trained.</summary>
/// <param name="Epochs">Most times that all examples are seen.</param>
/// <param name="BatchSize">Examples a step.</param>
/// <param name="Groups">Parts that each batch is cut into, whatever the number of threads: a group's gradients are summed by one worker, the groups' in their order.</param>
/// <param name="Patience">Epochs without a lower validation loss after which it stops.</param>
/// <param name="Threads">Workers; the result does not depend on it.</param>
/// <param name="Optimizer">Null for the defaults.</param>
public sealed record NetworkTraining(int Epochs = 100, int BatchSize = 256, int Groups = 4, int Patience = 10, int Threads = 2, OptimizerOptions? Optimizer = null)
{
    private static readonly long[] Probes = [0, 1, 10, 100, 1_000, 10_000, 100_000];

    /// <summary>All that decides the bits of a step; how long to go on does not.</summary>
    internal string Fingerprint(string kernels, ulong seed)
    {
        var o = Optimizer ?? new OptimizerOptions();
        var rates = string.Join(' ', Probes.Select(step => (o.Schedule?.Factor(step) ?? 1).ToString("R", CultureInfo.InvariantCulture)));
        return string.Create(CultureInfo.InvariantCulture, $"{kernels} {seed} {BatchSize} {Groups} {o.Kind} {o.Rate:R} {o.Decay:R} {o.LargestNorm:R} {o.Momentum:R} {o.Beta1:R} {o.Beta2:R} {o.Epsilon:R} {rates}");
    }
}

/// <summary>Where a training stands after an epoch.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Epochs">The most that there will be.</param>
/// <param name="TrainingLoss">Mean over the epoch, dropout included.</param>
/// <param name="ValidationLoss">NaN without validation examples.</param>
/// <param name="Elapsed">Of this run, without what was done before it was taken up.</param>
/// <param name="Remaining">At this pace to the last epoch; it may stop earlier.</param>
public sealed record TrainingProgress(int Epoch, int Epochs, double TrainingLoss, double ValidationLoss, TimeSpan Elapsed, TimeSpan Remaining);

public enum TrainingStop
{
    AllEpochs,

    /// <summary>The validation loss has not fallen for as many epochs as patience allows.</summary>
    NoProgress,

    /// <summary>The loss was no number any more.</summary>
    Diverged,

    /// <summary>Somebody wanted the best so far.</summary>
    Asked,
}

/// <summary>How a training ended. The network holds the parameters of the best epoch.</summary>
/// <param name="Epochs">Epochs begun with, earlier runs of the same training included.</param>
/// <param name="BestEpoch">0 when no epoch was better than the beginning.</param>
/// <param name="BestLoss">Its validation loss, or training loss without validation examples; NaN for epoch 0.</param>
/// <param name="ResumedFrom">The epoch of the checkpoint that it went on from; 0 for none.</param>
/// <param name="Notes">What a merchant should know.</param>
public sealed record TrainingResult(int Epochs, int BestEpoch, double BestLoss, TrainingStop Stop, int ResumedFrom, ImmutableArray<Problem> Notes);
