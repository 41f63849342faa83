using System.Globalization;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Networks.Tables;

/// <summary>A trained multilayer perceptron that tells a class, a number or a count.</summary>
public sealed unsafe class TablePerceptron : ITargetModel
{
    private const int ScoredTogether = 256;

    private readonly TableNetwork _network;
    private readonly AnswerScale _scale;
    private readonly int _epoch;

    internal TablePerceptron(TableNetwork network, AnswerScale scale, int epoch) => (_network, _scale, _epoch) = (network, scale, epoch);

    public string Family => MlpModel.FamilyName;

    public TreesObjective Target => _scale.Target;

    public IReadOnlyList<FeatureColumn> Columns => _network.Encoding.Columns;

    public int Outputs => _scale.Outputs;

    internal TableEncoding Encoding => _network.Encoding;

    public string Settings => string.Create(CultureInfo.InvariantCulture, $"{string.Join('-', _network.Hidden)} units, dropout {_network.Dropout:0.##}, epoch {_epoch}");

    public Outcome<float[]> Predict(FeatureMatrix x)
    {
        if (!ColumnAlignment.Align(_network.Encoding.Columns, x).TryGet(out var aligned, out var other)) return other;
        var answers = new float[aligned.Rows * Outputs];
        var pass = new Pass(_network.Parameters, KernelSet.Best);
        for (var from = 0; from < aligned.Rows; from += ScoredTogether)
        {
            var rows = Math.Min(ScoredTogether, aligned.Rows - from);
            pass.Begin(training: false, 0);
            var input = _network.NewInput(pass, rows);
            for (var row = 0; row < rows; row++) _network.Encoding.Encode(aligned, from + row, input.Span.Slice(row * input.Columns, input.Columns));
            _network.Forward(pass, input).Span.CopyTo(answers.AsSpan(from * Outputs));
            pass.Forget();
        }

        for (var at = 0; at < answers.Length; at += Outputs) _scale.Answer(answers.AsSpan(at, Outputs));
        return answers;
    }

    public byte[] ToOnnx(IReadOnlyList<string> classes) => TargetModels.ToOnnx(this, classes, (graph, inputs) => _scale.ToOnnx(graph, TableNetworkOnnx.Answers(graph, inputs, _network)));
}
