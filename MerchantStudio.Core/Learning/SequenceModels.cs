using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.Learning.Collaborative;
using MerchantStudio.Core.Learning.Networks.Sequences;
using MerchantStudio.Core.Learning.Onnx;

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

    /// <summary>The model as an ONNX file that takes what <see cref="SequenceOnnx"/> says, by the ids whose names the metadata "items" lists from 1 on, and gives "score", a column for each id.</summary>
    /// <param name="items">Names of ids 1, 2, 3...</param>
    /// <param name="eightBit">Whether a network's weights are written as 8-bit numbers; of no effect for other families.</param>
    /// <returns>Null where there is an <see cref="Obstacle"/>.</returns>
    internal static byte[]? ToOnnx(ISequenceModel model, ImmutableArray<string> items, bool eightBit = false)
    {
        if (Obstacle(Families(model), model.Ids) is not null) return null;
        var graph = new OnnxGraph { EightBit = eightBit };
        graph.Output(SequenceOnnx.Score, OnnxType.Float, ((IOnnxSequenceModel)model).Scores(graph, SequenceOnnx.Input(graph)), model.Ids);
        graph.Fact("family", model.Family);
        graph.Fact("items", JsonSerializer.Serialize(items));
        return graph.ToModel(model.Family);
    }

    /// <summary>Why a model has no form as an ONNX file; null where it has one.</summary>
    /// <param name="families">Its own, or those that it blends.</param>
    /// <param name="ids">How many it scores.</param>
    internal static OnnxObstacle? Obstacle(ImmutableArray<string> families, int ids) =>
        families.Contains(AlsModel.FamilyName) ? OnnxObstacle.SolvesEquations : ids > NeighbourModel.MostWritten && families.Contains(NeighbourModel.FamilyName) ? OnnxObstacle.TooManyItems : null;

    /// <summary>A model's own family, or those that it blends.</summary>
    internal static ImmutableArray<string> Families(ISequenceModel model) => model is BlendModel blend ? [.. blend.Parts.SelectMany(part => Families(part))] : [model.Family];

    /// <summary>The model with its weights rounded to 8-bit numbers; null for one that is no network.</summary>
    internal static ISequenceModel? Rounded(ISequenceModel model) => (model as SequenceModel)?.Rounded();

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
