using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Imbalance;

/// <summary>A model whose log-odds are stretched and shifted to say what really happens; its contributions are stretched alike, so they still sum up.</summary>
internal sealed class RecalibratedModel(IBinaryModel inner, PlattCalibrator back, Rebalancing rebalancing) : IBinaryModel, IOnnxModel
{
    public const string FileTag = "recalibrated";

    public IBinaryModel Inner => inner;

    public string Family => inner.Family;

    public IReadOnlyList<FeatureColumn> Columns => inner.Columns;

    public string Settings => $"{inner.Settings}, {rebalancing switch { Rebalancing.Weights => "rarer class weighted", Rebalancing.OverSampling => "rarer class drawn more often", _ => "larger class thinned" }}";

    public float[] Score(FeatureMatrix x) => back.Apply(inner.Score(x));

    public double[] Explain(FeatureMatrix x, int row)
    {
        var contributions = Array.ConvertAll(inner.Explain(x, row), contribution => back.Slope * contribution);
        contributions[^1] += back.Shift;
        return contributions;
    }

    string IOnnxModel.LogOdds(OnnxGraph graph, OnnxInputs inputs) =>
        CalibrationOnnx.LogOdds(graph, CalibrationOnnx.Probability(graph, ((IOnnxModel)inner).LogOdds(graph, inputs), null), back);

    public void Save(Stream stream) => ModelFile.Write(stream, FileTag, writer =>
    {
        writer.Write((byte)rebalancing);
        writer.Write(back.Slope);
        writer.Write(back.Shift);
        writer.Flush();
        inner.Save(writer.BaseStream);
    });

    public static RecalibratedModel Read(BinaryReader reader)
    {
        var rebalancing = (Rebalancing)reader.ReadByte();
        var back = new PlattCalibrator(reader.ReadDouble(), reader.ReadDouble());
        return new RecalibratedModel(BinaryModels.Load(reader.BaseStream), back, rebalancing);
    }
}
