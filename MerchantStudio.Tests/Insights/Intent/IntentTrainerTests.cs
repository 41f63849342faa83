using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Tests.Learning;
using Xunit;

namespace MerchantStudio.Tests.Insights.Intent;

public sealed class IntentTrainerTests
{
    private static readonly DateTimeOffset Monday = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Both_families_are_judged_beside_the_majority_and_the_rule_of_thumb()
    {
        var (question, candidates) = Trained(1200);
        var report = IntentEvaluator.Evaluate(question, candidates, TestContext.Current.CancellationToken);
        Assert.Equal(["logistic", "trees"], report.Models.Select(model => model.Family));
        Assert.Equal("visits", report.Rule!.Feature);
        Assert.True(report.Best.Test.Auroc > report.Rule.Test.Auroc);
        Assert.True(report.Best.Test.LogLoss < report.Majority.LogLoss);
        Assert.Equal(report.Models.Min(model => model.Validation.LogLoss), report.Best.Validation.LogLoss);
        Assert.InRange(report.CalibrationError, 0, 0.06);
        Assert.Equal(question.Test.Y.Length, report.Thresholds[0].TruePositives + report.Thresholds[0].FalsePositives);
    }

    [Fact]
    public void The_test_window_changes_nothing_about_the_models()
    {
        var one = Trained(600).Candidates;
        var question = Question(600, 2) with { Test = Window(600, 77, Monday.AddDays(14)) };
        var two = IntentTrainer.Train(question, TimeProvider.System, null, TestContext.Current.CancellationToken).Value;
        Assert.Equal(one.Select(candidate => Bytes(candidate.Model)), two.Select(candidate => Bytes(candidate.Model)));
    }

    /// <summary>Labels of validation and test that training has never met tell which of the windows each figure comes from.</summary>
    [Fact]
    public void Chances_and_threshold_are_fitted_on_the_validation_window_and_neither_on_training_nor_on_test()
    {
        var training = Window(1200, 2, Monday);
        var rare = Thinned(Window(3000, 3, Monday.AddDays(7)), 8);
        var question = Question(1200, 2) with { Training = training, Validation = rare, Test = Window(1200, 4, Monday.AddDays(14)) };
        var rate = rare.Y.Average();
        Assert.True(rate < 0.5 * training.Y.Average());
        foreach (var candidate in IntentTrainer.Train(question, TimeProvider.System, null, TestContext.Current.CancellationToken).Value)
        {
            var chances = candidate.Model.Probabilities(rare.X);
            Assert.Equal(rate, chances.Average(), 0.02f);   // as often as shoppers of the validation window buy
            Assert.Equal(BinaryReport.BestThreshold(chances, rare.Y.AsSpan()), candidate.Training.Threshold, 1e-6);
            var report = IntentEvaluator.Evaluate(question, [candidate], TestContext.Current.CancellationToken);
            Assert.Equal(candidate.Training.Threshold, report.Best.Test.Threshold);
        }
    }

    /// <summary>One of so many buyers, and all others.</summary>
    private static IntentWindow Thinned(IntentWindow window, int buyers)
    {
        int[] kept = [.. Enumerable.Range(0, window.Y.Length).Where(row => window.Y[row] == 0 || row % buyers == 0)];
        return window with { X = window.X.Take(kept), Y = [.. kept.Select(row => window.Y[row])] };
    }

    [Fact]
    public void The_same_seed_and_rows_give_the_same_scores()
    {
        var x = Window(200, 9, Monday).X;
        var token = TestContext.Current.CancellationToken;
        var one = IntentEvaluator.Choose(Trained(600).Candidates).Model.Score(x, token).Scores;
        var two = IntentEvaluator.Choose(Trained(600).Candidates).Model.Score(x, token).Scores;
        Assert.Equal(one.Select(score => (score.Probability, score.Low, score.High)), two.Select(score => (score.Probability, score.Low, score.High)));
    }

