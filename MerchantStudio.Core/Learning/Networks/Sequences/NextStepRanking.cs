using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;

namespace MerchantStudio.Core.Learning.Networks.Sequences;

/// <summary>Where the true next step comes in the order of scores.</summary>
internal static unsafe class NextStepRanking
{
    private const int RowsTogether = 64;

    /// <summary>The state after the last step of each history.</summary>
    /// <param name="histories">At least one step each; the last <see cref="SequenceOptions.Length"/> of them are read.</param>
    /// <returns>A row of <see cref="SequenceOptions.Columns"/> a history, in the pass's memory.</returns>
    public static Tensor States(SequenceNetwork network, Pass pass, IReadOnlyList<ReadOnlyMemory<int>> histories)
    {
        var columns = network.Options.Columns;
        var states = new AlignedNumbers(histories.Count * columns);
        for (var from = 0; from < histories.Count; from += network.Together)
        {
            var some = histories.Skip(from).Take(network.Together).Select(history => history.Length <= network.Options.Length ? history : history[^network.Options.Length..]).ToArray();
            var longest = some.Max(history => history.Length);
            pass.Begin(training: false, 0);
            var ids = pass.New(some.Length, longest, 1);
            ids.Span.Clear();
            for (var i = 0; i < some.Length; i++)
            {
                for (var step = 0; step < some[i].Length; step++) ids.Span[(i * longest) + step] = some[i].Span[step];
            }

            var y = network.Forward(pass, ids);
            pass.Forget();
            for (var i = 0; i < some.Length; i++) new ReadOnlySpan<float>(y.Example(i).At(some[i].Length - 1, 0), columns).CopyTo(states.Span.Slice((from + i) * columns, columns));
        }

        pass.Begin(training: false, 0);
        var kept = pass.New(histories.Count, 1, columns);
        states.Span.CopyTo(kept.Span);
        return kept;
    }

    /// <returns>From 1: the place of each sequence's last step among the ids that do not come before it; of equal scores the lower id comes first.</returns>
    public static int[] Ranks(SequenceNetwork network, Pass pass, ShopperSequences sequences, int from, int count)
    {
        var ranks = new int[count];
        for (var at = 0; at < count; at += RowsTogether)
        {
            var rows = Math.Min(RowsTogether, count - at);
            var states = States(network, pass, [.. Enumerable.Range(from + at, rows).Select(i => (ReadOnlyMemory<int>)sequences[i][..^1].ToArray())]);
            var scores = network.Compare(pass, states);
            for (var row = 0; row < rows; row++)
            {
                var sequence = sequences[from + at + row];
                ranks[at + row] = Rank(scores.Span.Slice(row * network.Ids, network.Ids), sequence[..^1], sequence[^1]);
            }
        }

        return ranks;
    }

    /// <summary>The place of one id among those that are not in the history.</summary>
    /// <param name="scores">Of ids 1 to the highest; those of the history are overwritten.</param>
    public static int Rank(Span<float> scores, ReadOnlySpan<int> history, int target)
    {
        var score = scores[target - 1];
        foreach (var id in history)
        {
            if (id != target) scores[id - 1] = float.NegativeInfinity;
        }

        var rank = 1;
        for (var id = 1; id <= scores.Length; id++)
        {
            if (scores[id - 1] > score || (scores[id - 1] == score && id < target)) rank++;
        }

        return rank;
    }
}
