using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Collaborative;

/// <summary>Offers everybody what most shoppers chose: what every other model has to beat.</summary>
internal sealed class PopularityModel(float[] counts) : ISequenceModel, IOnnxSequenceModel
{
    public const string FamilyName = "popularity";

    public string Family => FamilyName;

    public int Ids => counts.Length;

    public float[] Score(ReadOnlySpan<int> history) => [.. counts];

    string IOnnxSequenceModel.Scores(OnnxGraph graph, string steps) => SequenceOnnx.InEachRow(graph, steps, graph.Numbers([Ids], counts), Ids);

    public void Save(Stream stream) => ModelFile.Write(stream, FamilyName, writer =>
    {
        writer.Write(Ids);
        foreach (var count in counts) writer.Write(count);
    });

    public static PopularityModel Read(BinaryReader reader)
    {
        var counts = new float[reader.ReadInt32()];
        for (var item = 0; item < counts.Length; item++) counts[item] = reader.ReadSingle();
        return new PopularityModel(counts);
    }
}
