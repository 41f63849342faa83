namespace MerchantStudio.Core.Learning.Trees;

/// <summary>What all trees of one training share.</summary>
internal sealed record GrowthTable(ColumnBins[] Bins, BinnedRows Rows, HistogramLayout Layout)
{
    public static GrowthTable Of(FeatureMatrix x, int threads)
    {
        var bins = new ColumnBins[x.Columns.Length];
        Work.ForEach(bins.Length, (long)bins.Length * x.Rows, threads, column => bins[column] = ColumnBins.Fit(x, column));
        return new GrowthTable(bins, new BinnedRows(x, bins, threads), new HistogramLayout(bins));
    }
}

/// <summary>Grows one tree from its root, some leaves a step: the one that gains most, or all of a depth.</summary>
internal sealed class TreeGrower(GrowthTable table, TreesOptions options, int threads)
{
    private readonly LeafHistograms _histograms = new(table, options, threads);

    /// <param name="rows">Rows that the tree learns from, ascending.</param>
    /// <param name="columns">Columns that it may split by, ascending.</param>
    public GrownTree Grow(int[] rows, int[] columns, RowGradients gradients)
    {
        var tree = new GrownTree(table, new RowPartition(rows, threads), options, gradients.Scale);
        _histograms.Begin(columns, tree.Partition, gradients);
        var root = tree.AddLeaf(0, rows.Length, 0, Total(rows, gradients), double.NegativeInfinity, double.PositiveInfinity);
        if (CanSplit(root) && root.Depth < options.Depth) _histograms.FindBestOfRoot(root);
        var open = new List<Leaf> { root };
        while (tree.Leaves < options.Leaves)
        {
            var next = Next(open, options.Growth == TreeGrowth.LeafWise ? 1 : options.Leaves - tree.Leaves);
            if (next.Count == 0) break;
            foreach (var some in next.Chunk(_histograms.LeavesAtOnce)) SplitAll(tree, some, open);
        }

        foreach (var leaf in open) _histograms.Release(leaf);
        return tree;
    }

    private static List<Leaf> Next(List<Leaf> open, int most) =>
        [.. open.Where(leaf => leaf.Best.Column >= 0).OrderByDescending(leaf => leaf.Best.Gain).ThenBy(leaf => leaf.Node).Take(most)];

    private void SplitAll(GrownTree tree, Leaf[] leaves, List<Leaf> open)
    {
        var families = new List<Family>(leaves.Length);
        foreach (var leaf in leaves)
        {
            var (left, right) = tree.Split(leaf);
            open.Remove(leaf);
            open.Add(left);
            open.Add(right);
            if (left.Depth < options.Depth && tree.Leaves < options.Leaves && (CanSplit(left) || CanSplit(right))) families.Add(new Family(leaf, left, right));
            else _histograms.Release(leaf);
        }

        _histograms.FindBest(families);
    }

    private bool CanSplit(Leaf leaf) => leaf.Count >= 2 * Math.Max(1, options.MinRows);

    private unsafe GradientSums Total(int[] rows, RowGradients gradients)
    {
        var total = default(GradientSums);
        foreach (var row in rows) total += gradients.Pairs[row];
        return total;
    }
}
