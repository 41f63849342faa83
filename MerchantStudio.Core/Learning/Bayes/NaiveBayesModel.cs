using System.Globalization;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Bayes;

/// <summary>P(yes | behaviour) where columns are taken as independent within a class: the log-odds of the rate and each column's evidence add up.</summary>
internal sealed class NaiveBayesModel(FeatureColumn[] columns, double priorLogOdds, ColumnEvidence[] evidence) : IBinaryModel, IOnnxModel
{
    public const string FamilyName = "bayes";

    public string Family => FamilyName;

    public IReadOnlyList<FeatureColumn> Columns => columns;

    public IReadOnlyList<ColumnEvidence> Evidence => evidence;

    public string Settings => string.Create(
        CultureInfo.InvariantCulture,
        $"{evidence.OfType<NormalEvidence>().Count()} bell curves, {evidence.OfType<BinEvidence>().Count()} histograms, {evidence.OfType<CodeEvidence>().Count()} categories");

    public float[] Score(FeatureMatrix x)
    {
        BinaryModels.CheckColumns(columns, x);
        var logOdds = new double[x.Rows];
        Array.Fill(logOdds, priorLogOdds);
        for (var column = 0; column < evidence.Length; column++)
        {
            var values = x.Column(column);
            for (var row = 0; row < logOdds.Length; row++) logOdds[row] += evidence[column].LogRatio(values[row]);
        }

        return Array.ConvertAll(logOdds, z => (float)BinaryModels.Sigmoid(z));
    }

    public double[] Explain(FeatureMatrix x, int row)
    {
        BinaryModels.CheckColumns(columns, x);
        return [.. evidence.Select((one, column) => one.LogRatio(x[row, column])), priorLogOdds];
    }

    string IOnnxModel.LogOdds(OnnxGraph graph, OnnxInputs inputs) => NaiveBayesOnnx.LogOdds(graph, inputs, priorLogOdds, evidence);

    public void Save(Stream stream) => ModelFile.Write(stream, FamilyName, writer =>
    {
        BinaryModels.WriteColumns(writer, columns);
        writer.Write(priorLogOdds);
        foreach (var one in evidence) one.Write(writer);
    });

    public static NaiveBayesModel Read(BinaryReader reader)
    {
        var columns = BinaryModels.ReadColumns(reader);
        var prior = reader.ReadDouble();
        return new NaiveBayesModel(columns, prior, [.. columns.Select(_ => ColumnEvidence.Read(reader))]);
    }
}
