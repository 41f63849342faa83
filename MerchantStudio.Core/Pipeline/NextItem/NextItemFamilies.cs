using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Collaborative;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Core.Pipeline.NextItem;

/// <summary>What a family learns from, and how it hears of the clock.</summary>
/// <param name="Epochs">Most that a network learns for.</param>
/// <param name="StopHere">True when the best so far is wanted.</param>
internal sealed record NextItemWork(ShopperSequences Training, ShopperSequences Validation, int Items, int Seed, int Epochs, int Threads, Func<bool>? StopHere, IProgress<LearningStep>? Progress);

/// <summary>A family of models of the next product.</summary>
public sealed class NextItemFamily
{
    internal NextItemFamily(string key, bool chosen, int epochs, int usualEpochs, double bytesPerRow, Func<NextItemWork, CancellationToken, ISequenceModel> fit) =>
        (Key, Chosen, Epochs, UsualEpochs, BytesPerRow, Fit) = (key, chosen, epochs, usualEpochs, bytesPerRow, fit);

    /// <summary>What its models call themselves; names and advice lie under "Models.family-" and "NextItem.when-" and this key.</summary>
    public string Key { get; }

    /// <summary>Whether a training takes it unless told otherwise.</summary>
    public bool Chosen { get; }

    /// <summary>Most that it learns for; 1 for one that is no network.</summary>
    internal int Epochs { get; }

    /// <summary>After so many it mostly has learnt what it can, and stops.</summary>
    internal int UsualEpochs { get; }

    /// <summary>Memory while it is fitted, for each history.</summary>
    internal double BytesPerRow { get; }

    internal Func<NextItemWork, CancellationToken, ISequenceModel> Fit { get; }
}

/// <summary>The families, simplest first. Popularity is always measured beside them, and a blend of those that were trained is added when there are two and the plan has the time for it.</summary>
public static class NextItemFamilies
{
    public const string Blend = BlendModel.FamilyName;

    private const int Epochs = 30;

    /// <summary>14 to 22 on the sample data.</summary>
    private const int UsualEpochs = 20;

    public static ImmutableArray<NextItemFamily> All { get; } =
    [
        new(NeighbourModel.FamilyName, chosen: true, 1, 1, 2_000, (work, cancellationToken) => new NeighbourTrainer().Train(work.Training, work.Items, cancellationToken)),
        new(AlsModel.FamilyName, chosen: true, 1, 1, 2_000, (work, cancellationToken) => new AlsTrainer(new AlsOptions(Factors: 32, Threads: work.Threads)).Train(work.Training, work.Items, work.Seed, cancellationToken)),
        Network(SequenceReader.Gru, chosen: true),
        Network(SequenceReader.SelfAttention, chosen: true),
        Network(SequenceReader.Lstm, chosen: false),
        Network(SequenceReader.Cnn, chosen: false),
    ];

    /// <returns>Null for a family that this version does not know.</returns>
    public static NextItemFamily? Find(string key) => All.FirstOrDefault(family => family.Key == key);

    /// <summary>Small networks with much dropout: a shop has some thousand histories.</summary>
    private static NextItemFamily Network(SequenceReader reader, bool chosen)
    {
        var options = new SequenceOptions(reader, Columns: 32, Blocks: 1, Dropout: 0.3f);
        return new NextItemFamily(options.Family, chosen, Epochs, UsualEpochs, 8_000, (work, cancellationToken) =>
        {
            var training = new NetworkTraining(work.Epochs, BatchSize: 64, Groups: 4, Patience: 5, work.Threads, new OptimizerOptions(Rate: 2e-3, LargestNorm: 5));
            var trainer = new SequenceTrainer(options with { Training = training }, stopHere: work.StopHere);
            return trainer.Train(work.Training, work.Validation, work.Items, work.Seed, null, work.Progress is { } progress ? new EpochCurve(progress) : null, cancellationToken).Model;
        });
    }
}
