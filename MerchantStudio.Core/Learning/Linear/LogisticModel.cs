using System.Globalization;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Linear;

/// <summary>Logistic regression: log-odds are a weighted sum of standardised inputs.</summary>
internal sealed class LogisticModel(DesignEncoder encoder, double intercept, double[] weights, double strength) : IBinaryModel, IOnnxModel
{
    public const string FamilyName = "logistic";

    public string Family => FamilyName;

    public IReadOnlyList<FeatureColumn> Columns => encoder.Columns;

    public string Settings => string.Create(CultureInfo.InvariantCulture, $"L2 {strength:G3}, {weights.Length} inputs");

    public double Intercept => intercept;

    /// <summary>One weight a term of the encoder.</summary>
    public IReadOnlyList<double> Weights => weights;

    /// <summary>The penalty chosen on the validation rows.</summary>
    public double Strength => strength;

    public float[] Score(FeatureMatrix x)
    {
        var design = encoder.Encode(x);
        var scores = new float[x.Rows];
        for (var row = 0; row < scores.Length; row++)
        {
            var logOdds = intercept;
            for (var t = 0; t < weights.Length; t++) logOdds += weights[t] * design[t][row];
            scores[row] = (float)BinaryModels.Sigmoid(logOdds);
        }

        return scores;
    }

    public double[] Explain(FeatureMatrix x, int row)
    {
        BinaryModels.CheckColumns(encoder.Columns, x);
        var contributions = new double[x.Columns.Length + 1];
        contributions[^1] = intercept;
        for (var t = 0; t < weights.Length; t++)
        {
            var term = encoder.Terms[t];
            contributions[term.Column] += weights[t] * term.Encode(x[row, term.Column]);
        }

        return contributions;
    }

    string IOnnxModel.LogOdds(OnnxGraph graph, OnnxInputs inputs) => LinearOnnx.Sums(graph, inputs, encoder, [intercept], weights);

    public void Save(Stream stream) => ModelFile.Write(stream, FamilyName, writer =>
    {
        encoder.Write(writer);
        writer.Write(intercept);
        writer.Write(strength);
        foreach (var weight in weights) writer.Write(weight);
    });

    public static LogisticModel Read(BinaryReader reader)
    {
        var encoder = DesignEncoder.Read(reader);
        var intercept = reader.ReadDouble();
        var strength = reader.ReadDouble();
        var weights = new double[encoder.Terms.Length];
        for (var t = 0; t < weights.Length; t++) weights[t] = reader.ReadDouble();
        return new LogisticModel(encoder, intercept, weights, strength);
    }
}
