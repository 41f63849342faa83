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
        var (length, columns) = (Reader.Options.Length, Reader.Options.Columns);
        ends = [.. sequences.Select(sequence => Math.Max(0, Math.Min(length, sequence.Length) - 1))];
        var ids = pass.New(sequences.Count, 1 + ends.Max(), 1);
        ids.Span.Clear();
        for (var i = 0; i < sequences.Count; i++)
        {
            var read = sequences[i].Length <= length ? sequences[i].Span : sequences[i].Span[^length..];
            for (var step = 0; step < read.Length; step++) ids.Span[(i * ids.Time) + step] = read[step];
        }

        states = Reader.Forward(pass, ids);
        var last = pass.New(sequences.Count, 1, columns);
        for (var i = 0; i < sequences.Count; i++) new ReadOnlySpan<float>(states.Example(i).At(ends[i], 0), columns).CopyTo(last.Span.Slice(i * columns, columns));
        return Outcome.Forward(pass, last);
    }

    public void Backward(Pass pass, Tensor dy, Tensor states, int[] ends)
    {
        var columns = Reader.Options.Columns;
        var dLast = Outcome.Backward(pass, dy);
        var dStates = pass.New(states.Batch, states.Time, columns);
        dStates.Span.Clear();
        for (var i = 0; i < ends.Length; i++) dLast.Span.Slice(i * columns, columns).CopyTo(new Span<float>(dStates.Example(i).At(ends[i], 0), columns));
        Reader.Backward(pass, dStates);
    }
}
