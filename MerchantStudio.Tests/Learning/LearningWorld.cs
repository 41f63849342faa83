using MerchantStudio.Core.Learning;

namespace MerchantStudio.Tests.Learning;

/// <summary>Small invented tables with a known cause.</summary>
internal static class LearningWorld
{
    /// <summary>Buyers have a high "visits" and the colour "red"; "noise" means nothing; "age" is missing for a third and missing buys less.</summary>
    public static (FeatureMatrix X, float[] Y) Shoppers(int rows, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var values = new float[4 * rows];
        var y = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            var visits = (float)(random.NextDouble() * 10);
            var colour = random.NextInt(3);
            var age = random.NextDouble() < 1 / 3.0 ? float.NaN : 20 + random.NextInt(50);
            values[row] = visits;
            values[rows + row] = colour;
            values[(2 * rows) + row] = (float)random.NextDouble();
            values[(3 * rows) + row] = age;
            var logOdds = (0.8 * (visits - 5)) + (colour == 0 ? 1.5 : -0.5) - (float.IsNaN(age) ? 1.5 : 0);
            y[row] = random.NextDouble() < 1 / (1 + Math.Exp(-logOdds)) ? 1 : 0;
        }

        return (new FeatureMatrix([new FeatureColumn("visits"), new FeatureColumn("colour", ["red", "green", "blue"]), new FeatureColumn("noise"), new FeatureColumn("age")], rows, values), y);
    }

    public static FeatureMatrix Numbers(params float[][] columns) =>
        new([.. columns.Select((_, i) => new FeatureColumn($"c{i}"))], columns[0].Length, [.. columns.SelectMany(column => column)]);

    public static FeatureMatrix Nothing(FeatureMatrix like) => like.Take([]);

    public static double LogOdds(double p) => Math.Log(p / (1 - p));
}
