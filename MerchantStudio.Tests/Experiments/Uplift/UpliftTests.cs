using MerchantStudio.Core.Experiments.Uplift;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Trees;
using Xunit;

namespace MerchantStudio.Tests.Experiments.Uplift;

/// <summary>A shop of four kinds of people, told apart by two columns: persuadable, sure, lost, put off.</summary>
public sealed class UpliftTests
{
    private static readonly TreesOptions Small = new(Rounds: 60, LearningRate: 0.1, Leaves: 6, Depth: 3, MinRows: 30, Patience: 15);

    [Theory, InlineData(UpliftLearner.T), InlineData(UpliftLearner.X)]
    public void People_whom_the_offer_changes_come_first_and_buyers_anyway_do_not(UpliftLearner learner)
    {
        var (table, unseen) = (World(6_000, 1, 0.5), World(6_000, 2, 0.5));
        var scores = Trained(table, learner).Predict(unseen.X).Value;
        var compared = Qini.Compare(scores.Uplift, scores.With, unseen.Treated, unseen.Y, seed: 1, draws: 100, TestContext.Current.CancellationToken);
        Assert.True(compared.Interval.Low > 0.03, $"Qini {compared.Uplift.Coefficient:F4}, {compared.Interval}");
        Assert.True(compared.MoreThanResponseInterval.Low > 0.02, $"More than response: {compared.MoreThanResponseInterval}");
        var deciles = UpliftReading.Deciles(scores.Uplift, unseen.Treated, unseen.Y);
        Assert.InRange(deciles[0].Actual.Value, 0.3, 0.5);
        Assert.InRange(deciles[^1].Actual.Value, -0.4, -0.2);
    }

    [Fact]
    public void The_four_kinds_are_told_apart()
    {
        var (table, unseen) = (World(6_000, 1, 0.5), World(4_000, 2, 0.5));
        var scores = Trained(table, UpliftLearner.X).Predict(unseen.X).Value;
        var rule = new UpliftGroupRule(0.1, 0.4);
        var right = Enumerable.Range(0, 4_000).Count(row => rule.Of(scores.Without[row], scores.Uplift[row]) == KindOf(unseen.X[row, 0], unseen.X[row, 1]));
        Assert.InRange(right / 4_000.0, 0.9, 1);
        var groups = UpliftReading.Groups(scores, rule, unseen.Treated, unseen.Y);
        Assert.True(groups[(int)UpliftGroup.Persuadable].Actual.IsAboveZero && groups[(int)UpliftGroup.DoNotDisturb].Actual.IsBelowZero);
        Assert.True(groups[(int)UpliftGroup.SureThing].ActualWithout.Interval.Low > groups[(int)UpliftGroup.LostCause].ActualWithout.Interval.High);
    }

    /// <summary>With so few held out nothing is known of who buys anyway, so what treated people do beyond the mean is mostly not the offer's doing.</summary>
    [Fact]
    public void An_x_learner_trusts_the_models_of_the_larger_arm()
    {
        var table = World(6_000, 3, 0.985);
        var scores = Trained(table, UpliftLearner.X).Predict(table.X).Value;
        var sure = Enumerable.Range(0, 6_000).Where(row => KindOf(table.X[row, 0], table.X[row, 1]) == UpliftGroup.SureThing).Average(row => scores.Uplift[row]);
        Assert.InRange(sure, -0.25, 0.25);
    }

    [Fact]
    public void An_amount_can_be_the_outcome()
    {
        var yes = World(4_000, 5, 0.5);
        var table = yes with { Y = Array.ConvertAll(yes.Y, y => y * 30), Target = TreesObjective.Squared };
        var scores = Trained(table, UpliftLearner.T).Predict(table.X).Value;
        Assert.InRange(Enumerable.Range(0, 4_000).Where(row => KindOf(table.X[row, 0], table.X[row, 1]) == UpliftGroup.Persuadable).Average(row => scores.Uplift[row]), 9, 15);
    }

    [Fact]
    public void Training_again_gives_the_same_scores()
    {
        var table = World(1_500, 6, 0.5);
        Assert.Equal(Trained(table, UpliftLearner.X).Predict(table.X).Value.Uplift, Trained(table, UpliftLearner.X).Predict(table.X).Value.Uplift);
    }

    [Fact]
    public void The_people_of_an_experiment_are_told_by_models_that_did_not_see_them()
    {
        var noise = World(2_000, 7, 0.5);
        var random = new SeededRandom(3);
        noise = noise with { Y = Array.ConvertAll(noise.Y, _ => random.NextDouble() < 0.3 ? 1f : 0f) };
        var trainer = new UpliftTrainer(new UpliftOptions(UpliftLearner.T, 2, Small with { Patience = 60 }, Small));
        var inside = trainer.Train(noise, 1, TestContext.Current.CancellationToken).Value.Predict(noise.X).Value;
        var outside = trainer.OutOfFold(noise, 2, 1, TestContext.Current.CancellationToken).Value;
        var (seen, unseen) = (Qini.Curve(inside.Uplift, noise.Treated, noise.Y).Coefficient, Qini.Curve(outside.Uplift, noise.Treated, noise.Y).Coefficient);
        Assert.InRange(unseen, -0.015, 0.015);
        Assert.True(seen > unseen + 0.01, $"inside {seen:F4}, outside {unseen:F4}");
    }

    [Fact]
    public void An_arm_that_never_buys_is_a_problem_not_a_fault()
    {
        var table = World(500, 8, 0.5);
        var silent = table with { Y = [.. table.Y.Select((y, row) => table.Treated[row] ? y : 0)] };
        Assert.NotNull(new UpliftTrainer(new UpliftOptions(UpliftLearner.T)).Train(silent, 1, TestContext.Current.CancellationToken).Problem);
    }

    private static UpliftModel Trained(UpliftTable table, UpliftLearner learner) =>
        new UpliftTrainer(new UpliftOptions(learner, 2, Small, Small)).Train(table, 1, TestContext.Current.CancellationToken).Value;

    private static UpliftGroup KindOf(float first, float second) => (first > 0.5, second > 0.5) switch
    {
        (true, true) => UpliftGroup.Persuadable,
        (true, false) => UpliftGroup.SureThing,
        (false, true) => UpliftGroup.LostCause,
        _ => UpliftGroup.DoNotDisturb,
    };

    private static double EffectOf(UpliftGroup kind) => kind switch { UpliftGroup.Persuadable => 0.4, UpliftGroup.DoNotDisturb => -0.3, _ => 0 };

    private static UpliftTable World(int people, ulong seed, double propensity)
    {
        var random = new SeededRandom(seed);
        var values = new float[people * 3];
        var (treated, y) = (new bool[people], new float[people]);
        for (var row = 0; row < people; row++)
        {
            for (var column = 0; column < 3; column++) values[(column * people) + row] = (float)random.NextDouble();
            treated[row] = random.NextDouble() < propensity;
            var kind = KindOf(values[row], values[people + row]);
            var without = kind switch { UpliftGroup.Persuadable => 0.15, UpliftGroup.SureThing => 0.8, UpliftGroup.LostCause => 0.03, _ => 0.35 };
            y[row] = random.NextDouble() < without + (treated[row] ? EffectOf(kind) : 0) ? 1 : 0;
        }

        return new UpliftTable(new FeatureMatrix([new("first"), new("second"), new("noise")], people, values), treated, y, propensity);
    }
}
