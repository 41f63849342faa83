using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MerchantStudio.Core.Learning.Layers;

namespace MerchantStudio.Core.Learning.Networks.Sequences;

/// <summary>Log-loss of a yes-or-no question about whole sequences, such as whether a session ends in a purchase.</summary>
internal sealed unsafe class SessionOutcomeObjective(SessionOutcomeNetwork network, ShopperSequences training, float[] y, ShopperSequences validation, float[] validationY) : Objective
{
    public override Parameters Parameters => network.Reader.Parameters;

    public override int Examples => training.Count;

    public override int ValidationExamples => validation.Count;

    public override string Fingerprint
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            training.AppendTo(hash);
            validation.AppendTo(hash);
            hash.AppendData(MemoryMarshal.AsBytes(y.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(validationY.AsSpan()));
            var o = network.Reader.Options;
            return FormattableString.Invariant($"outcome {o.Reader} {o.Columns} {o.Blocks} {o.Heads} {o.Length} {o.Dropout} {network.Reader.Ids} {Convert.ToHexStringLower(hash.GetHashAndReset())}");
        }
    }

    public override double Learn(Pass pass, ReadOnlySpan<int> examples, int terms, ulong seed)
    {
        var loss = 0.0;
        for (var from = 0; from < examples.Length; from += network.Reader.Together)
        {
            pass.Begin(training: true, SeededRandom.Mix(seed, (ulong)from + 1));
            var some = examples.Slice(from, Math.Min(network.Reader.Together, examples.Length - from)).ToArray();
            var logits = network.Forward(pass, [.. some.Select(example => (ReadOnlyMemory<int>)training[example].ToArray())], out var states, out var ends);
            var dy = pass.New(logits.Batch, 1, 1);
            loss += Losses.BinaryCrossEntropy(logits, [.. some.Select(example => y[example])], [], terms, dy);
            network.Backward(pass, dy, states, ends);
        }

        return loss;
    }

    public override double Validate(Pass pass, int from, int count)
    {
        var loss = 0.0;
        for (var row = from; row < from + count; row++)
        {
            pass.Begin(training: false, 0);
            var logits = network.Forward(pass, [validation[row].ToArray()], out _, out _);
            pass.Forget();
            loss += Losses.BinaryCrossEntropy(logits, validationY.AsSpan(row, 1), [], 1, pass.New(1, 1, 1));
        }

        return loss;
    }
}
