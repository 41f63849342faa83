using MerchantStudio.Core.Experiments.Uplift;
using Xunit;
using static MerchantStudio.Tests.Experiments.ExperimentReference;

namespace MerchantStudio.Tests.Experiments.Uplift;

public sealed class QiniTests
{
    [Fact]
    public void Curve_and_coefficient_are_those_of_the_definition_written_in_python()
    {
        var expected = Root.GetProperty("qini");
        var curve = Qini.Curve(
            [.. expected.GetProperty("scores").EnumerateArray().Select(score => score.GetSingle())],
            [.. expected.GetProperty("treated").EnumerateArray().Select(treated => treated.GetInt32() == 1)],
            [.. expected.GetProperty("y").EnumerateArray().Select(y => y.GetSingle())]);
        Near(expected.Number("coefficient"), curve.Coefficient, 1e-12);
        Near(expected.Number("all"), curve.Points[^1].Gain, 1e-12);
    }

    [Fact]
    public void Equal_scores_are_chance() => Assert.Equal(0, Qini.Curve([1, 1, 1, 1], [true, false, true, false], [1, 0, 1, 1]).Coefficient, 12);

    [Fact]
    public void Turned_scores_lose_what_the_scores_win()
    {
        bool[] treated = [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0)];
        float[] y = [.. Enumerable.Range(0, 400).Select(i => i < 200 && i % 2 == 0 ? 1f : 0f)];
        float[] scores = [.. Enumerable.Range(0, 400).Select(i => i < 200 ? 1f : 0f)];
        var (right, wrong) = (Qini.Curve(scores, treated, y).Coefficient, Qini.Curve([.. scores.Select(score => -score)], treated, y).Coefficient);
        Assert.Equal(0.125, right, 12);
        Assert.Equal(-0.125, wrong, 12);
    }

    [Fact]
    public void Scores_without_meaning_do_not_beat_chance()
    {
        var random = new Core.Learning.SeededRandom(4);
        bool[] treated = [.. Enumerable.Range(0, 3_000).Select(_ => random.NextDouble() < 0.5)];
        float[] y = [.. Enumerable.Range(0, 3_000).Select(row => random.NextDouble() < (treated[row] ? 0.3 : 0.2) ? 1f : 0f)];
        float[] scores = [.. Enumerable.Range(0, 3_000).Select(_ => (float)random.NextDouble())];
        var compared = Qini.Compare(scores, scores, treated, y, seed: 2, draws: 100, TestContext.Current.CancellationToken);
        Assert.True(compared.Interval.Low < 0 && compared.Interval.High > 0);
        Assert.Equal((0.0, 0.0), (compared.MoreThanResponseInterval.Low, compared.MoreThanResponseInterval.High));
    }
}
