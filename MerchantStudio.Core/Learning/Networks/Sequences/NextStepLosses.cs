using MerchantStudio.Core.Learning.Layers;

namespace MerchantStudio.Core.Learning.Networks.Sequences;

/// <summary>Losses of the next step by the states of some rows, with the gradients of the states and of the items' rows. Each is summed over the rows and divided by the targets of the whole batch.</summary>
internal static unsafe class NextStepLosses
{
    private const int RowsTogether = 128;   // their scores of all items are to stay near the processor

    /// <summary>-log softmax over all ids.</summary>
    /// <param name="states">A row a target.</param>
    /// <param name="targets">Ids.</param>
    /// <param name="dStates">Receives the gradient.</param>
    public static double FullSoftmax(SequenceNetwork network, Pass pass, Tensor states, ReadOnlySpan<int> targets, int terms, Tensor dStates)
    {
        var loss = 0.0;
        var classes = new int[Math.Min(RowsTogether, states.Batch)];
        var scores = pass.New(classes.Length, 1, network.Ids);
        for (var from = 0; from < states.Batch; from += RowsTogether)
        {
            var rows = Math.Min(RowsTogether, states.Batch - from);
            var some = Part(states, from, rows);
            var d = new Tensor(scores.Data, rows, 1, network.Ids);
            pass.Multiply(some.Matrix, network.ItemRows(pass.Value(network.Items.Table)).Turned, d.Matrix, add: false);
            for (var row = 0; row < rows; row++) classes[row] = targets[from + row] - 1;
            loss += Losses.CrossEntropy(pass, d, classes.AsSpan(0, rows), [], terms, d);
            pass.Multiply(d.Matrix, network.ItemRows(pass.Value(network.Items.Table)), Part(dStates, from, rows).Matrix, add: false);
            pass.Multiply(d.Matrix.Turned, some.Matrix, network.ItemRows(pass.Gradient(network.Items.Table)), add: true);
        }

        return loss;
    }

    /// <summary>-log softmax over the target and ids drawn evenly, once for all rows; a drawn id that is a row's target does not count for that row.</summary>
    /// <remarks>Jean and others, On using very large target vocabulary for neural machine translation, ACL 2015; an even draw needs no correction.</remarks>
    public static double SampledSoftmax(SequenceNetwork network, Pass pass, Tensor states, ReadOnlySpan<int> targets, int terms, SeededRandom random, Tensor dStates)
    {
        var columns = network.Options.Columns;
        var drawn = new int[network.Options.Negatives];
        var items = pass.New(drawn.Length, 1, columns);
        for (var i = 0; i < drawn.Length; i++)
        {
            drawn[i] = 1 + random.NextInt(network.Ids);
            new ReadOnlySpan<float>(pass.ValueRow(network.Items.Table, drawn[i]), columns).CopyTo(items.Span.Slice(i * columns, columns));
        }

        var against = pass.New(states.Batch, 1, drawn.Length);
        pass.Multiply(states.Matrix, items.Matrix.Turned, against.Matrix, add: false);
        var scores = pass.New(states.Batch, 1, drawn.Length + 1);
        for (var row = 0; row < states.Batch; row++)
        {
            var to = scores.Span.Slice(row * (drawn.Length + 1), drawn.Length + 1);
            against.Span.Slice(row * drawn.Length, drawn.Length).CopyTo(to);
            for (var i = 0; i < drawn.Length; i++) to[i] = drawn[i] == targets[row] ? -1e9f : to[i];
            to[^1] = pass.Kernels.Dot(states.Pointer + ((long)row * columns), pass.ValueRow(network.Items.Table, targets[row]), columns);
        }

        var classes = new int[states.Batch];
        Array.Fill(classes, drawn.Length);
        var loss = Losses.CrossEntropy(pass, scores, classes, [], terms, scores);
        for (var row = 0; row < states.Batch; row++) scores.Span.Slice(row * (drawn.Length + 1), drawn.Length).CopyTo(against.Span.Slice(row * drawn.Length, drawn.Length));
        pass.Multiply(against.Matrix, items.Matrix, dStates.Matrix, add: false);
        for (var row = 0; row < states.Batch; row++)
        {
            var d = scores.Span[(row * (drawn.Length + 1)) + drawn.Length];
            pass.Kernels.AddScaled(d, pass.ValueRow(network.Items.Table, targets[row]), dStates.Pointer + ((long)row * columns), columns);
            pass.Kernels.AddScaled(d, states.Pointer + ((long)row * columns), pass.GradientRow(network.Items.Table, targets[row]), columns);
        }

        pass.Multiply(against.Matrix.Turned, states.Matrix, items.Matrix, add: false);   // the items' rows are not needed any more
        for (var i = 0; i < drawn.Length; i++) pass.Kernels.AddScaled(1, items.Pointer + ((long)i * columns), pass.GradientRow(network.Items.Table, drawn[i]), columns);
        return loss;
    }

    /// <summary>-log σ(target) - log(1 - σ(drawn)), with one id drawn for each row that is not in its sequence.</summary>
    /// <param name="sequence">All ids of the sequence that the rows come from.</param>
    public static double BinaryCrossEntropy(SequenceNetwork network, Pass pass, Tensor states, ReadOnlySpan<int> targets, ReadOnlySpan<int> sequence, int terms, SeededRandom random, Tensor dStates)
    {
        const int MostDraws = 100;   // where a sequence holds nearly all ids
        var columns = network.Options.Columns;
        var loss = 0.0;
        dStates.Span.Clear();
        for (var row = 0; row < states.Batch; row++)
        {
            var drawn = 1 + random.NextInt(network.Ids);
            for (var draw = 1; draw < MostDraws && sequence.Contains(drawn); draw++) drawn = 1 + random.NextInt(network.Ids);
            loss += Add(targets[row], yes: true, row) + Add(drawn, yes: false, row);
        }

        return loss;

        double Add(int id, bool yes, int row)
        {
            var state = states.Pointer + ((long)row * columns);
            var item = pass.ValueRow(network.Items.Table, id);
            var z = pass.Kernels.Dot(state, item, columns);
            var d = ((1 / (1 + MathF.Exp(-z))) - (yes ? 1 : 0)) / terms;
            pass.Kernels.AddScaled(d, item, dStates.Pointer + ((long)row * columns), columns);
            pass.Kernels.AddScaled(d, state, pass.GradientRow(network.Items.Table, id), columns);
            return (MathF.Max(yes ? -z : z, 0) + float.LogP1(MathF.Exp(-MathF.Abs(z)))) / terms;
        }
    }

    private static Tensor Part(Tensor x, int from, int rows) => new((nint)(x.Pointer + ((long)from * x.Columns)), rows, 1, x.Columns);
}
