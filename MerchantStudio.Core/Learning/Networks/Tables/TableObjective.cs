using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Trees;

namespace MerchantStudio.Core.Learning.Networks.Tables;

/// <summary>What a network over a table's rows is to answer.</summary>
/// <param name="training">With labels as the network is to say them.</param>
internal sealed unsafe class TableObjective(TableNetwork network, TreesObjective target, TreesTable training, TreesTable validation) : Objective
{
    private readonly float[]? _weights = OverMean(training.Weights);
    private readonly float[]? _validationWeights = OverMean(validation.Weights);

    public override Parameters Parameters => network.Parameters;

    public override int Examples => training.X.Rows;

    public override int ValidationExamples => validation.X.Rows;

    public override string Fingerprint
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (var column = 0; column < training.X.Columns.Length; column++)
            {
                hash.AppendData(MemoryMarshal.AsBytes(training.X.Column(column)));
                hash.AppendData(MemoryMarshal.AsBytes(validation.X.Column(column)));
            }

            hash.AppendData(MemoryMarshal.AsBytes(training.Y.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(validation.Y.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(_weights.AsSpan()));
            return $"{target} {string.Join('-', network.Hidden)} {network.Dropout} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
        }
    }

    public override double Learn(Pass pass, ReadOnlySpan<int> examples, int terms, ulong seed)
    {
        pass.Begin(training: true, seed);
        var input = network.NewInput(pass, examples.Length);
        Span<float> targets = examples.Length <= 1024 ? stackalloc float[examples.Length] : new float[examples.Length];
        Span<float> weights = _weights is null ? [] : examples.Length <= 1024 ? stackalloc float[examples.Length] : new float[examples.Length];
        for (var i = 0; i < examples.Length; i++)
        {
            network.Encoding.Encode(training.X, examples[i], input.Span.Slice(i * input.Columns, input.Columns));
            targets[i] = training.Y[examples[i]];
            if (_weights is not null) weights[i] = _weights[examples[i]];
        }

        var answers = network.Forward(pass, input);
        var dy = pass.New(answers.Batch, 1, network.Outputs);
        var loss = Loss(pass, answers, targets, weights, terms, dy);
        network.Backward(pass, dy);
        return loss;
    }

    public override double Validate(Pass pass, int from, int count)
    {
        pass.Begin(training: false, 0);
        var input = network.NewInput(pass, count);
        for (var i = 0; i < count; i++) network.Encoding.Encode(validation.X, from + i, input.Span.Slice(i * input.Columns, input.Columns));
        var answers = network.Forward(pass, input);
        pass.Forget();
        return Loss(pass, answers, validation.Y.AsSpan(from, count), _validationWeights is null ? [] : _validationWeights.AsSpan(from, count), 1, pass.New(count, 1, network.Outputs));
    }

    private static float[]? OverMean(float[]? weights) => weights is { Length: > 0 } && weights.Average() is var mean ? [.. weights.Select(weight => weight / mean)] : null;

    private double Loss(Pass pass, Tensor answers, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, int terms, Tensor dy)
    {
        switch (target)
        {
            case TreesObjective.Binary:
                return Losses.BinaryCrossEntropy(answers, targets, weights, terms, dy);
            case TreesObjective.Poisson:
                return Losses.Poisson(answers, targets, weights, terms, dy);
            case TreesObjective.Softmax:
                var classes = new int[targets.Length];
                for (var row = 0; row < classes.Length; row++) classes[row] = (int)targets[row];
                return Losses.CrossEntropy(pass, answers, classes, weights, terms, dy);
            default:
                return Losses.SquaredError(answers, targets, weights, terms, dy);
        }
    }
}
