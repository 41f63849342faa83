namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Adds up the histograms of new leaves and finds their best splits. Of two children the smaller is added up; the larger is the parent less the smaller.</summary>
/// <remarks>Ke et al., LightGBM, NIPS 2017, section 2.1, and its library's histogram subtraction.</remarks>
internal sealed class LeafHistograms(GrowthTable table, TreesOptions options, int threads)
{
    /// <summary>Where all leaves' histograms would take more than this, a leaf's is added up anew instead of kept.</summary>
    private const long MostBytes = 1L << 30;
    private const int BytesOfSums = 16;
    private const int LeastChunkRows = 8192;
    private const int ChunksOfThread = 4;

    private readonly bool _keep = (long)table.Layout.Bins * BytesOfSums * Math.Min(options.Leaves, Math.Min(1L << Math.Min(options.Depth, 62), table.Rows.Rows)) <= MostBytes;
    private readonly Stack<Histogram> _spare = new();
    private readonly bool[] _groups = new bool[table.Rows.Stride / BinnedRows.Group];
    private int[] _columns = [];
    private RowPartition _partition = new([], 1);
    private RowGradients _gradients = new(0, 1);

    /// <summary>How many leaves' children may be looked at together.</summary>
    public int LeavesAtOnce { get; } = (int)Math.Clamp(MostBytes / ((long)table.Layout.Bins * BytesOfSums * 4), 1, int.MaxValue);

    public void Begin(int[] columns, RowPartition partition, RowGradients gradients)
    {
        (_columns, _partition, _gradients) = (columns, partition, gradients);
        Array.Clear(_groups);
        foreach (var column in columns) _groups[column / BinnedRows.Group] = true;
    }

    public void FindBestOfRoot(Leaf root)
    {
        var parts = Fill([root]);
        FindBest([root], (_, _, from, to) => Merge(root.Histogram!, parts[0], from, to));
        foreach (var part in parts[0]) _spare.Push(part);
        if (!_keep) Release(root);
    }

    public void FindBest(List<Family> families)
    {
        if (families.Count == 0) return;
        var small = families.ConvertAll(family => family.Small);
        var filled = _keep ? small : [.. small, .. families.Select(family => family.Large)];
        var parts = Fill(filled);
        if (_keep)
        {
            foreach (var family in families)
            {
                family.Large.Histogram = family.Parent.Histogram;
                family.Parent.Histogram = null;
            }

            FindBest([.. small, .. families.Select(family => family.Large)], (leaf, at, from, to) =>
            {
                if (at >= families.Count) return;
                Merge(leaf.Histogram!, parts[at], from, to);
                families[at].Large.Histogram!.Subtract(leaf.Histogram!, from, to);
            });
        }
        else
        {
            FindBest(filled, (leaf, at, from, to) => Merge(leaf.Histogram!, parts[at], from, to));
            foreach (var leaf in filled) Release(leaf);
        }

        foreach (var part in parts.SelectMany(list => list)) _spare.Push(part);
    }

    public void Release(Leaf leaf)
    {
        if (leaf.Histogram is not { } histogram) return;
        leaf.Histogram = null;
        _spare.Push(histogram);
    }

    private static void Merge(Histogram into, Histogram[] parts, int fromColumn, int toColumn)
    {
        foreach (var part in parts) into.Add(part, fromColumn, toColumn);
    }

    /// <summary>Adds up leaves in chunks of rows, so that one large leaf keeps all threads at work.</summary>
    /// <returns>For each leaf the histograms of its chunks after the first, still to be merged.</returns>
    private unsafe Histogram[][] Fill(List<Leaf> leaves)
    {
        var rows = leaves.Sum(leaf => (long)leaf.Count);
        var chunkRows = (int)Math.Max(LeastChunkRows, rows / (threads * ChunksOfThread));
        var parts = new Histogram[leaves.Count][];
        var chunks = new List<(Histogram Into, int Start, int Count)>();
        for (var i = 0; i < leaves.Count; i++)
        {
            var leaf = leaves[i];
            var pieces = threads == 1 ? 1 : Math.Max(1, leaf.Count / chunkRows);
            leaf.Histogram = Take();
            parts[i] = new Histogram[pieces - 1];
            for (var piece = 0; piece < pieces; piece++)
            {
                if (piece > 0) parts[i][piece - 1] = Take();
                var from = (int)((long)leaf.Count * piece / pieces);
                var to = (int)((long)leaf.Count * (piece + 1) / pieces);
                chunks.Add((piece == 0 ? leaf.Histogram : parts[i][piece - 1], leaf.Start + from, to - from));
            }
        }

        Work.ForEach(chunks.Count, rows * _columns.Length, threads, i =>
        {
            var (into, start, count) = chunks[i];
            into.Fill(table.Rows, _gradients.Pairs, _partition.Rows(start, count), _groups);
        });
        return parts;
    }

    private Histogram Take() => _spare.TryPop(out var histogram) ? histogram : new Histogram(table.Layout);

    /// <summary>Finishes the sums of eight columns at a time and looks for their best split.</summary>
    /// <param name="finish">Called with a leaf, its number and a range of columns, for the smaller leaves before the larger.</param>
    private void FindBest(List<Leaf> leaves, Action<Leaf, int, int, int> finish)
    {
        var found = new Split[leaves.Count, _groups.Length];
        Work.ForEach(_groups.Length, (long)leaves.Count * table.Layout.Bins, threads, group =>
        {
            if (!_groups[group]) return;
            var from = group * BinnedRows.Group;
            var to = Math.Min(from + BinnedRows.Group, table.Layout.Columns);
            for (var i = 0; i < leaves.Count; i++)
            {
                finish(leaves[i], i, from, to);
            }

            for (var i = 0; i < leaves.Count; i++) found[i, group] = BestOf(leaves[i], from, to);
        });
        for (var i = 0; i < leaves.Count; i++)
        {
            for (var group = 0; group < _groups.Length; group++)
            {
                if (_groups[group] && found[i, group].Gain > leaves[i].Best.Gain) leaves[i].Best = found[i, group];
            }
        }
    }

    private Split BestOf(Leaf leaf, int fromColumn, int toColumn)
    {
        var best = Split.None;
        var at = Array.BinarySearch(_columns, fromColumn);
        for (at = at < 0 ? ~at : at; at < _columns.Length && _columns[at] < toColumn; at++)
        {
            var column = _columns[at];
            var split = SplitFinder.Find(column, table.Bins[column], leaf.Histogram!.Column(column), leaf.Context);
            if (split.Column >= 0 && split.Gain > best.Gain) best = split;
        }

        return best;
    }
}
