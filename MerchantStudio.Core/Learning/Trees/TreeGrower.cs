namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Grows one tree leaf by leaf, always splitting the leaf that gains most.</summary>
internal sealed class TreeGrower(ColumnBins[] bins, byte[][] binned, TreesOptions options, int threads)
{
    private const int LeastWorkForThreads = 50_000;
    private readonly Stack<Histogram> _spare = new();

    private sealed class Leaf(int node, int[] rows, int depth, BinSums sums)
    {
        public int Node => node;
        public int[] Rows => rows;
        public int Depth => depth;
        public BinSums Sums => sums;
        public Histogram? Histogram { get; set; }
        public Split Best { get; set; } = Split.None;
    }

    public Tree Grow(int[] rows, int[] columns, float[] gradients, float[] hessians)
    {
        var nodes = new List<TreeNode>();
        var root = AddLeaf(nodes, rows, 0, Total(rows, gradients, hessians));
        root.Histogram = Build(root.Rows, columns, gradients, hessians);
        FindBest(root, columns);
        var open = new List<Leaf> { root };
        for (var leaves = 1; leaves < options.Leaves; leaves++)
        {
            Leaf? next = null;
            foreach (var leaf in open)
            {
                if (leaf.Best.Column >= 0 && (next is null || leaf.Best.Gain > next.Best.Gain)) next = leaf;
            }

            if (next is null) break;
            open.Remove(next);
            var (left, right) = Part(nodes, next);
            if (left.Depth < options.Depth && leaves + 1 < options.Leaves)
            {
                BuildBoth(next, left, right, columns, gradients, hessians);
                FindBest(left, columns);
                FindBest(right, columns);
            }

            Release(next);
            open.Add(left);
            open.Add(right);
        }

        foreach (var leaf in open) Release(leaf);
        return new Tree([.. nodes]);
    }

    private Leaf AddLeaf(List<TreeNode> nodes, int[] rows, int depth, BinSums sums)
    {
        var value = -sums.Gradient / (sums.Hessian + options.L2) * options.LearningRate;
        nodes.Add(new TreeNode(-1, 0, null, false, -1, -1, value, rows.Length));
        return new Leaf(nodes.Count - 1, rows, depth, sums);
    }

    private (Leaf Left, Leaf Right) Part(List<TreeNode> nodes, Leaf leaf)
    {
        var split = leaf.Best;
        var column = binned[split.Column];
        var left = new int[split.Left.Rows];
        var right = new int[split.Right.Rows];
        int lefts = 0, rights = 0;
        foreach (var row in leaf.Rows)
        {
            var bin = column[row];
            var goesLeft = bin == ColumnBins.Missing ? split.MissingLeft : split.LeftBins?[bin] ?? bin <= split.Bin;
            if (goesLeft) left[lefts++] = row;
            else right[rights++] = row;
        }

        var first = AddLeaf(nodes, left, leaf.Depth + 1, split.Left);
        var second = AddLeaf(nodes, right, leaf.Depth + 1, split.Right);
        nodes[leaf.Node] = nodes[leaf.Node] with
        {
            Column = split.Column,
            Threshold = split.LeftBins is null ? Threshold(bins[split.Column], split.Bin) : 0,
            Categories = split.LeftBins is null ? null : CodeSet(bins[split.Column], split.LeftBins, split.MissingLeft),
            MissingLeft = split.MissingLeft,
            Left = first.Node,
            Right = second.Node,
        };
        return (first, second);
    }

    /// <summary>The edge of the last bin is not kept: every present value lies below it.</summary>
    private static float Threshold(ColumnBins bins, int bin) => bin < bins.Count - 1 ? bins.Edge(bin) : float.PositiveInfinity;

    /// <summary>Codes too rare for a bin of their own go where missing values go.</summary>
    private static ulong[] CodeSet(ColumnBins bins, bool[] leftBins, bool missingLeft)
    {
        var words = new List<ulong> { 0 };
        for (var bin = 0; bin < leftBins.Length; bin++)
        {
            if (leftBins[bin]) AddCodes(bin);
        }

        if (missingLeft) AddCodes(ColumnBins.Missing);
        return [.. words];

        void AddCodes(int bin)
        {
            foreach (var code in bins.Codes(bin))
            {
                while (words.Count <= code >> 6) words.Add(0);
                words[code >> 6] |= 1UL << (code & 63);
            }
        }
    }

    private static BinSums Total(int[] rows, float[] gradients, float[] hessians)
    {
        var total = new BinSums { Rows = rows.Length };
        foreach (var row in rows)
        {
            total.Gradient += gradients[row];
            total.Hessian += hessians[row];
        }

        return total;
    }

    private Histogram Build(int[] rows, int[] columns, float[] gradients, float[] hessians)
    {
        var histogram = _spare.Count > 0 ? _spare.Pop() : new Histogram(bins.Length);
        ForEachColumn(columns, rows.Length, column => histogram.Fill(column, binned[column], rows, gradients, hessians));
        return histogram;
    }

    /// <summary>Adds up the smaller side; the larger is the parent less the smaller.</summary>
    private void BuildBoth(Leaf parent, Leaf left, Leaf right, int[] columns, float[] gradients, float[] hessians)
    {
        var (small, large) = left.Rows.Length <= right.Rows.Length ? (left, right) : (right, left);
        small.Histogram = Build(small.Rows, columns, gradients, hessians);
        var rest = _spare.Count > 0 ? _spare.Pop() : new Histogram(bins.Length);
        foreach (var column in columns) rest.FillFromDifference(column, parent.Histogram!, small.Histogram);
        large.Histogram = rest;
    }

    private void FindBest(Leaf leaf, int[] columns)
    {
        if (leaf.Rows.Length < 2 * options.MinRows) return;
        var found = new Split[columns.Length];
        ForEachColumn(columns, leaf.Rows.Length, (column, at) => found[at] = SplitFinder.Find(column, bins[column], leaf.Histogram!.Column(column), leaf.Sums, options));
        foreach (var split in found)
        {
            if (split.Column >= 0 && split.Gain > leaf.Best.Gain) leaf.Best = split;
        }
    }

    private void Release(Leaf leaf)
    {
        if (leaf.Histogram is not { } histogram) return;
        leaf.Histogram = null;
        _spare.Push(histogram);
    }

    private void ForEachColumn(int[] columns, int rows, Action<int> work) => ForEachColumn(columns, rows, (column, _) => work(column));

    private void ForEachColumn(int[] columns, int rows, Action<int, int> work)
    {
        if (threads > 1 && (long)columns.Length * rows >= LeastWorkForThreads)
        {
            Parallel.For(0, columns.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, at => work(columns[at], at));
            return;
        }

        for (var at = 0; at < columns.Length; at++) work(columns[at], at);
    }
}
