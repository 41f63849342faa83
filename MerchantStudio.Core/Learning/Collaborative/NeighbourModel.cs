using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Collaborative;

/// <summary>Scores an item by how alike it is to what the shopper chose, the latest the most.</summary>
/// <remarks>Sarwar and others, Item-based collaborative filtering recommendation algorithms, WWW 2001; Ding and Li, Time weight collaborative filtering, CIKM 2005.</remarks>
internal sealed class NeighbourModel(double decay, (int Item, float Likeness)[][] neighbours) : ISequenceModel, IOnnxSequenceModel
{
    public const string FamilyName = "item-knn";

    /// <summary>So many items make a file of 36 MB.</summary>
    public const int MostWritten = 3_000;

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

    /// <summary>Each id's weight in the history times how alike all items are to it, a table of all items by all items.</summary>
    string IOnnxSequenceModel.Scores(OnnxGraph graph, string steps)
    {
        var (wide, known) = SequenceOnnx.Known(graph, steps, Ids, 1);
        OnnxAttribute alongSteps = OnnxAttribute.Int("axis", 1);
        var later = graph.Add("CumSum", [OnnxAttribute.Int("exclusive", 1), OnnxAttribute.Int("reverse", 1)], graph.Cast(known, OnnxType.Double), graph.Index(1));
        var weights = graph.Add("Mul", graph.Cast(graph.Add("Pow", graph.Scalar(decay), later), OnnxType.Float), graph.Cast(known, OnnxType.Float));
        var none = SequenceOnnx.InEachRow(graph, steps, graph.Numbers([1], [0]), Ids + 1);
        var history = graph.Add("ScatterElements", [alongSteps, OnnxAttribute.Text("reduction", "add")], none, graph.Add("Where", known, wide, graph.Index(0)), weights);
        var alike = new float[(Ids + 1) * Ids];   // id 0 is like nothing
        for (var id = 1; id <= Ids; id++)
        {
            foreach (var (item, likeness) in neighbours[id - 1]) alike[(id * Ids) + item] = likeness;
        }

        return graph.Add("MatMul", history, graph.Numbers([Ids + 1, Ids], alike));
    }

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
