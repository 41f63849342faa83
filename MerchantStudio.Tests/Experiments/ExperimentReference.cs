using System.Text.Json;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Tests.Architecture;
using Xunit;

namespace MerchantStudio.Tests.Experiments;

/// <summary>What scipy and statsmodels say, written by the script beside the file.</summary>
internal static class ExperimentReference
{
    public static JsonElement Root { get; } = JsonDocument.Parse(File.ReadAllText(Repository.Path("MerchantStudio.Tests", "Experiments", "Reference", "experiments_reference.json"))).RootElement;

    public static double[] Numbers(string arm, string column) => [.. Root.GetProperty("data").GetProperty(arm).GetProperty(column).EnumerateArray().Select(value => value.GetDouble())];

    public static Sums Sums(string arm, string column) => Numbers(arm, column).Aggregate(default(Sums), (sums, value) => sums.Add(value));

    /// <param name="x">Column of X; Y is the revenue.</param>
    public static PairSums Pairs(string arm, string x) => Numbers(arm, x).Zip(Numbers(arm, "revenue")).Aggregate(default(PairSums), (sums, pair) => sums.Add(pair.First, pair.Second));

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    public static void Same(JsonElement expected, Estimate actual, double tolerance = 1e-9)
    {
        Near(expected.Number("value"), actual.Value, tolerance);
        Near(expected.Number("low"), actual.Interval.Low, tolerance);
        Near(expected.Number("high"), actual.Interval.High, tolerance);
        if (expected.TryGetProperty("p", out var p)) Near(p.GetDouble(), actual.PValue, tolerance);
        if (expected.TryGetProperty("freedom", out var freedom)) Near(freedom.GetDouble(), actual.DegreesOfFreedom, tolerance);
    }

    public static void Near(double expected, double actual, double tolerance = 1e-9) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"Expected {expected:R}, was {actual:R}.");
}
