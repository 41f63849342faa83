namespace MerchantStudio.Core.Learning.Collaborative;

/// <summary>Scores an item by how alike it is to what the shopper chose, the latest the most.</summary>
/// <remarks>Sarwar and others, Item-based collaborative filtering recommendation algorithms, WWW 2001; Ding and Li, Time weight collaborative filtering, CIKM 2005.</remarks>
internal sealed class NeighbourModel(double decay, (int Item, float Likeness)[][] neighbours) : ISequenceModel
{
    public const string FamilyName = "item-knn";

    public string Family => FamilyName;

    public int Ids => neighbours.Length;

    public float[] Score(ReadOnlySpan<int> history)
    {
        var scores = new float[Ids];
        var weight = 1.0;
        foreach (var id in SequenceModels.Known(history, Ids).Reverse())
        {
            foreach (var (item, likeness) in neighbours[id - 1]) scores[item] += (float)weight * likeness;
            weight *= decay;
        }

        return scores;
    }

    public byte[]? ToOnnx() => null;

    public void Save(Stream stream) => ModelFile.Write(stream, FamilyName, writer =>
    {
        writer.Write(decay);
        writer.Write(Ids);
        foreach (var some in neighbours)
        {
            writer.Write(some.Length);
            foreach (var (item, likeness) in some)
            {
                writer.Write(item);
                writer.Write(likeness);
            }
        }
    });

    public static NeighbourModel Read(BinaryReader reader)
    {
        var decay = reader.ReadDouble();
        var neighbours = new (int, float)[reader.ReadInt32()][];
        for (var item = 0; item < neighbours.Length; item++)
        {
            neighbours[item] = new (int, float)[reader.ReadInt32()];
            for (var i = 0; i < neighbours[item].Length; i++) neighbours[item][i] = (reader.ReadInt32(), reader.ReadSingle());
        }

        return new NeighbourModel(decay, neighbours);
    }
}
