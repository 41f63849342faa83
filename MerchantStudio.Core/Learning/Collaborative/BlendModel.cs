using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Collaborative;

/// <summary>Adds several models' scores up, each first brought to mean 0 and standard deviation 1 over all items.</summary>
/// <param name="weights">One a part, in their order.</param>
internal sealed class BlendModel(ImmutableArray<ISequenceModel> parts, ImmutableArray<float> weights) : ISequenceModel, IOnnxSequenceModel
{
    public const string FamilyName = "blend";

    public ImmutableArray<ISequenceModel> Parts => parts;

    public string Family => FamilyName;

    public int Ids => parts[0].Ids;

    public float[] Score(ReadOnlySpan<int> history)
    {
        var sum = new float[Ids];
        for (var part = 0; part < parts.Length; part++)
        {
            var scores = Standardized(parts[part], history);
            for (var item = 0; item < sum.Length; item++) sum[item] += weights[part] * scores[item];
        }

        return sum;
    }

    /// <summary>A part's scores; all 0 where it prefers nothing.</summary>
    public static float[] Standardized(ISequenceModel part, ReadOnlySpan<int> history)
    {
        var scores = part.Score(history);
        double mean = 0, squares = 0;
        foreach (var score in scores) mean += score;
        mean /= scores.Length;
        foreach (var score in scores) squares += (score - mean) * (score - mean);
        var deviation = Math.Sqrt(squares / scores.Length);
        for (var item = 0; item < scores.Length; item++) scores[item] = deviation > 0 ? (float)((scores[item] - mean) / deviation) : 0;
        return scores;
    }

    string IOnnxSequenceModel.Scores(OnnxGraph graph, string steps)
    {
        string Mean(string values) => graph.Add("ReduceMean", values, graph.Indices(1));
        var sum = "";
        for (var part = 0; part < parts.Length; part++)
        {
            var scores = graph.Cast(((IOnnxSequenceModel)parts[part]).Scores(graph, steps), OnnxType.Double);   // SequenceModels asks before whether each part has a form
            var off = graph.Add("Sub", scores, Mean(scores));
            var deviation = graph.Add("Sqrt", Mean(graph.Add("Mul", off, off)));
            var standardized = graph.Add("Where", graph.Add("Greater", deviation, graph.Scalar(0)), graph.Add("Div", off, deviation), graph.Scalar(0));
            var weighed = graph.Add("Mul", graph.Cast(standardized, OnnxType.Float), graph.Numbers([], [weights[part]]));
            sum = part == 0 ? weighed : graph.Add("Add", sum, weighed);
        }

        return sum;
    }

    public void Save(Stream stream) => ModelFile.Write(stream, FamilyName, writer =>
    {
        writer.Write(parts.Length);
        foreach (var weight in weights) writer.Write(weight);
        foreach (var part in parts) part.Save(writer.BaseStream);
    });

    public static BlendModel Read(BinaryReader reader)
    {
        var weights = new float[reader.ReadInt32()];
        for (var part = 0; part < weights.Length; part++) weights[part] = reader.ReadSingle();
        return new BlendModel([.. weights.Select(_ => SequenceModels.Load(reader.BaseStream))], [.. weights]);
    }
}
