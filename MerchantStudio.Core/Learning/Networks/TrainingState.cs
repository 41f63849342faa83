using System.Runtime.InteropServices;
using MerchantStudio.Core.Learning.Layers;

namespace MerchantStudio.Core.Learning.Networks;

/// <summary>All that a training needs to go on as if it had never been broken off; the parameters and the optimizer's memory are those of the training.</summary>
internal sealed class TrainingState(Parameters parameters, Optimizer optimizer)
{
    private const string Signature = "MSCHECK1";

    private readonly float[] _best = parameters.Span.ToArray();

    /// <summary>Epochs done.</summary>
    public int Epoch { get; private set; }

    public int BestEpoch { get; private set; }

    public double BestLoss { get; private set; } = double.NaN;

    /// <summary>Counts an epoch.</summary>
    /// <param name="loss">What decides whether it is the best so far.</param>
    /// <param name="always">Whether it counts as the best in any case.</param>
    public void EndEpoch(double loss, bool always)
    {
        Epoch++;
        if (!always && loss >= BestLoss) return;
        (BestEpoch, BestLoss) = (Epoch, loss);
        parameters.Span.CopyTo(_best);
    }

    public void RestoreBest() => _best.CopyTo(parameters.Span);

    public void Write(BinaryWriter writer, string fingerprint)
    {
        writer.Write(Signature);
        writer.Write(fingerprint);
        writer.Write(Epoch);
        writer.Write(BestEpoch);
        writer.Write(BestLoss);
        writer.Write(optimizer.Steps);
        writer.Write(MemoryMarshal.AsBytes(parameters.Span));
        writer.Write(MemoryMarshal.AsBytes(_best.AsSpan()));
        foreach (var memory in optimizer.Memory) writer.Write(MemoryMarshal.AsBytes(memory.Span));
    }

    /// <returns>False, and nothing changed, when the state is of another training.</returns>
    public bool Read(BinaryReader reader, string fingerprint)
    {
        if (reader.ReadString() != Signature || reader.ReadString() != fingerprint) return false;
        Epoch = reader.ReadInt32();
        BestEpoch = reader.ReadInt32();
        BestLoss = reader.ReadDouble();
        optimizer.Resume(reader.ReadInt64());
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(parameters.Span));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_best.AsSpan()));
        foreach (var memory in optimizer.Memory) reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(memory.Span));
        return true;
    }
}
