using System.Globalization;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Gaussian;

/// <summary>Which of two bell curves over all inputs a row belongs to: log-odds are a quadratic function of the standardised inputs.</summary>
internal sealed class GaussianModel(DesignEncoder encoder, Discriminant discriminant, GaussianChoice choice) : IBinaryModel, IOnnxModel
{
    public const string FamilyName = "gaussian";

    /// <summary>In standard deviations: an input farther off counts as there, so that no far one outweighs all others.</summary>
    public const double Farthest = 4;

    public string Family => FamilyName;

    public IReadOnlyList<FeatureColumn> Columns => encoder.Columns;

    public string Settings => string.Create(
        CultureInfo.InvariantCulture,
        $"{encoder.Terms.Length} inputs, {(choice.HalfLife == 0 ? "all rows alike" : $"half-life {choice.HalfLife:0.#}")}, {choice.OwnShare:0.##} own covariance, ridge {choice.Ridge:0.##}");

    /// <summary>What was chosen on the validation rows.</summary>
    public GaussianChoice Choice => choice;

    /// <returns>One array of rows for each input.</returns>
    public static double[][] Bounded(DesignEncoder encoder, FeatureMatrix x)
    {
        var design = encoder.Encode(x);
        foreach (var input in design)
        {
            for (var row = 0; row < input.Length; row++) input[row] = Math.Clamp(input[row], -Farthest, Farthest);
        }

        return design;
    }

    public float[] Score(FeatureMatrix x) => Score(Bounded(encoder, x), x.Rows);

    /// <param name="design">As <see cref="Bounded"/> gives it.</param>
    public float[] Score(double[][] design, int rows)
    {
        var scores = new float[rows];
        var z = new double[design.Length];
        for (var row = 0; row < scores.Length; row++)
        {
            for (var input = 0; input < z.Length; input++) z[input] = design[input][row];
            var logOdds = discriminant.Constant;
            for (var input = 0; input < z.Length; input++) logOdds += discriminant.Contribution(z, input);
            scores[row] = (float)BinaryModels.Sigmoid(logOdds);
        }

        return scores;
    }

    public double[] Explain(FeatureMatrix x, int row)
    {
        double[] z = [.. Bounded(encoder, x.Take([row])).Select(input => input[0])];
        var contributions = new double[x.Columns.Length + 1];
        contributions[^1] = discriminant.Constant;
        for (var input = 0; input < z.Length; input++) contributions[encoder.Terms[input].Column] += discriminant.Contribution(z, input);
        return contributions;
    }

    string IOnnxModel.LogOdds(OnnxGraph graph, OnnxInputs inputs) => GaussianOnnx.LogOdds(graph, inputs, encoder, discriminant);

    public void Save(Stream stream) => ModelFile.Write(stream, FamilyName, writer =>
    {
        encoder.Write(writer);
        discriminant.Write(writer);
        foreach (var number in (ReadOnlySpan<double>)[choice.HalfLife, choice.OwnShare, choice.Ridge]) writer.Write(number);
    });

    public static GaussianModel Read(BinaryReader reader)
    {
        var encoder = DesignEncoder.Read(reader);
        var discriminant = Discriminant.Read(reader, encoder.Terms.Length);
        return new GaussianModel(encoder, discriminant, new GaussianChoice(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble()));
    }
}
