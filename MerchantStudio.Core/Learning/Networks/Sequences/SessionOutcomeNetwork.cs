using MerchantStudio.Core.Learning.Layers;

namespace MerchantStudio.Core.Learning.Networks.Sequences;

/// <summary>A reader of sequences with one log-odds after the last step of each.</summary>
internal sealed unsafe class SessionOutcomeNetwork
{
    public SessionOutcomeNetwork(SequenceOptions options, int ids)
    {
        Reader = new SequenceNetwork(options, ids);
        Outcome = new Layers.Linear(Reader.Parameters, "outcome", options.Columns, 1);
    }

    public SequenceNetwork Reader { get; }

    /// <summary>From a state to its log-odds.</summary>
    public Layers.Linear Outcome { get; }

    /// <param name="sequences">The last <see cref="SequenceOptions.Length"/> steps of each are read; one without steps is read as nothing.</param>
    /// <param name="states">After every step, for the way back.</param>
    /// <param name="ends">Each sequence's last step.</param>
    public Tensor Forward(Pass pass, IReadOnlyList<ReadOnlyMemory<int>> sequences, out Tensor states, out int[] ends)
    {
        ends = [.. sequences.Select(sequence => Math.Max(0, Math.Min(Reader.Options.Length, sequence.Length) - 1))];
        states = Reader.Forward(pass, Ids(pass, sequences, 1 + ends.Max()));
        return Decide(pass, states, ends);
    }

    public void Backward(Pass pass, Tensor dy, Tensor states, int[] ends) => Reader.Backward(pass, DecideBackward(pass, dy, states, ends));

    /// <summary>A sequence's last <see cref="SequenceOptions.Length"/> steps with their learned rows in place of their ids; one row of zeros where it has none.</summary>
    public Tensor Embed(Pass pass, ReadOnlyMemory<int> sequence)
    {
        var embedded = Reader.Items.Forward(pass, Ids(pass, [sequence], Math.Clamp(sequence.Length, 1, Reader.Options.Length)));
        pass.Forget();
        return embedded;
    }

    /// <param name="embedded">Sequences of one length.</param>
    /// <returns>Their log-odds, and how each number moves its sequence's.</returns>
    public (Tensor LogOdds, Tensor Slopes) Slopes(Pass pass, Tensor embedded)
    {
        var states = Reader.Read(pass, embedded);
        int[] ends = [.. Enumerable.Repeat(embedded.Time - 1, embedded.Batch)];
        var logOdds = Decide(pass, states, ends);
        var dy = pass.New(embedded.Batch, 1, 1);
        dy.Span.Fill(1);
        return (logOdds, Reader.ReadBackward(pass, DecideBackward(pass, dy, states, ends)));
    }

    private Tensor Ids(Pass pass, IReadOnlyList<ReadOnlyMemory<int>> sequences, int time)
    {
        var length = Reader.Options.Length;
        var ids = pass.New(sequences.Count, time, 1);
        ids.Span.Clear();
        for (var i = 0; i < sequences.Count; i++)
        {
            var read = sequences[i].Length <= length ? sequences[i].Span : sequences[i].Span[^length..];
            for (var step = 0; step < read.Length; step++) ids.Span[(i * time) + step] = read[step];
        }

        return ids;
    }

    private Tensor Decide(Pass pass, Tensor states, int[] ends)
    {
        var columns = Reader.Options.Columns;
        var last = pass.New(ends.Length, 1, columns);
        for (var i = 0; i < ends.Length; i++) new ReadOnlySpan<float>(states.Example(i).At(ends[i], 0), columns).CopyTo(last.Span.Slice(i * columns, columns));
        return Outcome.Forward(pass, last);
    }

    /// <returns>The gradient by the states.</returns>
    private Tensor DecideBackward(Pass pass, Tensor dy, Tensor states, int[] ends)
    {
        var columns = Reader.Options.Columns;
        var dLast = Outcome.Backward(pass, dy);
        var dStates = pass.New(states.Batch, states.Time, columns);
        dStates.Span.Clear();
        for (var i = 0; i < ends.Length; i++) dLast.Span.Slice(i * columns, columns).CopyTo(new Span<float>(dStates.Example(i).At(ends[i], 0), columns));
        return dStates;
    }
}
