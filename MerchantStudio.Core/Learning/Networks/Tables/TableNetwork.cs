using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Networks.Tables;

/// <summary>A multilayer perceptron over a table's rows: embeddings of categories beside the numbers, hidden layers with ReLU and dropout, one log-odds out.</summary>
internal sealed class TableNetwork
{
    private readonly Sequential _layers;

    public TableNetwork(TableEncoding encoding, ImmutableArray<int> hidden, float dropout)
    {
        Encoding = encoding;
        Hidden = hidden;
        Dropout = dropout;
        var input = new TableInput(Parameters, "input", encoding.NumberInputs, encoding.HighestIds);
        var layers = ImmutableArray.CreateBuilder<Layer>();
        layers.Add(input);
        var width = input.Outputs;
        for (var i = 0; i < hidden.Length; i++)
        {
            layers.Add(new Layers.Linear(Parameters, $"hidden.{i}", width, hidden[i]));
            layers.Add(new Activation(ActivationKind.Relu));
            layers.Add(new Dropout(dropout));
            width = hidden[i];
        }

        layers.Add(new Layers.Linear(Parameters, "out", width, 1));
        _layers = new Sequential(layers.ToImmutable());
    }

    public TableEncoding Encoding { get; }

    public ImmutableArray<int> Hidden { get; }

    public float Dropout { get; }

    public Parameters Parameters { get; } = new();

    /// <returns>A row of inputs for each example, to be filled.</returns>
    public Tensor NewInput(Pass pass, int rows) => pass.New(rows, 1, Encoding.Inputs);

    public Tensor Forward(Pass pass, Tensor x) => _layers.Forward(pass, x);

    public void Backward(Pass pass, Tensor dy) => _layers.Backward(pass, dy);

    /// <param name="x">As <see cref="NewInput"/>, by rows, one step and columns.</param>
    public string ToOnnx(OnnxGraph graph, string x) => _layers.ToOnnx(new LayerGraph(graph, Parameters, 1), x);
}
