using System.Globalization;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Linear;

/// <summary>A weighted sum of inputs for each class, for the number or for the logarithm of the count.</summary>
/// <param name="weights">Those of an input lie together, one an output; the last block holds the biases.</param>
/// <param name="penalty">L2, chosen on the validation rows.</param>
internal sealed class LinearModel(DesignEncoder encoder, AnswerScale scale, double[] weights, double penalty) : ITargetModel
{
    public const string FamilyName = "linear";

    public string Family => FamilyName;

    public TreesObjective Target => scale.Target;

    public IReadOnlyList<FeatureColumn> Columns => encoder.Columns;

    public int Outputs => scale.Outputs;

    public string Settings => string.Create(CultureInfo.InvariantCulture, $"L2 {penalty:G3}, {encoder.Terms.Length} inputs");

    public Outcome<float[]> Predict(FeatureMatrix x)
    {
        if (!ColumnAlignment.Align(encoder.Columns, x).TryGet(out var aligned, out var other)) return other;
        var design = encoder.Encode(aligned);
        var answers = new float[aligned.Rows * Outputs];
        var raw = new double[Outputs];
        for (var row = 0; row < aligned.Rows; row++)
        {
            Sum(design, row, weights, raw);
            var to = answers.AsSpan(row * Outputs, Outputs);
            for (var k = 0; k < raw.Length; k++) to[k] = (float)raw[k];
            scale.Answer(to);
        }

        return answers;
    }

    public byte[] ToOnnx(IReadOnlyList<string> classes) => TargetModels.ToOnnx(this, classes, (graph, inputs) =>
    {
        var inputWeights = encoder.Terms.Length * Outputs;
        return scale.ToOnnx(graph, LinearOnnx.Sums(graph, inputs, encoder, weights[inputWeights..], weights[..inputWeights]));
    });

    /// <param name="design">As <see cref="DesignEncoder.Encode"/> gives it.</param>
    /// <param name="raw">Receives one sum an output.</param>
    internal static void Sum(double[][] design, int row, double[] weights, double[] raw)
    {
        weights.AsSpan(design.Length * raw.Length, raw.Length).CopyTo(raw);
        for (var input = 0; input < design.Length; input++)
        {
            for (var k = 0; k < raw.Length; k++) raw[k] += design[input][row] * weights[(input * raw.Length) + k];
        }
    }
}
