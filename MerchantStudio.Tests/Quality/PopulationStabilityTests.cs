using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Quality.Drift;
using Xunit;

namespace MerchantStudio.Tests.Quality;

public sealed class PopulationStabilityTests
{
    [Fact]
    public void The_index_is_that_of_a_sum_worked_out_by_hand()
    {
        // With half a row in each of two bins: 50.5/101 and 50.5/101 before, 20.5/101 and 80.5/101 after.
        var expected = (((20.5 - 50.5) / 101) * Math.Log(20.5 / 50.5)) + (((80.5 - 50.5) / 101) * Math.Log(80.5 / 50.5));
        Assert.Equal(expected, PopulationStability.Index([50, 50], [20, 80]), 12);
        Assert.Equal(0, PopulationStability.Index([50, 30, 20], [50, 30, 20]), 12);
        Assert.True(double.IsFinite(PopulationStability.Index([100, 0], [0, 100])));
    }

    [Fact]
    public void Rows_of_the_same_kind_stay_and_moved_ones_are_named_first()
    {
        var training = Rows(4000, 1, shift: 0, missing: 0.1);
        var bins = PopulationStability.Describe(training);
        Assert.All(bins, feature => Assert.Equal(4000, feature.Rows));
        Assert.All(PopulationStability.Compare(bins, Rows(4000, 2, shift: 0, missing: 0.1)), drift => Assert.False(drift.Moved, $"{drift}"));
        var moved = PopulationStability.Compare(bins, Rows(4000, 3, shift: 1, missing: 0.1));
        Assert.Equal(["level"], moved.Where(drift => drift.Moved).Select(drift => drift.Feature));
        Assert.Equal("level", moved[0].Feature);
        Assert.Equal(["gap"], PopulationStability.Compare(bins, Rows(4000, 4, shift: 0, missing: 0.5)).Where(drift => drift.Moved).Select(drift => drift.Feature));
    }

    [Fact]
    public void Too_few_rows_say_nothing()
    {
        var bins = PopulationStability.Describe(Rows(99, 1, 0, 0.1));
        Assert.Empty(PopulationStability.Compare(bins, Rows(4000, 2, 3, 0.1)));
        Assert.Empty(PopulationStability.Compare(PopulationStability.Describe(Rows(4000, 1, 0, 0.1)), Rows(99, 2, 3, 0.1)));
    }

    [Fact]
    public void A_constant_and_an_empty_column_have_bins_too()
    {
        var training = new FeatureMatrix([new FeatureColumn("same"), new FeatureColumn("none")], 200, [.. Enumerable.Repeat(1f, 200), .. Enumerable.Repeat(float.NaN, 200)]);
        var drift = PopulationStability.Compare(PopulationStability.Describe(training), training);
        Assert.All(drift, feature => Assert.Equal(0, feature.Psi, 12));
    }

    private static FeatureMatrix Rows(int rows, int seed, double shift, double missing)
    {
        var random = new SeededRandom((ulong)seed);
        var values = new float[3 * rows];
        for (var row = 0; row < rows; row++)
        {
            values[row] = (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() + shift);
            values[rows + row] = random.NextInt(3);
            values[(2 * rows) + row] = random.NextDouble() < missing ? float.NaN : (float)random.NextDouble();
        }

        return new FeatureMatrix([new FeatureColumn("level"), new FeatureColumn("count"), new FeatureColumn("gap")], rows, values);
    }
}
