namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Looks for the split of one column that lowers the regularised loss most.</summary>
internal static class SplitFinder
{
    public static Split Find(int column, ColumnBins bins, ReadOnlySpan<GradientSums> sums, in SplitContext leaf)
    {
        var scan = new SplitScan(stackalloc double[3 * SplitScan.Room]);
        return bins.Codes is null ? FindThreshold(column, sums, leaf, scan) : FindSet(column, sums, leaf, scan);
    }

    /// <summary>Each edge between bins, with the missing rows on the right and on the left; and the missing rows against all others.</summary>
    private static Split FindThreshold(int column, ReadOnlySpan<GradientSums> sums, in SplitContext leaf, SplitScan scan)
    {
        var bins = sums.Length - 1;
        var missing = sums[bins];
        var someMissing = leaf.Scale.Rows(missing) > 0;
        var cuts = someMissing ? bins : bins - 1;
        var left = default(GradientSums);
        scan.Begin();
        for (var bin = 0; bin < cuts; bin++)
        {
            left += sums[bin];
            scan.Add(left, leaf.Scale);
        }

        var options = leaf.Options;
        var sign = options.Monotone.IsDefaultOrEmpty ? 0 : options.Monotone[column];
        var (cut, gain) = scan.Best(leaf, default, options.L2, sign, options.MinGain);
        var missingLeft = false;
        if (someMissing && scan.Best(leaf, missing, options.L2, sign, cut < 0 ? options.MinGain : gain) is var (other, otherGain) && other >= 0)
        {
            (cut, gain, missingLeft) = (other, otherGain, true);
        }

        if (cut < 0) return Split.None;
        left = missingLeft ? missing : default;
        for (var bin = 0; bin <= cut; bin++) left += sums[bin];
        // Where training met no missing value, one goes with most rows.
        if (!someMissing) missingLeft = 2L * leaf.Scale.Rows(left) > leaf.Scale.Rows(leaf.Total);
        return new Split(gain, column, cut, null, missingLeft, left);
    }

    /// <summary>Puts the categories in order of their mean gradient and cuts that order in two, which is optimal for one split.</summary>
    /// <remarks>Fisher, On grouping for maximum homogeneity, JASA 53, 1958; Ke et al., NIPS 2017, as in its library.</remarks>
    private static Split FindSet(int column, ReadOnlySpan<GradientSums> sums, in SplitContext leaf, SplitScan scan)
    {
        var (options, scale) = (leaf.Options, leaf.Scale);
        var missing = sums[^1];
        var order = new List<(int Bin, double Mean)>(sums.Length);
        for (var bin = 0; bin < sums.Length - 1; bin++)
        {
            if (scale.Rows(sums[bin]) > 0) order.Add((bin, scale.Gradient(sums[bin]) / (scale.Hessian(sums[bin]) + options.CategorySmoothing)));
        }

        order.Sort((a, b) => a.Mean != b.Mean ? a.Mean.CompareTo(b.Mean) : a.Bin.CompareTo(b.Bin));
        var left = default(GradientSums);
        scan.Begin();
        foreach (var (bin, _) in order)
        {
            left += sums[bin];
            scan.Add(left, scale);
        }

        var l2 = options.L2 + options.CategoryL2;
        var (cut, gain) = scan.Best(leaf, default, l2, 0, options.MinGain);
        var missingLeft = false;
        if (scale.Rows(missing) > 0 && scan.Best(leaf, missing, l2, 0, cut < 0 ? options.MinGain : gain) is var (other, otherGain) && other >= 0)
        {
            (cut, gain, missingLeft) = (other, otherGain, true);
        }

        if (cut < 0) return Split.None;
        var leftBins = new bool[sums.Length - 1];
        left = missingLeft ? missing : default;
        for (var i = 0; i <= cut; i++)
        {
            leftBins[order[i].Bin] = true;
            left += sums[order[i].Bin];
        }

        return new Split(gain, column, 0, leftBins, missingLeft, left);
    }
}
