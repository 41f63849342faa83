using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Learning;
using Xunit;
using static MerchantStudio.Tests.Experiments.ExperimentReference;

namespace MerchantStudio.Tests.Experiments;

public sealed class AlwaysValidTests
{
    private const int Days = 30;
    private const int Experiments = 2000;
    private const int PeopleADay = 40;

    [Fact]
    public void The_interval_is_where_the_mixture_turns_against_a_value()
    {
        foreach (var expected in Root.GetProperty("alwaysValid").EnumerateArray())
        {
            var once = Estimate.Of(expected.Number("value"), expected.Number("error"), double.PositiveInfinity, 0.9);
            var any = AlwaysValid.Of(once, expected.GetProperty("people").GetInt64(), expected.GetProperty("planned").GetInt64());
            Near(expected.Number("low"), any.Interval.Low);
            Near(expected.Number("high"), any.Interval.High);
            Assert.Equal(any.PValue < 0.1, any.IsAboveZero || any.IsBelowZero);
        }
    }

    [Fact]
    public void Looking_every_day_raises_no_more_false_alarms_than_the_level_says_and_a_plain_interval_does()
    {
        var (plain, valid) = (0, 0);
        for (var experiment = 0; experiment < Experiments; experiment++)
        {
            var (once, always) = Run(new SeededRandom(SeededRandom.Mix(7, (ulong)experiment)), effect: 0);
            plain += once ? 1 : 0;
            valid += always ? 1 : 0;
        }

        Assert.True(valid <= 0.1 * Experiments, $"{valid} of {Experiments} false alarms with always-valid intervals.");
        Assert.True(plain > 0.25 * Experiments, $"Only {plain} of {Experiments} false alarms with plain intervals.");
    }

    [Fact]
    public void An_effect_is_found_in_the_end()
    {
        var found = Enumerable.Range(0, 200).Count(experiment => Run(new SeededRandom(SeededRandom.Mix(8, (ulong)experiment)), effect: 0.5).Always);
        Assert.InRange(found, 190, 200);
    }

    /// <summary>Skewed amounts, most of them nothing, as a shop's are.</summary>
    private static (bool Once, bool Always) Run(SeededRandom random, double effect)
    {
        Sums treated = default, holdout = default;
        var (once, always) = (false, false);
        for (var day = 0; day < Days; day++)
        {
            for (var person = 0; person < PeopleADay; person++)
            {
                treated = treated.Add(Amount(random) * (1 + effect));
                holdout = holdout.Add(Amount(random));
            }

            if (day < 2) continue;
            var estimate = Compare.Means(treated, holdout);
            var any = AlwaysValid.Of(estimate, treated.People + holdout.People, 2 * Days * PeopleADay);
            once |= estimate.IsAboveZero || estimate.IsBelowZero;
            always |= any.IsAboveZero || any.IsBelowZero;
        }

        return (once, always);
    }

    private static double Amount(SeededRandom random) => random.NextDouble() < 0.7 ? 0 : -20 * Math.Log(1 - random.NextDouble());
}
