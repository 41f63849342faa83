using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Networks.Tables;

/// <summary>A multilayer perceptron over a table's rows: embeddings of categories beside the numbers, hidden layers with ReLU and dropout, one log-odds out or several answers.</summary>
internal sealed class TableNetwork
{
    private readonly TableInput _input;
    private readonly Sequential _layers;

    public TableNetwork(TableEncoding encoding, ImmutableArray<int> hidden, float dropout, int outputs = 1)
    {
        Outputs = outputs;
        Encoding = encoding;
        Hidden = hidden;
        Dropout = dropout;
        _input = new TableInput(Parameters, "input", encoding.NumberInputs, encoding.HighestIds);
        var layers = ImmutableArray.CreateBuilder<Layer>();
        var width = _input.Outputs;
        for (var i = 0; i < hidden.Length; i++)
        {
            layers.Add(new Layers.Linear(Parameters, $"hidden.{i}", width, hidden[i]));
            layers.Add(new Activation(ActivationKind.Relu));
            layers.Add(new Dropout(dropout));
            width = hidden[i];
        }

        layers.Add(new Layers.Linear(Parameters, "out", width, outputs));
        _layers = new Sequential(layers.ToImmutable());
    }

    public TableEncoding Encoding { get; }

    public ImmutableArray<int> Hidden { get; }

    public float Dropout { get; }

    public int Outputs { get; }

    public Parameters Parameters { get; } = new();

    /// <returns>A row of inputs for each example, to be filled.</returns>
    public Tensor NewInput(Pass pass, int rows) => pass.New(rows, 1, Encoding.Inputs);

    public Tensor Forward(Pass pass, Tensor x) => _layers.Forward(pass, _input.Forward(pass, x));

    public void Backward(Pass pass, Tensor dy) => _input.Backward(pass, _layers.Backward(pass, dy));

    /// <summary>A row's numbers with its categories' learned rows in place of their ids: what the hidden layers see.</summary>
    public Tensor Embed(Pass pass, Tensor x)
    {
        var embedded = _input.Forward(pass, x);
        pass.Forget();
        return embedded;
    }

    /// <summary>The table's column behind each number of <see cref="Embed"/>.</summary>
    public ImmutableArray<int> EmbeddedColumns =>
    [
        .. Encoding.Numbers.SelectMany(number => Enumerable.Repeat(number.Column, number.Inputs)),
        .. Encoding.Categories.SelectMany((column, index) => Enumerable.Repeat(column, TableInput.Width(Encoding.HighestIds[index]))),
    ];

    /// <returns>The log-odds of embedded rows, and how each number of a row moves its row's.</returns>
    public (Tensor LogOdds, Tensor Slopes) Slopes(Pass pass, Tensor embedded)
    {
        var logOdds = pass.Copy(_layers.Forward(pass, embedded));
        var dy = pass.New(logOdds.Batch, 1, 1);
        dy.Span.Fill(1);
        return (logOdds, _layers.Backward(pass, dy));
    }

    /// <param name="epoch">Whose parameters these are.</param>
    public void Write(BinaryWriter writer, int epoch)
    {
        Encoding.Write(writer);
        writer.Write(Hidden.Length);
        foreach (var units in Hidden) writer.Write(units);
        writer.Write(Dropout);
        writer.Write(epoch);
        writer.Write(MemoryMarshal.AsBytes(Parameters.Span));
    }

    public static (TableNetwork Network, int Epoch) Read(BinaryReader reader)
    {
        var encoding = TableEncoding.Read(reader);
        var hidden = new int[reader.ReadInt32()];
        for (var i = 0; i < hidden.Length; i++) hidden[i] = reader.ReadInt32();
        var network = new TableNetwork(encoding, [.. hidden], reader.ReadSingle());
        var epoch = reader.ReadInt32();
        network.Parameters.Begin(0);
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(network.Parameters.Span));
        return (network, epoch);
    }

    /// <param name="x">As <see cref="NewInput"/>, by rows, one step and columns.</param>
    public string ToOnnx(OnnxGraph graph, string x)
    {
        var layers = new LayerGraph(graph, Parameters, 1);
        return _layers.ToOnnx(layers, _input.ToOnnx(layers, x));
    }
}
