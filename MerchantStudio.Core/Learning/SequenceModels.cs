using System.Text;
using MerchantStudio.Core.Learning.Collaborative;
using MerchantStudio.Core.Learning.Networks.Sequences;

namespace MerchantStudio.Core.Learning;

/// <summary>Reads models of sequences back from their files.</summary>
public static class SequenceModels
{
    private const string Signature = "MSSEQUENCE2";

    /// <exception cref="InvalidDataException">The stream does not hold a model that this version knows.</exception>
    public static ISequenceModel Load(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            if (reader.ReadString() != Signature) throw new InvalidDataException("Not a file of a sequence model.");
            return Read(reader);
        }
        catch (EndOfStreamException cut)
        {
            throw new InvalidDataException("The model file ends too early.", cut);
        }
    }

    /// <summary>From 1: where a sequence's last step stands among the ids that do not come before it, as the model scores them by those before; of equal scores the lower id comes first.</summary>
    public static int PlaceOfLast(ISequenceModel model, ReadOnlySpan<int> sequence)
    {
        ArgumentNullException.ThrowIfNull(model);
        return NextStepRanking.Rank(model.Score(sequence[..^1]), sequence[..^1], sequence[^1]);
    }

    /// <summary>A history without the ids that a model of ids 1 to the highest does not know.</summary>
    internal static int[] Known(ReadOnlySpan<int> history, int ids)
    {
        var known = new List<int>(history.Length);
        foreach (var id in history)
        {
            if (id >= 1 && id <= ids) known.Add(id);
        }

        return [.. known];
    }

    private static ISequenceModel Read(BinaryReader reader) => reader.ReadString() switch
    {
        PopularityModel.FamilyName => PopularityModel.Read(reader),
        NeighbourModel.FamilyName => NeighbourModel.Read(reader),
        AlsModel.FamilyName => AlsModel.Read(reader),
        BlendModel.FamilyName => BlendModel.Read(reader),
        SequenceModel.FileTag => SequenceModel.Read(reader),
        var other => throw new InvalidDataException($"Unknown sequence model '{other}'."),
    };

    internal static BinaryWriter Begin(Stream stream, string family)
    {
        var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Signature);
        writer.Write(family);
        return writer;
    }
}
