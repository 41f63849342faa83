using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MerchantStudio.Core.Learning.Layers;

namespace MerchantStudio.Core.Learning.Networks.Tables;

/// <summary>Log-loss of a yes-or-no question over a table's rows.</summary>
internal sealed unsafe class TableObjective(TableNetwork network, FeatureMatrix x, float[] y, FeatureMatrix validationX, float[] validationY) : Objective
{
    public override Parameters Parameters => network.Parameters;

    public override int Examples => x.Rows;

    public override int ValidationExamples => validationX.Rows;

    public override string Fingerprint
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (var column = 0; column < x.Columns.Length; column++)
            {
                hash.AppendData(MemoryMarshal.AsBytes(x.Column(column)));
                hash.AppendData(MemoryMarshal.AsBytes(validationX.Column(column)));
            }

            hash.AppendData(MemoryMarshal.AsBytes(y.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(validationY.AsSpan()));
            return $"{string.Join('-', network.Hidden)} {network.Dropout} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
        }
    }

    public override double Learn(Pass pass, ReadOnlySpan<int> examples, int terms, ulong seed)
    {
        pass.Begin(training: true, seed);
        var input = network.NewInput(pass, examples.Length);
        Span<float> targets = examples.Length <= 1024 ? stackalloc float[examples.Length] : new float[examples.Length];
        for (var i = 0; i < examples.Length; i++)
        {
            network.Encoding.Encode(x, examples[i], input.Span.Slice(i * input.Columns, input.Columns));
            targets[i] = y[examples[i]];
        }

        var logits = network.Forward(pass, input);
        var dy = pass.New(logits.Batch, 1, 1);
        var loss = Losses.BinaryCrossEntropy(logits, targets, [], terms, dy);
        network.Backward(pass, dy);
        return loss;
    }

    public override double Validate(Pass pass, int from, int count)
    {
        pass.Begin(training: false, 0);
        var input = network.NewInput(pass, count);
        for (var i = 0; i < count; i++) network.Encoding.Encode(validationX, from + i, input.Span.Slice(i * input.Columns, input.Columns));
        var logits = network.Forward(pass, input);
        pass.Forget();
        return Losses.BinaryCrossEntropy(logits, validationY.AsSpan(from, count), [], 1, pass.New(count, 1, 1));
    }
}
