using MerchantStudio.Core.Learning.Evaluation;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class CalibrationTests
{
    [Fact]
    public void Isotonic_pools_the_violators_of_the_textbook_example()
    {
        // 0, 1, 0, 1 at rising scores: the middle two are pooled to one half.
        var fitted = Calibration.FitIsotonic([0.1f, 0.2f, 0.3f, 0.4f], [0, 1, 0, 1]);
        Assert.Equal([0, 0.5, 1], fitted.Rates);
        Assert.Equal(0.5, fitted.Apply(0.25), 5);
        Assert.Equal(0.25, fitted.Apply(0.175), 5);
        Assert.Equal((0, 1), (fitted.Apply(0), fitted.Apply(1)));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(40)]
    public void Platt_brings_scores_down_to_earth_that_are_far_too_sure(double exaggeration)
    {
        // As naive Bayes counts the same evidence many times: the ranking is right, the log-odds are many times too large.
        var random = new MerchantStudio.Core.Learning.SeededRandom(3);
        var logOdds = Enumerable.Range(0, 4_000).Select(_ => -5 + (6 * (random.NextDouble() + random.NextDouble() - 1))).ToArray();
        var labels = logOdds.Select(z => random.NextDouble() < 1 / (1 + Math.Exp(-z)) ? 1f : 0f).ToArray();
        var sure = logOdds.Select(z => (float)(1 / (1 + Math.Exp(-exaggeration * (z + 2))))).ToArray();
        var rate = labels.Average();
        var nothingKnown = -(rate * Math.Log(rate)) - ((1 - rate) * Math.Log(1 - rate));
        Assert.InRange(BinaryMetrics.LogLoss(Calibration.FitPlatt(sure, labels).Apply(sure), labels), 0, nothingKnown);
    }

    [Fact]
    public void Platt_finds_its_line_where_a_whole_step_would_leap_over_it()
    {
        // As a Gaussian model's log-odds lie on a shop: nearly all far below, few far above, and buyers among both.
        var random = new MerchantStudio.Core.Learning.SeededRandom(3);
        (float Score, float Label)[] rows = [.. Low(5_300, 0), .. Spread(200, -5, 8, 0), .. Low(60, 1), .. Spread(60, -5, 12, 1)];
        var fitted = Calibration.FitPlatt([.. rows.Select(row => row.Score)], [.. rows.Select(row => row.Label)]);
        Assert.InRange(fitted.Slope, 0.2, 0.5);
        Assert.Equal(rows.Average(row => row.Label), rows.Average(row => fitted.Apply(row.Score)), 3);

        IEnumerable<(float, float)> Low(int count, float label) => Enumerable.Range(0, count).Select(_ => (Chance(-9 + (2 * (random.NextDouble() + random.NextDouble()))), label));

        IEnumerable<(float, float)> Spread(int count, double from, double to, float label) => Enumerable.Range(0, count).Select(_ => (Chance(from + ((to - from) * random.NextDouble())), label));

        static float Chance(double logOdds) => (float)(1 / (1 + Math.Exp(-logOdds)));
    }

    [Fact]
    public void Isotonic_never_falls()
    {
        var (x, y) = LearningWorld.Shoppers(500, 61);
        var scores = x.Column(0).ToArray().Select(value => value / 10).ToArray();
        var fitted = Calibration.FitIsotonic(scores, y);
        Assert.Equal(fitted.Rates.Order(), fitted.Rates);
        Assert.Equal(y.Average(), fitted.Apply(scores).Average(), 1);
    }

    [Fact]
    public void Platt_undoes_a_known_distortion()
    {
        var (scores, labels) = Distorted(20_000);
        var fitted = Calibration.FitPlatt(scores, labels);
        Assert.InRange(fitted.Slope, 0.47, 0.53);
        Assert.InRange(fitted.Shift, -1.06, -0.94);
    }

    [Fact]
    public void Calibrated_probabilities_agree_with_the_observed_share()
    {
        var (scores, labels) = Distorted(20_000);
        foreach (var bin in BinaryCurves.Calibration(Calibration.Fit(scores, labels).Apply(scores), labels)) Assert.InRange(bin.Predicted, bin.Low - 0.02, bin.High + 0.02);
    }

    [Fact]
    public void Scores_that_rank_the_wrong_way_round_become_the_rate_for_everyone()
    {
        var fitted = Calibration.FitPlatt([0.9f, 0.8f, 0.2f, 0.1f], [0, 0, 1, 1]);
        Assert.Equal(0.5, fitted.Apply(0.9), 6);
        Assert.Equal(0.5, fitted.Apply(0.1), 6);
    }

    [Fact]
    public void One_class_alone_leaves_the_scores_as_they_are() => Assert.Equal(0.3, Calibration.Fit([0.3f, 0.2f], [0, 0]).Apply(0.3), 6);

    /// <summary>True log-odds are half the stated ones less one.</summary>
    private static (float[] Scores, float[] Labels) Distorted(int rows)
    {
        var random = new Core.Learning.SeededRandom(71);
        var scores = new float[rows];
        var labels = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            var stated = (random.NextDouble() * 8) - 4;
            scores[row] = (float)(1 / (1 + Math.Exp(-stated)));
            labels[row] = random.NextDouble() < 1 / (1 + Math.Exp(-((stated / 2) - 1))) ? 1 : 0;
        }

        return (scores, labels);
    }
}
