using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Networks.Sequences;

/// <summary>From ids, a row of <see cref="SequenceOptions.Columns"/> numbers for each step, which knows of that step and those before it alone.</summary>
internal sealed unsafe class SequenceNetwork
{
    private const int FilterWidth = 3;

    private readonly Sequential _layers;

    /// <param name="ids">The highest id.</param>
    public SequenceNetwork(SequenceOptions options, int ids)
    {
        Options = options;
        Ids = ids;
        Items = new Embedding(Parameters, "items", ids, options.Columns, lazy: options.Loss != NextStepLoss.FullSoftmax);
        var layers = ImmutableArray.CreateBuilder<Layer>();
        if (options.Reader == SequenceReader.SelfAttention) layers.Add(new Positions(Parameters, "positions", options.Length, options.Columns));
        layers.Add(new Dropout(options.Dropout));
        for (var block = 0; block < options.Blocks; block++) layers.AddRange(Block($"block{block}"));
        layers.Add(new LayerNorm(Parameters, "last", options.Columns));
        _layers = new Sequential(layers.ToImmutable());
    }

    public SequenceOptions Options { get; }

    public int Ids { get; }

    public Parameters Parameters { get; } = new();

    /// <summary>Read at the input, and again at the output, where the state is compared with every item's row.</summary>
    public Embedding Items { get; }

    /// <summary>How many sequences are best taken through together: a recurrent network does one step of all at once, attention keeps one sequence near the processor.</summary>
    public int Together => Options.Reader == SequenceReader.SelfAttention ? 1 : 64;

    /// <param name="ids">A step a row; 0 behind the end of a shorter sequence.</param>
    public Tensor Forward(Pass pass, Tensor ids) => Read(pass, Items.Forward(pass, ids));

    public void Backward(Pass pass, Tensor dy) => Items.Backward(pass, ReadBackward(pass, dy));

    /// <summary>What comes after the embedding, which <see cref="Forward"/> begins with.</summary>
    /// <param name="embedded">A row of <see cref="SequenceOptions.Columns"/> numbers a step.</param>
    public Tensor Read(Pass pass, Tensor embedded) => _layers.Forward(pass, embedded);

    /// <returns>The gradient by the embedded steps.</returns>
    public Tensor ReadBackward(Pass pass, Tensor dy) => _layers.Backward(pass, dy);

    /// <param name="ids">By rows, steps and one column.</param>
    public string ToOnnx(LayerGraph graph, string ids) => _layers.ToOnnx(graph, Items.ToOnnx(graph, ids));

    /// <summary>Scores of ids 1 to the highest by the states of some rows.</summary>
    public Tensor Compare(Pass pass, Tensor states)
    {
        var scores = pass.New(states.Batch, 1, Ids);
        pass.Multiply(states.Matrix, ItemRows(pass.Value(Items.Table)).Turned, scores.Matrix, add: false);
        return scores;
    }

    /// <summary>The rows of ids 1 to the highest in the table or its gradient.</summary>
    public Kernels.Matrix ItemRows(float* table) => new(table + Options.Columns, Ids, Options.Columns);

    private IEnumerable<Layer> Block(string name)
    {
        var columns = Options.Columns;
        switch (Options.Reader)
        {
            case SequenceReader.SelfAttention:
                yield return new Residual(new Sequential(
                    new LayerNorm(Parameters, $"{name}.norm1", columns), new CausalSelfAttention(Parameters, $"{name}.attention", columns, Options.Heads), new Dropout(Options.Dropout)));
                yield return new Residual(new Sequential(
                    new LayerNorm(Parameters, $"{name}.norm2", columns), new Layers.Linear(Parameters, $"{name}.inner", columns, columns), new Activation(ActivationKind.Relu),
                    new Layers.Linear(Parameters, $"{name}.outer", columns, columns), new Dropout(Options.Dropout)));
                break;
            case SequenceReader.Gru:
                yield return new Gru(Parameters, name, columns, columns);
                yield return new Dropout(Options.Dropout);
                break;
            case SequenceReader.Lstm:
                yield return new Lstm(Parameters, name, columns, columns);
                yield return new Dropout(Options.Dropout);
                break;
            default:
                yield return new Residual(new Sequential(
                    new Convolution(Parameters, name, columns, columns, FilterWidth, causal: true), new Activation(ActivationKind.Relu), new Dropout(Options.Dropout)));
                break;
        }
    }
}