    [Fact]
    public void Chances_lie_in_their_band_and_reasons_name_what_moved_them()
    {
        var x = Window(300, 9, Monday).X;
        var (scores, drivers) = IntentEvaluator.Choose(Trained(1200).Candidates).Model.Score(x, TestContext.Current.CancellationToken);
        Assert.All(scores, score => Assert.InRange(score.Probability, score.Low, score.High));
        Assert.All(scores, score => Assert.InRange(score.Reasons.Length, 1, 3));
        var surest = scores.MaxBy(score => score.Probability)!;
        Assert.Contains(surest.Reasons, reason => reason is { Feature: "visits", Points: > 0 });
        Assert.Equal(("visits", true), (drivers[0].Feature, drivers[0].Rises));
    }

    [Fact]
    public void The_band_is_narrower_on_more_shoppers()
    {
        double Width(int rows)
        {
            var scores = IntentEvaluator.Choose(Trained(rows).Candidates).Model.Score(Window(300, 9, Monday).X, TestContext.Current.CancellationToken).Scores;
            return scores.Average(score => score.High - score.Low);
        }

        Assert.True(Width(4000) < Width(400));
    }

    [Fact]
    public void A_saved_model_scores_the_same_when_read_back()
    {
        var x = Window(100, 9, Monday).X;
        foreach (var candidate in Trained(500).Candidates) Assert.Equal(candidate.Model.Probabilities(x), IntentModel.Load(new MemoryStream(Bytes(candidate.Model))).Probabilities(x));
    }

    [Fact]
    public void Shuffling_what_matters_costs_more_than_shuffling_noise()
    {
        var (question, candidates) = Trained(1200);
        var importance = IntentEvaluator.Evaluate(question, candidates, TestContext.Current.CancellationToken).Importance;
        Assert.Equal("visits", importance[0].Feature);
        Assert.True(importance.Single(one => one.Feature == "noise").LogLossGain < importance[0].LogLossGain / 10);
    }

    [Fact]
    public void Without_time_left_one_setting_is_enough()
    {
        var candidates = IntentTrainer.Train(Question(400, 2) with { GoOn = () => false }, TimeProvider.System, null, TestContext.Current.CancellationToken).Value;
        Assert.Equal(2, candidates.Length);
    }

    [Fact]
    public void Stopped_by_hand_it_keeps_the_best_of_what_was_tried()
    {
        var steps = new List<IntentProgress>();
        var stop = false;
        var question = Question(400, 2) with { GoOn = () => !stop, StopHere = () => stop };
        var candidates = IntentTrainer.Train(question, TimeProvider.System, new Watcher(step =>
        {
            steps.Add(step);
            stop |= step is { Family: "trees", Step.Round: 5 };
        }), TestContext.Current.CancellationToken).Value;
        Assert.Equal(["logistic", "trees"], candidates.Select(candidate => candidate.Training.Family));
        Assert.Equal(5, steps.Count(step => step.Family == "trees"));
        Assert.Equal(9, steps.Count(step => step.Family == "logistic"));
    }

    [Fact]
    public void Stopped_at_once_each_family_still_has_a_model()
    {
        var steps = new List<IntentProgress>();
        var candidates = IntentTrainer.Train(Question(400, 2) with { GoOn = () => false, StopHere = () => true }, TimeProvider.System, new Watcher(steps.Add), TestContext.Current.CancellationToken).Value;
        Assert.Equal(2, candidates.Length);
        Assert.Equal(2, steps.Count);
    }

    private sealed class Watcher(Action<IntentProgress> saw) : IProgress<IntentProgress>
    {
        public void Report(IntentProgress value) => saw(value);
    }

    private static byte[] Bytes(IntentModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    private static (IntentQuestion Question, ImmutableArray<IntentCandidate> Candidates) Trained(int rows)
    {
        var question = Question(rows, 2);
        return (question, IntentTrainer.Train(question, TimeProvider.System, null, TestContext.Current.CancellationToken).Value);
    }

    private static IntentQuestion Question(int rows, int seed) =>
        new(7, Window(rows, 1, Monday), Window(rows, 2, Monday.AddDays(7)), Window(rows, 3, Monday.AddDays(14)), seed);

    private static IntentWindow Window(int rows, int seed, DateTimeOffset cutoff)
    {
        var (x, y) = LearningWorld.Shoppers(rows, seed);
        int[] numbers = [0, 2, 3];
        return new IntentWindow(cutoff, cutoff.AddDays(7), x.Select(numbers), [.. y]);
    }
}
