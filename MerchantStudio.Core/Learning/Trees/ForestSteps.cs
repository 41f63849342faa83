using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>
/// A forest laid out for scoring many rows: 64 rows are brought together, then each tree takes four of them down side by side, a step a level and without a
/// branch. A leaf leads to itself, so every row of a tree takes as many steps as its deepest leaf.
/// </summary>
/// <remarks>
/// Whether a missing value goes left is put into the rows instead of the steps: a column has a copy where missing is −∞, which goes left everywhere, and one where it
/// stays NaN, which goes right everywhere, and each step reads the copy that it needs.
/// </remarks>
internal sealed unsafe class ForestSteps
{
    public const int BlockRows = 64;
    private const int NoSet = -1;

    [StructLayout(LayoutKind.Sequential)]
    private struct Step
    {
        public float Threshold;
        public int Slot;

        /// <summary>The left child comes right after the right one.</summary>
        public int Right;
        public int Set;
    }

    private readonly record struct Slot(int Column, bool MissingLeft);

    private readonly Forest _forest;
    private readonly List<Slot> _slots = [];
    private readonly PinnedArray<Step> _steps;
    private readonly double[] _values;
    private readonly ulong[] _sets;
    private readonly (int Root, int Depth)[] _roots;

    public ForestSteps(Forest forest)
    {
        _forest = forest;
        var nodes = forest.Trees.Sum(tree => tree.Nodes.Length);
        _steps = new PinnedArray<Step>(nodes + 1);
        _values = new double[nodes + 1];
        _roots = new (int, int)[forest.Trees.Count];
        var slots = new Dictionary<Slot, int>();
        var sets = new List<ulong>();
        var end = 0;
        for (var i = 0; i < _roots.Length; i++)
        {
            _roots[i] = (end, forest.Trees[i].Depth());
            end = Lay(forest.Trees[i], end, slots, sets);
        }

        _sets = [.. sets];
    }

    /// <summary>Raw scores of some rows, into their places among all rows' scores.</summary>
    public void Score(FeatureMatrix x, int fromRow, int toRow, double[] scores)
    {
        var width = _slots.Count;
        var block = new float[BlockRows * Math.Max(1, width)];
        var outputs = _forest.Outputs;
        fixed (float* values = block)
        {
            for (var from = fromRow; from < toRow; from += BlockRows)
            {
                var rows = Math.Min(BlockRows, toRow - from);
                Bring(x, from, rows, block);
                for (var at = from * outputs; at < (from + rows) * outputs; at++) scores[at] = _forest.Start[at % outputs];
                for (var tree = 0; tree < _roots.Length; tree++)
                {
                    var answers = scores.AsSpan((from * outputs) + (tree % outputs));
                    if (_sets.Length == 0) Add<Numbers>(_roots[tree], values, width, rows, answers, outputs);
                    else Add<NumbersAndSets>(_roots[tree], values, width, rows, answers, outputs);
                }
            }
        }
    }

    private int Lay(Tree tree, int root, Dictionary<Slot, int> slots, List<ulong> sets)
    {
        var waiting = new Queue<(int Node, int At)>();
        waiting.Enqueue((0, root));
        var end = root + 1;
        while (waiting.TryDequeue(out var next))
        {
            var node = tree.Nodes[next.Node];
            ref var step = ref _steps.Pointer[next.At];
            if (node.IsLeaf)
            {
                // Always left, that is one after Right: to itself.
                _values[next.At] = node.Value;
                step = new Step { Threshold = float.PositiveInfinity, Slot = SlotOf(new Slot(AnyColumn(tree), true), slots), Right = next.At - 1, Set = NoSet };
                continue;
            }

            step = new Step { Threshold = node.Threshold, Slot = SlotOf(new Slot(node.Column, node.Categories is not null || node.MissingLeft), slots), Right = end, Set = NoSet };
            if (node.Categories is { } categories)
            {
                step.Set = sets.Count;
                sets.AddRange(categories);
                if (node.MissingLeft) sets[^1] |= 1UL << 63;
            }

            waiting.Enqueue((node.Right, end));
            waiting.Enqueue((node.Left, end + 1));
            end += 2;
        }

        return end;
    }

    private static int AnyColumn(Tree tree) => Math.Max(0, tree.Nodes[0].Column);

    private int SlotOf(Slot slot, Dictionary<Slot, int> slots)
    {
        if (slots.TryGetValue(slot, out var known)) return known;
        _slots.Add(slot);
        return slots[slot] = _slots.Count - 1;
    }

    private void Bring(FeatureMatrix x, int from, int rows, float[] block)
    {
        for (var slot = 0; slot < _slots.Count; slot++)
        {
            var (column, missingLeft) = _slots[slot];
            var values = x.Column(column).Slice(from, rows);
            for (int row = 0, at = slot; row < rows; row++, at += _slots.Count)
            {
                var value = values[row];
                if (_forest.Codes[column] is { } codes) block[at] = codes.Bin(value);
                else block[at] = missingLeft && float.IsNaN(value) ? float.NegativeInfinity : value;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add<TKind>((int Root, int Depth) tree, float* values, int width, int rows, Span<double> answers, int apart)
        where TKind : struct, IStepKind
    {
        var steps = _steps.Pointer;
        ref var sets = ref MemoryMarshal.GetArrayDataReference(_sets);
        var row = 0;
        for (; row + 4 <= rows; row += 4)
        {
            var v0 = values + ((nint)row * width);
            var v1 = v0 + width;
            var v2 = v1 + width;
            var v3 = v2 + width;
            int at0 = tree.Root, at1 = tree.Root, at2 = tree.Root, at3 = tree.Root;
            for (var level = 0; level < tree.Depth; level++)
            {
                at0 = TKind.Next(steps + at0, v0, ref sets);
                at1 = TKind.Next(steps + at1, v1, ref sets);
                at2 = TKind.Next(steps + at2, v2, ref sets);
                at3 = TKind.Next(steps + at3, v3, ref sets);
            }

            answers[row * apart] += _values[at0];
            answers[(row + 1) * apart] += _values[at1];
            answers[(row + 2) * apart] += _values[at2];
            answers[(row + 3) * apart] += _values[at3];
        }

        for (; row < rows; row++)
        {
            var at = tree.Root;
            for (var level = 0; level < tree.Depth; level++) at = TKind.Next(steps + at, values + ((nint)row * width), ref sets);
            answers[row * apart] += _values[at];
        }
    }

    private interface IStepKind
    {
        static abstract int Next(Step* step, float* row, ref ulong sets);
    }

    private readonly struct Numbers : IStepKind
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Next(Step* step, float* row, ref ulong sets) => step->Right + Unsafe.BitCast<bool, byte>(row[step->Slot] <= step->Threshold);
    }

    private readonly struct NumbersAndSets : IStepKind
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Next(Step* step, float* row, ref ulong sets)
        {
            if (step->Set == NoSet) return Numbers.Next(step, row, ref sets);
            var bin = (int)row[step->Slot];
            return step->Right + (int)((Unsafe.Add(ref sets, step->Set + (bin >> 6)) >> (bin & 63)) & 1);
        }
    }
}
