using MerchantStudio.Core.Learning.Collaborative;
using MerchantStudio.Core.Learning.Networks.Sequences;

namespace MerchantStudio.Core.Learning;

/// <summary>Reads models of sequences back from their files.</summary>
public static class SequenceModels
{
    /// <exception cref="InvalidDataException">The stream does not hold a model that this version knows.</exception>
    public static ISequenceModel Load(Stream stream) => ModelFile.Read<ISequenceModel>(stream, (tag, reader) => tag switch
    {
        PopularityModel.FamilyName => PopularityModel.Read(reader),
        NeighbourModel.FamilyName => NeighbourModel.Read(reader),
        AlsModel.FamilyName => AlsModel.Read(reader),
        BlendModel.FamilyName => BlendModel.Read(reader),
        SequenceModel.FileTag => SequenceModel.Read(reader),
        _ => throw new InvalidDataException($"Unknown sequence model '{tag}'."),
    });

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
}
