using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Networks.Tables;

namespace MerchantStudio.Tests.Learning.Layers;

/// <summary>Every layer with an input that it is to be checked on.</summary>
internal static class LayerTable
{
    public static IReadOnlyDictionary<string, LayerCase> Cases { get; } = new Dictionary<string, LayerCase>
    {
        ["Linear"] = new(p => new Linear(p, "l", 7, 5), 3, 2, 7),
        ["Linear on odd sizes"] = new(p => new Linear(p, "l", 33, 49), 9, 1, 33),
        ["Activation, relu"] = new(_ => new Activation(ActivationKind.Relu), 3, 2, 9),
        ["Activation, sigmoid"] = new(_ => new Activation(ActivationKind.Sigmoid), 3, 2, 19),
        ["Activation, tanh"] = new(_ => new Activation(ActivationKind.Tanh), 3, 2, 9),
        ["LayerNorm"] = new(p => new LayerNorm(p, "n", 19), 3, 2, 19),
        ["Dropout"] = new(_ => new Dropout(0.4f), 5, 2, 9),
        ["Embedding"] = new(p => new Embedding(p, "e", 6, 4), 3, 5, 2) { Ids = 6 },
        ["TableInput"] = new(p => new TableInput(p, "t", 2, [6, 9]), 5, 1, 4) { Ids = 6 },
        ["Positions"] = new(p => new Positions(p, "p", 5, 6), 3, 5, 6),
        ["Convolution"] = new(p => new Convolution(p, "c", 4, 6, 3), 2, 5, 4),
        ["Convolution, causal"] = new(p => new Convolution(p, "c", 4, 6, 3, causal: true), 2, 5, 4),
        ["Pooling, largest"] = new(_ => new Pooling(PoolingKind.Largest), 3, 4, 5),
        ["Pooling, mean"] = new(_ => new Pooling(PoolingKind.Mean), 3, 4, 5),
        ["Pooling, last"] = new(_ => new Pooling(PoolingKind.Last), 3, 4, 5),
        ["Gru"] = new(p => new Gru(p, "g", 4, 6), 3, 5, 4),
        ["Lstm"] = new(p => new Lstm(p, "m", 4, 6), 3, 5, 4),
        ["CausalSelfAttention"] = new(p => new CausalSelfAttention(p, "a", 8, 2), 2, 6, 8),
        ["Residual"] = new(p => new Residual(new Linear(p, "r", 6, 6)), 3, 2, 6),
        ["Sequential"] = new(p => new Sequential(new Linear(p, "s1", 6, 8), new Activation(ActivationKind.Relu), new LayerNorm(p, "s2", 8), new Linear(p, "s3", 8, 1)), 4, 1, 6),
    };
}

/// <param name="Columns">Of the input.</param>
internal sealed record LayerCase(Func<Parameters, Layer> Make, int Batch, int Time, int Columns)
{
    /// <summary>The highest id where the input holds ids, else 0.</summary>
    public int Ids { get; init; }
}
