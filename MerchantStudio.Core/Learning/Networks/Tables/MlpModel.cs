using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Networks.Tables;

/// <summary>A trained multilayer perceptron over a table's rows.</summary>
/// <param name="baseline">The mean training row, embedded, that a row is compared with when it is explained.</param>
/// <param name="epoch">The epoch whose parameters these are.</param>
internal sealed unsafe class MlpModel(TableNetwork network, float[] baseline, int epoch) : IBinaryModel, IOnnxModel
{
    public const string FamilyName = "mlp";
    private const int ScoredTogether = 256;

    private readonly ConcurrentBag<Pass> _passes = [];

    public string Family => FamilyName;

    public IReadOnlyList<FeatureColumn> Columns => network.Encoding.Columns;

    public string Settings => string.Create(CultureInfo.InvariantCulture, $"{string.Join('-', network.Hidden)} units, dropout {network.Dropout:0.##}, {network.Parameters.Length} parameters, epoch {epoch}");

    public TableEncoding Encoding => network.Encoding;

    /// <summary>The mean of rows as the hidden layers see them.</summary>
    public static float[] Mean(TableNetwork network, FeatureMatrix x)
    {
        var pass = new Pass(network.Parameters, KernelSet.Best);
        var sums = new double[network.EmbeddedColumns.Length];
        for (var from = 0; from < x.Rows; from += ScoredTogether)
        {
            pass.Begin(training: false, 0);
            var embedded = Embedded(network, pass, x, from, Math.Min(ScoredTogether, x.Rows - from)).Span;
            for (var i = 0; i < embedded.Length; i++) sums[i % sums.Length] += embedded[i];
        }

        return Array.ConvertAll(sums, sum => (float)(sum / x.Rows));
    }

    public float[] Score(FeatureMatrix x) => Score(x, KernelSet.Best);

    /// <param name="kernels">Another set than the one that it was trained with rounds otherwise, by less than 1e-5 of a chance.</param>
    public float[] Score(FeatureMatrix x, KernelSet kernels)
    {
        BinaryModels.CheckColumns(network.Encoding.Columns, x);
        var scores = new float[x.Rows];
        var parts = (x.Rows + ScoredTogether - 1) / ScoredTogether;
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = 2 }, part =>
        {
            var from = part * ScoredTogether;
            var to = scores.AsSpan(from, Math.Min(ScoredTogether, x.Rows - from));
            LogOdds(x, from, to, kernels);
            for (var row = 0; row < to.Length; row++) to[row] = (float)BinaryModels.Sigmoid(to[row]);
        });
        return scores;
    }

    /// <summary>Integrated gradients from the mean training row to this one; the bias is the mean row's log-odds. They sum to the row's log-odds within <see cref="IntegratedGradients.Tolerance"/>.</summary>
    public double[] Explain(FeatureMatrix x, int row)
    {
        BinaryModels.CheckColumns(network.Encoding.Columns, x);
        var pass = Begin(KernelSet.Best);
        var (moved, bias) = new IntegratedGradients(pass, 1, rows => network.Slopes(pass, rows)).Between(baseline, Embedded(network, pass, x, row, 1).Span);
        _passes.Add(pass);
        var contributions = new double[network.Encoding.Columns.Length + 1];
        var columns = network.EmbeddedColumns;
        for (var i = 0; i < moved.Length; i++) contributions[columns[i]] += moved[i];
        contributions[^1] = bias;
        return contributions;
    }

    /// <summary>The same network with its weights rounded to 8-bit numbers, as its 8-bit file computes.</summary>
    public MlpModel Rounded()
    {
        var rounded = new TableNetwork(network.Encoding, network.Hidden, network.Dropout);
        EightBit.CopyRounded(network.Parameters, rounded.Parameters);
        return new MlpModel(rounded, baseline, epoch);
    }

    string IOnnxModel.LogOdds(OnnxGraph graph, OnnxInputs inputs) => TableNetworkOnnx.Answers(graph, inputs, network);

    public void Save(Stream stream) => ModelFile.Write(stream, FamilyName, writer =>
    {
        network.Write(writer, epoch);
        writer.Write(MemoryMarshal.AsBytes(baseline.AsSpan()));
    });

    public static MlpModel Read(BinaryReader reader)
    {
        var (network, epoch) = TableNetwork.Read(reader);
        var baseline = new float[network.EmbeddedColumns.Length];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(baseline.AsSpan()));
        return new MlpModel(network, baseline, epoch);
    }

    private void LogOdds(FeatureMatrix x, int from, Span<float> to, KernelSet kernels)
    {
        var pass = Begin(kernels);
        network.Forward(pass, Encoded(network, pass, x, from, to.Length)).Span.CopyTo(to);
        pass.Forget();
        _passes.Add(pass);
    }

    private Pass Begin(KernelSet kernels)
    {
        if (!_passes.TryTake(out var pass) || pass.Kernels != kernels) pass = new Pass(network.Parameters, kernels);
        pass.Begin(training: false, 0);
        return pass;
    }

    private static Tensor Encoded(TableNetwork network, Pass pass, FeatureMatrix x, int from, int rows)
    {
        var input = network.NewInput(pass, rows);
        for (var row = 0; row < rows; row++) network.Encoding.Encode(x, from + row, input.Span.Slice(row * input.Columns, input.Columns));
        return input;
    }

    private static Tensor Embedded(TableNetwork network, Pass pass, FeatureMatrix x, int from, int rows) => network.Embed(pass, Encoded(network, pass, x, from, rows));
}
