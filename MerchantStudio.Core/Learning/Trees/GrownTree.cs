namespace MerchantStudio.Core.Learning.Trees;

/// <summary>A tree as it grows, over the bins of its training rows.</summary>
internal sealed class GrownTree(GrowthTable table, RowPartition partition, TreesOptions options, GradientScale scale)
{
    private const int BlockRows = 16_384;

    private readonly List<TreeNode> _nodes = [];
    private readonly List<byte[]?> _routes = [];
    private readonly List<(int Start, int Count)> _stretches = [];

    public RowPartition Partition => partition;

    public int Leaves => (_nodes.Count + 1) / 2;

    public Tree ToTree() => new([.. _nodes]);

    public Leaf AddLeaf(int start, int count, int depth, GradientSums sums, double low, double high)
    {
        var context = new SplitContext(sums, scale, low, high, options);
        _nodes.Add(new TreeNode(-1, 0, null, false, -1, -1, context.Value(sums) * options.LearningRate, count));
        _routes.Add(null);
        _stretches.Add((start, count));
        return new Leaf(_nodes.Count - 1, start, count, depth, context);
    }

    /// <summary>Splits the leaf's rows by its best split.</summary>
    public (Leaf Left, Leaf Right) Split(Leaf leaf)
    {
        var split = leaf.Best;
        var bins = table.Bins[split.Column];
        var route = split.Route(bins.Count);
        partition.Split(leaf.Start, leaf.Count, table.Rows, split.Column, route);
        var lefts = scale.Rows(split.Left);
        var right = leaf.Context.Total - split.Left;
        var (bounds, otherBounds) = Bounds(leaf.Context, split, right);
        var first = AddLeaf(leaf.Start, lefts, leaf.Depth + 1, split.Left, bounds.Low, bounds.High);
        var second = AddLeaf(leaf.Start + lefts, leaf.Count - lefts, leaf.Depth + 1, right, otherBounds.Low, otherBounds.High);
        _routes[leaf.Node] = route;
        _nodes[leaf.Node] = _nodes[leaf.Node] with
        {
            Column = split.Column,
            Threshold = split.LeftBins is null ? bins.Edge(split.Bin) : 0,
            Categories = split.LeftBins is null ? null : BinSet(route, bins.Count),
            MissingLeft = split.MissingLeft,
            Left = first.Node,
            Right = second.Node,
        };
        return (first, second);
    }

    /// <summary>Adds each training row's answer to its score: rows the tree learnt from by the leaf they lie in, others by walking down.</summary>
    /// <param name="others">Rows that were not sampled.</param>
    public void AddScores(Memory<double> scores, int[] others, int threads)
    {
        var pieces = new List<(int Start, int Count, double Value)>();
        for (var node = 0; node < _nodes.Count; node++)
        {
            var (start, count) = _stretches[node];
            for (var from = 0; _nodes[node].IsLeaf && from < count; from += BlockRows) pieces.Add((start + from, Math.Min(BlockRows, count - from), _nodes[node].Value));
        }

        Work.ForEach(pieces.Count, partition.Length, threads, i =>
        {
            var (start, count, value) = pieces[i];
            var span = scores.Span;
            foreach (var row in partition.Rows(start, count)) span[row] += value;
        });
        Work.ForEach((others.Length + BlockRows - 1) / BlockRows, others.Length * 8L, threads, block =>
        {
            var span = scores.Span;
            foreach (var row in others.AsSpan(block * BlockRows, Math.Min(BlockRows, others.Length - (block * BlockRows)))) span[row] += Answer(table.Rows, row);
        });
    }

    /// <summary>Adds the answer for every row of another table with the same bins.</summary>
    public void AddScores(Memory<double> scores, BinnedRows rows, int threads) =>
        Work.ForEach((rows.Rows + BlockRows - 1) / BlockRows, rows.Rows * 8L, threads, block =>
        {
            var span = scores.Span;
            var from = block * BlockRows;
            for (var row = from; row < Math.Min(rows.Rows, from + BlockRows); row++) span[row] += Answer(rows, row);
        });

    private double Answer(BinnedRows rows, int row)
    {
        var at = 0;
        while (_routes[at] is { } route) at = route[rows[row, _nodes[at].Column]] != 0 ? _nodes[at].Left : _nodes[at].Right;
        return _nodes[at].Value;
    }

    /// <summary>A split by a monotone column keeps everything below it on its own side of the middle.</summary>
    private ((double Low, double High) Left, (double Low, double High) Right) Bounds(SplitContext leaf, Split split, GradientSums right)
    {
        var sign = options.Monotone.IsDefaultOrEmpty ? 0 : options.Monotone[split.Column];
        var middle = (leaf.Value(split.Left) + leaf.Value(right)) / 2;
        return sign switch
        {
            > 0 => ((leaf.Low, middle), (middle, leaf.High)),
            < 0 => ((middle, leaf.High), (leaf.Low, middle)),
            _ => ((leaf.Low, leaf.High), (leaf.Low, leaf.High)),
        };
    }

    private static ulong[] BinSet(byte[] route, int bins)
    {
        var words = new ulong[TreeNode.SetWords];
        for (var bin = 0; bin < bins; bin++) words[bin >> 6] |= (ulong)route[bin] << (bin & 63);
        return words;
    }
}
