using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Networks.Sequences;

/// <summary>What reads a sequence.</summary>
public enum SequenceReader
{
    /// <summary>SASRec's blocks of self-attention. Kang and McAuley, Self-attentive sequential recommendation, ICDM 2018.</summary>
    SelfAttention,

    /// <summary>Gated recurrent units. Hidasi and others, Session-based recommendations with recurrent neural networks, ICLR 2016.</summary>
    Gru,

    /// <summary>Long short-term memory.</summary>
    Lstm,

    /// <summary>Causal convolutions. Bai, Kolter and Koltun, An empirical evaluation of generic convolutional and recurrent networks for sequence modeling, 2018.</summary>
    Cnn,
}

/// <summary>What the next step is set against.</summary>
public enum NextStepLoss
{
    /// <summary>A softmax over all that could come.</summary>
    FullSoftmax,

    /// <summary>A softmax over the next step and some drawn evenly, the same for all sequences of a group; for very many items.</summary>
    SampledSoftmax,

    /// <summary>Yes for the next step, no for one drawn evenly from those not in the sequence, as SASRec was published.</summary>
    BinaryCrossEntropy,
}

/// <summary>How a network over sequences is built and trained.</summary>
/// <param name="Columns">Numbers in an item's embedding and in the network's state; the embedding is also what the state is compared with (weight tying).</param>
/// <param name="Blocks">Layers of the reader.</param>
/// <param name="Heads">Of self-attention; divides <paramref name="Columns"/>.</param>
/// <param name="Length">Steps that are looked back at most.</param>
/// <param name="Negatives">Drawn for <see cref="NextStepLoss.SampledSoftmax"/>.</param>
/// <param name="Training">Null for the defaults.</param>
public sealed record SequenceOptions(
    SequenceReader Reader = SequenceReader.SelfAttention, NextStepLoss Loss = NextStepLoss.FullSoftmax, int Columns = 64, int Blocks = 2, int Heads = 1,
    int Length = 50, float Dropout = 0.5f, int Negatives = 256, NetworkTraining? Training = null)
{
    /// <summary>Of every reader.</summary>
    public static ImmutableArray<string> Families { get; } = [.. Enum.GetValues<SequenceReader>().Select(reader => new SequenceOptions(reader).Family)];

    /// <summary>"sasrec", "gru", "lstm" or "cnn".</summary>
    public string Family => Reader switch
    {
        SequenceReader.SelfAttention => "sasrec",
        SequenceReader.Gru => "gru",
        SequenceReader.Lstm => "lstm",
        _ => "cnn",
    };
}
