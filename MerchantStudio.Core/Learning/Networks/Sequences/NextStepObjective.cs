using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MerchantStudio.Core.Learning.Layers;

namespace MerchantStudio.Core.Learning.Networks.Sequences;

/// <summary>To tell each step of a sequence from those before it; stopped by how well the last step of other sequences is told.</summary>
/// <param name="validation">The last step of each is to be told from those before; at least two steps each.</param>
internal sealed unsafe class NextStepObjective(SequenceNetwork network, ShopperSequences training, ShopperSequences validation) : Objective
{
    /// <summary>Places of a ranking that count.</summary>
    public const int Cut = 10;

    private readonly int[] _examples = [.. Enumerable.Range(0, training.Count).Where(i => training[i].Length > 1)];

    public override Parameters Parameters => network.Parameters;

    public override int Examples => _examples.Length;

    public override int ValidationExamples => validation.Count;

    public override string Fingerprint
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            training.AppendTo(hash);
            validation.AppendTo(hash);
            var o = network.Options;
            return FormattableString.Invariant($"{o.Reader} {o.Loss} {o.Columns} {o.Blocks} {o.Heads} {o.Length} {o.Dropout} {o.Negatives} {network.Ids} {Convert.ToHexStringLower(hash.GetHashAndReset())}");
        }
    }

    public override int Terms(int example) => Inputs(training[_examples[example]]).Length;

    public override double Learn(Pass pass, ReadOnlySpan<int> examples, int terms, ulong seed)
    {
        var random = new SeededRandom(SeededRandom.Mix(seed, 0x5EEDu));
        if (network.Options.Loss != NextStepLoss.BinaryCrossEntropy)
        {
            pass.Begin(training: true, seed);
            return LearnTogether(pass, examples, terms, random);
        }

        // One sequence at a time stays in the processor's own cache from the first layer to the last and back; padding never comes up.
        var loss = 0.0;
        for (var i = 0; i < examples.Length; i++)
        {
            pass.Begin(training: true, SeededRandom.Mix(seed, (ulong)i + 1));
            var sequence = training[_examples[examples[i]]];
            var inputs = Inputs(sequence);
            var states = network.Forward(pass, Ids(pass, inputs));
            var d = pass.New(states.Rows, 1, states.Columns);
            loss += NextStepLosses.BinaryCrossEntropy(network, pass, new Tensor(states.Data, states.Rows, 1, states.Columns), sequence[^inputs.Length..], sequence, terms, random, d);
            network.Backward(pass, new Tensor(d.Data, 1, states.Rows, states.Columns));
        }

        return loss;
    }

    /// <summary>1 - NDCG@10 of the last step among all ids that are not in the sequence before it.</summary>
    public override double Validate(Pass pass, int from, int count)
    {
        var ranks = NextStepRanking.Ranks(network, pass, validation, from, count);
        var sum = 0.0;
        foreach (var rank in ranks) sum += 1 - (rank <= Cut ? 1 / Math.Log2(1 + rank) : 0);
        return sum;
    }

    /// <summary>States of all sequences first, then one loss over all their rows, then all the way back in the opposite order.</summary>
    private double LearnTogether(Pass pass, ReadOnlySpan<int> examples, int terms, SeededRandom random)
    {
        var batches = new List<(int From, int Count, Tensor States)>();
        var targets = new List<int>();
        for (var from = 0; from < examples.Length; from += network.Together)
        {
            var some = examples.Slice(from, Math.Min(network.Together, examples.Length - from));
            var longest = 0;
            foreach (var example in some) longest = Math.Max(longest, Terms(example));
            var ids = pass.New(some.Length, longest, 1);
            ids.Span.Clear();
            for (var i = 0; i < some.Length; i++)
            {
                var sequence = training[_examples[some[i]]];
                var inputs = Inputs(sequence);
                for (var step = 0; step < inputs.Length; step++) ids.Span[(i * longest) + step] = inputs[step];
                foreach (var id in sequence[^inputs.Length..]) targets.Add(id);
            }

            batches.Add((from, some.Length, network.Forward(pass, ids)));
        }

        var columns = network.Options.Columns;
        var states = pass.New(targets.Count, 1, columns);
        Visit(batches, examples, (row, state) => new ReadOnlySpan<float>((float*)state, columns).CopyTo(new Span<float>(states.Pointer + ((long)row * columns), columns)));
        var dStates = pass.New(targets.Count, 1, columns);
        var loss = network.Options.Loss == NextStepLoss.FullSoftmax
            ? NextStepLosses.FullSoftmax(network, pass, states, CollectionsMarshal.AsSpan(targets), terms, dStates)
            : NextStepLosses.SampledSoftmax(network, pass, states, CollectionsMarshal.AsSpan(targets), terms, random, dStates);
        var back = batches.ConvertAll(batch => (batch.From, batch.Count, States: pass.New(batch.States.Batch, batch.States.Time, columns)));
        foreach (var batch in back) batch.States.Span.Clear();   // a step behind the end has no gradient
        Visit(back, examples, (row, state) => new ReadOnlySpan<float>(dStates.Pointer + ((long)row * columns), columns).CopyTo(new Span<float>((float*)state, columns)));
        for (var i = back.Count - 1; i >= 0; i--) network.Backward(pass, back[i].States);
        return loss;
    }

    /// <summary>Every row that has a target, in the order of the targets.</summary>
    private void Visit(List<(int From, int Count, Tensor States)> batches, ReadOnlySpan<int> examples, Action<int, nint> visit)
    {
        var row = 0;
        foreach (var (from, count, states) in batches)
        {
            for (var i = 0; i < count; i++)
            {
                for (var step = 0; step < Terms(examples[from + i]); step++) visit(row++, (nint)states.Example(i).At(step, 0));
            }
        }
    }

    /// <summary>The steps that have a next one, the last of them where there are too many.</summary>
    private ReadOnlySpan<int> Inputs(ReadOnlySpan<int> sequence)
    {
        var inputs = sequence[..^1];
        return inputs.Length <= network.Options.Length ? inputs : inputs[^network.Options.Length..];
    }

    private static Tensor Ids(Pass pass, ReadOnlySpan<int> inputs)
    {
        var ids = pass.New(1, inputs.Length, 1);
        for (var step = 0; step < inputs.Length; step++) ids.Pointer[step] = inputs[step];
        return ids;
    }
}
