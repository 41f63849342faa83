using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Networks.Tables;

/// <summary>A trained multilayer perceptron over a table's rows.</summary>
/// <param name="background">Some training rows that a row is compared with when it is explained.</param>
/// <param name="epoch">The epoch whose parameters these are.</param>
internal sealed unsafe class MlpModel(TableNetwork network, FeatureMatrix background, int epoch) : IBinaryModel, IOnnxModel
{
    public const string FamilyName = "mlp";
    private const int BackgroundRows = 32;
    private const int ScoredTogether = 256;

    private readonly ConcurrentBag<Pass> _passes = [];

    public string Family => FamilyName;

    /// <summary>How it is built, for the model card.</summary>
    public string Settings => string.Create(CultureInfo.InvariantCulture, $"{string.Join('-', network.Hidden)} units, dropout {network.Dropout:0.##}, {network.Parameters.Length} parameters, epoch {epoch}");

    public TableEncoding Encoding => network.Encoding;

    /// <summary>The rows to compare with.</summary>
    public static FeatureMatrix Choose(FeatureMatrix x, ulong seed) => x.Take(new SeededRandom(seed).Sample(x.Rows, Math.Min(BackgroundRows, x.Rows)));

    public float[] Score(FeatureMatrix x)
    {
        BinaryModels.CheckColumns(network.Encoding.Columns, x);
        var scores = new float[x.Rows];
        var parts = (x.Rows + ScoredTogether - 1) / ScoredTogether;
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = 2 }, part =>
        {
            var from = part * ScoredTogether;
            var to = scores.AsSpan(from, Math.Min(ScoredTogether, x.Rows - from));
            LogOdds(to, (row, input) => network.Encoding.Encode(x, from + row, input));
            for (var row = 0; row < to.Length; row++) to[row] = (float)BinaryModels.Sigmoid(to[row]);
        });
        return scores;
    }

    /// <summary>Shapley values by sampled orders of the columns: in each order the row's values replace a training row's one after the other, and each is credited with what it moved.</summary>
    /// <remarks>Štrumbelj and Kononenko, Explaining prediction models and individual predictions with feature contributions, KAIS 41(3), 2014. Each order is also gone backwards.</remarks>
    public double[] Explain(FeatureMatrix x, int row)
    {
        BinaryModels.CheckColumns(network.Encoding.Columns, x);
        var columns = x.Columns.Length;
        var contributions = new double[columns + 1];
        var logOdds = new float[columns + 1];
        for (var sample = 0; sample < 2 * background.Rows; sample++)
        {
            var other = sample / 2;
            var order = Order(columns, (ulong)other);
            if (sample % 2 == 1) Array.Reverse(order);
            var values = new float[columns * (columns + 1)];
            for (var step = 0; step <= columns; step++)
            {
                for (var place = 0; place < columns; place++) values[(order[place] * (columns + 1)) + step] = place < step ? x[row, order[place]] : background[other, order[place]];
            }

            var mixed = new FeatureMatrix(x.Columns, columns + 1, values);
            LogOdds(logOdds, (step, input) => network.Encoding.Encode(mixed, step, input));
            contributions[^1] += logOdds[0];
            for (var step = 1; step <= columns; step++) contributions[order[step - 1]] += (double)logOdds[step] - logOdds[step - 1];
        }

        for (var i = 0; i < contributions.Length; i++) contributions[i] /= 2 * background.Rows;
        return contributions;
    }

    IReadOnlyList<FeatureColumn> IOnnxModel.Columns => network.Encoding.Columns;

    string IOnnxModel.LogOdds(OnnxGraph graph, OnnxInputs inputs) => TableNetworkOnnx.LogOdds(graph, inputs, network);

    public void Save(Stream stream)
    {
        using var writer = BinaryModels.Begin(stream, FamilyName);
        network.Encoding.Write(writer);
        writer.Write(network.Hidden.Length);
        foreach (var units in network.Hidden) writer.Write(units);
        writer.Write(network.Dropout);
        writer.Write(epoch);
        writer.Write(MemoryMarshal.AsBytes(network.Parameters.Span));
        writer.Write(background.Rows);
        for (var column = 0; column < background.Columns.Length; column++) writer.Write(MemoryMarshal.AsBytes(background.Column(column)));
    }

    public static MlpModel Read(BinaryReader reader)
    {
        var encoding = TableEncoding.Read(reader);
        var hidden = new int[reader.ReadInt32()];
        for (var i = 0; i < hidden.Length; i++) hidden[i] = reader.ReadInt32();
        var network = new TableNetwork(encoding, [.. hidden], reader.ReadSingle());
        var epoch = reader.ReadInt32();
        network.Parameters.Begin(0);
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(network.Parameters.Span));
        var rows = reader.ReadInt32();
        var values = new float[rows * encoding.Columns.Length];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return new MlpModel(network, new FeatureMatrix(encoding.Columns, rows, values), epoch);
    }

    private void LogOdds(Span<float> to, Action<int, Span<float>> encode)
    {
        if (!_passes.TryTake(out var pass)) pass = new Pass(network.Parameters, KernelSet.Best);
        pass.Begin(training: false, 0);
        var input = network.NewInput(pass, to.Length);
        for (var row = 0; row < to.Length; row++) encode(row, input.Span.Slice(row * input.Columns, input.Columns));
        network.Forward(pass, input).Span.CopyTo(to);
        pass.Forget();
        _passes.Add(pass);
    }

    private static int[] Order(int columns, ulong seed)
    {
        var random = new SeededRandom(seed);
        var order = Enumerable.Range(0, columns).ToArray();
        for (var i = columns - 1; i > 0; i--)
        {
            var other = random.NextInt(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }
}
