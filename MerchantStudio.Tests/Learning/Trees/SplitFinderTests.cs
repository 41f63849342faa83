using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Trees;
using Xunit;

namespace MerchantStudio.Tests.Learning.Trees;

public sealed class SplitFinderTests
{
    private static readonly TreesOptions Plain = new(L2: 0, CategoryL2: 0, CategorySmoothing: 0, MinHessian: 0, MinRows: 1);

    [Fact]
    public void A_set_of_categories_is_the_best_of_all_partitions_missing_rows_on_either_side()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var (sums, scale) = Bins(seed, 7);
            var leaf = Leaf(sums, scale, Plain);
            var found = SplitFinder.Find(0, Bins(7, categorical: true), sums, leaf);
            var best = 0.0;
            // The last bit stands for the missing rows.
            for (var subset = 1; subset < (1 << 8) - 1; subset++) best = Math.Max(best, Gain(sums, leaf, bin => (subset >> bin & 1) != 0));
            Assert.Equal(best, found.Gain, 6);
            Assert.Equal(found.Gain, Gain(sums, leaf, bin => bin == 7 ? found.MissingLeft : found.LeftBins![bin]), 6);
        }
    }

    [Fact]
    public void A_threshold_is_the_best_of_all_edges_missing_rows_on_either_side()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var options = Plain with { L2 = 1, MinRows = 4, MinHessian = 2 };
            var (sums, scale) = Bins(seed, 20);
            var leaf = Leaf(sums, scale, options);
            var found = SplitFinder.Find(0, Bins(20, categorical: false), sums, leaf);
            var best = 0.0;
            for (var edge = 0; edge < 20; edge++)
            {
                foreach (var missingLeft in new[] { false, true }) best = Math.Max(best, Gain(sums, leaf, bin => bin == 20 ? missingLeft : bin <= edge));
            }

            Assert.Equal(best, found.Gain, 6);
            Assert.Equal(found.Gain, Gain(sums, leaf, bin => bin == 20 ? found.MissingLeft : bin <= found.Bin), 6);
        }
    }

    [Fact]
    public void A_rising_column_is_not_split_where_the_right_side_would_answer_less()
    {
        var (sums, scale) = Bins(3, 20);
        for (var sign = -1; sign <= 1; sign += 2)
        {
            var leaf = Leaf(sums, scale, Plain with { Monotone = [sign] });
            var split = SplitFinder.Find(0, Bins(20, categorical: false), sums, leaf);
            if (split.Column < 0) continue;
            Assert.True(sign * (leaf.Value(leaf.Total - split.Left) - leaf.Value(split.Left)) >= 0);
        }
    }

    [Fact]
    public void Whole_number_sums_do_not_depend_on_the_order_and_keep_the_derivatives_to_nine_digits()
    {
        var random = new SeededRandom(5);
        var scale = new GradientScale(1000, 0.93f, 0.25f);
        var rows = Enumerable.Range(0, 1000).Select(_ => (G: (float)(random.NextDouble() * 1.8) - 0.9f, H: (float)random.NextDouble() / 4)).ToArray();
        var forth = rows.Aggregate(default(GradientSums), (sum, row) => sum + scale.Of(row.G, row.H));
        var back = rows.Reverse().Aggregate(default(GradientSums), (sum, row) => sum + scale.Of(row.G, row.H));
        Assert.Equal(forth, back);
        Assert.Equal(1000, scale.Rows(forth));
        Assert.Equal(rows.Sum(row => (double)row.G), scale.Gradient(forth), 6);
        Assert.Equal(rows.Sum(row => (double)row.H), scale.Hessian(forth), 6);
    }

    /// <summary>Sums of some bins, then of the missing rows; no row in one of the bins.</summary>
    private static (GradientSums[] Sums, GradientScale Scale) Bins(ulong seed, int bins)
    {
        var random = new SeededRandom(seed);
        var scale = new GradientScale(1000, 1, 1);
        var sums = new GradientSums[bins + 1];
        for (var bin = 0; bin <= bins; bin++)
        {
            for (var row = 0; bin != 2 && row < 1 + random.NextInt(5); row++) sums[bin] += scale.Of((float)(random.NextDouble() * 2) - 1, 0.1f + ((float)random.NextDouble() * 0.8f));
        }

        return (sums, scale);
    }

    private static ColumnBins Bins(int count, bool categorical)
    {
        var values = Enumerable.Range(0, count).Select(i => (float)i).ToArray();
        return ColumnBins.Fit(new FeatureMatrix([new FeatureColumn("c", categorical ? [.. values.Select(value => $"{value}")] : default)], count, values), 0);
    }

    private static SplitContext Leaf(GradientSums[] sums, GradientScale scale, TreesOptions options) =>
        new(sums.Aggregate((a, b) => a + b), scale, double.NegativeInfinity, double.PositiveInfinity, options);

    /// <summary>Zero when a side is too small.</summary>
    private static double Gain(GradientSums[] sums, SplitContext leaf, Func<int, bool> goesLeft)
    {
        var left = sums.Where((_, bin) => goesLeft(bin)).Aggregate(default(GradientSums), (a, b) => a + b);
        var right = leaf.Total - left;
        double Worth(GradientSums side) => Math.Pow(leaf.Scale.Gradient(side), 2) / (leaf.Scale.Hessian(side) + leaf.Options.L2);
        var small = new[] { left, right }.Any(side => leaf.Scale.Rows(side) < Math.Max(1, leaf.Options.MinRows) || leaf.Scale.Hessian(side) < leaf.Options.MinHessian);
        return small ? 0 : Worth(left) + Worth(right) - Worth(leaf.Total);
    }
}
