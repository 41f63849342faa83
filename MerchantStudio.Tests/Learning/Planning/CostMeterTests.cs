using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Planning;
using Xunit;

namespace MerchantStudio.Tests.Learning.Planning;

public sealed class CostMeterTests
{
    /// <summary>How far an estimate may be off, in either direction.</summary>
    private const double Factor = 3;

    [Fact]
    public void Work_along_a_line_is_told_from_a_few_rows()
    {
        var clock = new ManualClock();
        var (fixedSeconds, perRow) = CostMeter.Measure(rows => clock.Advance(0.02 + (rows * 1e-5)), 1_000_000, TimeSpan.FromSeconds(1), clock);
        Assert.Equal(0.02, fixedSeconds, 4);
        Assert.Equal(1e-5, perRow, 8);
        Assert.InRange(clock.Seconds, 0.5, 1.6);
    }

    [Fact]
    public void Rounds_that_differ_from_trial_to_trial_do_not_bend_the_line()
    {
        var clock = new ManualClock();
        var (fixedSeconds, perRow) = CostMeter.Measure(Work, 4_096, TimeSpan.FromSeconds(100), clock);
        Assert.Equal(40 * 0.001, fixedSeconds, 4);
        Assert.Equal(40 * 1e-6, perRow, 8);

        int Work(int rows)
        {
            var rounds = rows < 4_096 ? 10 : 40;
            clock.Advance(rounds * (0.001 + (rows * 1e-6)));
            return rounds;
        }
    }

    [Fact]
    public void Without_patience_three_short_trials_are_all()
    {
        var clock = new ManualClock();
        List<int> trials = [];
        CostMeter.Measure(rows =>
        {
            trials.Add(rows);
            return clock.Advance(1);
        }, 1_000_000, TimeSpan.FromSeconds(0.1), clock);
        Assert.Equal([256, 256, 1024], trials);
    }

    [Fact]
    public void Code_that_is_still_being_compiled_does_not_count()
    {
        var clock = new ManualClock();
        var (fixedSeconds, perRow) = CostMeter.Measure(rows => clock.Advance((clock.Seconds < 0.45 ? 5 : 1) * (0.01 + (rows * 1e-4))), 20_000, TimeSpan.FromSeconds(1), clock);
        Assert.Equal(0.01, fixedSeconds, 4);
        Assert.Equal(1e-4, perRow, 7);
    }

    [Fact]
    public void What_else_the_machine_does_meanwhile_does_not_count()
    {
        var (clock, worked) = (new ManualClock(), new ManualClock());
        var (fixedSeconds, perRow) = CostMeter.Measure(rows => clock.Advance(7 * 0.001) + worked.Advance(0.001 + (rows * 1e-6)) - 1, 100_000, TimeSpan.FromSeconds(100), clock, worked);
        Assert.Equal(0.001, fixedSeconds, 5);
        Assert.Equal(1e-6, perRow, 8);
    }

    [Fact]
    public void A_machine_that_is_busy_warms_up_no_longer_than_two_seconds()
    {
        var (clock, worked) = (new ManualClock(), new ManualClock());
        CostMeter.Measure(_ => clock.Advance(0.5) + worked.Advance(0.001) - 1, 256, TimeSpan.FromSeconds(0.1), clock, worked);
        Assert.Equal(2.5, clock.Seconds, 6);
    }

    /// <summary>One attempt may fall into a moment in which the machine does something else; three do not.</summary>
    [Fact]
    public void Each_family_takes_about_what_was_estimated()
    {
        const int rows = 4_000, columns = 10;
        var (question, labels) = Question(rows, columns);
        foreach (var family in IntentFamilies.All)
        {
            List<double> ratios = [];
            while (ratios.Count < 3 && !ratios.Exists(ratio => ratio is > 1 / Factor and < Factor))
            {
                var (fixedSeconds, perRow) = CostMeter.Measure(Train, rows / 4, TimeSpan.FromSeconds(0.6), TimeProvider.System);
                var started = TimeProvider.System.GetTimestamp();
                Train(rows);
                ratios.Add((fixedSeconds + (perRow * rows)) / TimeProvider.System.GetElapsedTime(started).TotalSeconds);
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"{family.Key}, {rows} x {columns}: {string.Join(", ", ratios.Select(ratio => ratio.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)))} of what it took");
            Assert.True(ratios[^1] is > 1 / Factor and < Factor, $"{family.Key}: {string.Join(", ", ratios)} times what it took");

            int Train(int count)
            {
                var rounds = 0;
                var part = Enumerable.Range(0, count).ToArray();
                var window = question.Training with { X = question.Training.X.Take(part), Y = [.. labels.Take(count)] };
                IntentTrainer.Fit(family, question with { Training = window, Validation = window }, family.Settings, TimeProvider.System, new Counted(() => rounds++), TestContext.Current.CancellationToken);
                return rounds;
            }
        }
    }

    private static (IntentQuestion Question, ImmutableArray<float> Labels) Question(int rows, int columns)
    {
        var random = new SeededRandom(7);
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++) values[i] = (float)(random.NextDouble() * 4);
        var labels = Enumerable.Range(0, rows).Select(row => random.NextDouble() < 1 / (1 + Math.Exp(3 - values[row] - (values[rows + row] * values[row] / 4))) ? 1f : 0f).ToImmutableArray();
        var x = new FeatureMatrix([.. Enumerable.Range(0, columns).Select(column => new FeatureColumn($"c{column}"))], rows, values);
        var window = new IntentWindow(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(7), x, labels);
        return (new IntentQuestion(7, window, window, window, Seed: 1), labels);
    }

    private sealed class Counted(Action round) : IProgress<IntentProgress>
    {
        public void Report(IntentProgress value) => round();
    }
}
