namespace MerchantStudio.Core.Learning.Trees;

/// <summary>The best way found to part a leaf's rows.</summary>
/// <param name="Column">Index into the matrix; −1 when no split is allowed.</param>
/// <param name="Bin">Numbers: bins up to this one go left.</param>
/// <param name="LeftBins">Categories: whether each bin goes left.</param>
internal readonly record struct Split(double Gain, int Column, int Bin, bool[]? LeftBins, bool MissingLeft, BinSums Left, BinSums Right)
{
    public static Split None { get; } = new(0, -1, 0, null, false, default, default);
}

/// <summary>Looks for the split of one column that lowers the regularised loss most.</summary>
internal static class SplitFinder
{
    public static Split Find(int column, ColumnBins bins, ReadOnlySpan<BinSums> sums, BinSums total, TreesOptions options) =>
        bins.IsCategorical ? FindSet(column, bins, sums, total, options) : FindThreshold(column, bins, sums, total, options);

    private static double Worth(BinSums side, double l2) => side.Gradient * side.Gradient / (side.Hessian + l2);

    private static bool Allowed(BinSums side, TreesOptions options) => side.Rows >= options.MinRows && side.Hessian >= options.MinHessian;

    private static Split FindThreshold(int column, ColumnBins bins, ReadOnlySpan<BinSums> sums, BinSums total, TreesOptions options)
    {
        var best = Split.None;
        var missing = sums[ColumnBins.Missing];
        var parent = Worth(total, options.L2);
        var left = default(BinSums);
        for (var bin = 0; bin < bins.Count - 1; bin++)
        {
            left += sums[bin];
            if (sums[bin].Rows == 0) continue;
            Consider(left, missingLeft: false);
            if (missing.Rows > 0) Consider(left + missing, missingLeft: true);

            void Consider(BinSums candidate, bool missingLeft)
            {
                var right = total - candidate;
                if (!Allowed(candidate, options) || !Allowed(right, options)) return;
                var gain = Worth(candidate, options.L2) + Worth(right, options.L2) - parent;
                if (gain > best.Gain + options.MinGain) best = new Split(gain, column, bin, null, missing.Rows > 0 ? missingLeft : candidate.Rows > right.Rows, candidate, right);
            }
        }

        // Missing against present is a split too.
        if (missing.Rows > 0 && bins.Count > 0)
        {
            var present = total - missing;
            var gain = Worth(present, options.L2) + Worth(missing, options.L2) - parent;
            if (Allowed(present, options) && Allowed(missing, options) && gain > best.Gain + options.MinGain)
            {
                best = new Split(gain, column, bins.Count - 1, null, false, present, missing);
            }
        }

        return best;
    }

    /// <summary>Puts the categories in order of their mean gradient and cuts that order in two, which is optimal for one split.</summary>
    /// <remarks>Fisher, On grouping for maximum homogeneity, JASA 53, 1958.</remarks>
    private static Split FindSet(int column, ColumnBins bins, ReadOnlySpan<BinSums> sums, BinSums total, TreesOptions options)
    {
        var order = new List<(int Bin, double Mean)>(bins.Count);
        for (var bin = 0; bin < bins.Count; bin++)
        {
            if (sums[bin].Rows > 0) order.Add((bin, sums[bin].Gradient / (sums[bin].Hessian + options.CategorySmoothing)));
        }

        order.Sort((a, b) => a.Mean != b.Mean ? a.Mean.CompareTo(b.Mean) : a.Bin.CompareTo(b.Bin));
        var best = Split.None;
        var missing = sums[ColumnBins.Missing];
        var l2 = options.L2 + options.CategoryL2;
        var parent = Worth(total, options.L2);
        var bestCut = -1;
        var left = default(BinSums);
        for (var cut = 0; cut < order.Count; cut++)
        {
            left += sums[order[cut].Bin];
            foreach (var missingLeft in (ReadOnlySpan<bool>)[false, true])
            {
                if (missingLeft && missing.Rows == 0) continue;
                var candidate = missingLeft ? left + missing : left;
                var right = total - candidate;
                if (!Allowed(candidate, options) || !Allowed(right, options)) continue;
                var gain = Worth(candidate, l2) + Worth(right, l2) - parent;
                if (gain <= best.Gain + options.MinGain) continue;
                best = new Split(gain, column, 0, null, missingLeft, candidate, right);
                bestCut = cut;
            }
        }

        if (bestCut < 0) return best;
        var leftBins = new bool[bins.Count];
        for (var i = 0; i <= bestCut; i++) leftBins[order[i].Bin] = true;
        return best with { LeftBins = leftBins };
    }
}
