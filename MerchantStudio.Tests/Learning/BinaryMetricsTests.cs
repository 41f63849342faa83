using MerchantStudio.Core.Learning.Evaluation;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class BinaryMetricsTests
{
    // The example of scikit-learn's own documentation: AUROC 0.75, average precision 0.83.
    private static readonly float[] Scores = [0.1f, 0.4f, 0.35f, 0.8f];
    private static readonly float[] Labels = [0, 0, 1, 1];

    [Fact]
    public void Auroc_and_average_precision_match_the_published_example()
    {
        Assert.Equal(0.75, BinaryMetrics.Auroc(Scores, Labels), 10);
        Assert.Equal(5 / 6.0, BinaryMetrics.AveragePrecision(Scores, Labels), 10);
    }

    [Fact]
    public void Equal_scores_count_half_in_auroc_whatever_their_order()
    {
        Assert.Equal(0.5, BinaryMetrics.Auroc([0.3f, 0.3f, 0.3f], [1, 0, 1]), 10);
        Assert.Equal(0.875, BinaryMetrics.Auroc([0.1f, 0.5f, 0.5f, 0.9f], [0, 0, 1, 1]), 10);
        Assert.Equal(0.875, BinaryMetrics.Auroc([0.1f, 0.5f, 0.5f, 0.9f], [0, 1, 0, 1]), 10);
        Assert.Equal(2 / 3.0, BinaryMetrics.AveragePrecision([0.3f, 0.3f, 0.3f], [1, 0, 1]), 10);
    }

    [Fact]
    public void One_class_alone_has_no_auroc()
    {
        Assert.True(double.IsNaN(BinaryMetrics.Auroc([0.1f, 0.2f], [1, 1])));
        Assert.True(double.IsNaN(BinaryMetrics.AveragePrecision([0.1f, 0.2f], [0, 0])));
    }

    [Fact]
    public void Log_loss_and_brier_score_are_the_hand_values()
    {
        Assert.Equal(-(Math.Log(0.8) + Math.Log(0.6)) / 2, BinaryMetrics.LogLoss([0.8f, 0.4f], [1, 0]), 6);
        Assert.Equal((0.04 + 0.16) / 2, BinaryMetrics.Brier([0.8f, 0.4f], [1, 0]), 6);
        Assert.Equal(BinaryMetrics.LogLoss([0.8f, 0.4f], [1, 0]), BinaryMetrics.LogLossOfLogOdds([Math.Log(4), Math.Log(2 / 3.0)], [1, 0]), 6);
    }

    [Fact]
    public void Confusion_counts_rows_at_the_threshold_as_called()
    {
        var confusion = BinaryMetrics.ConfusionAt(Scores, Labels, 0.4);
        Assert.Equal((1, 1, 1, 1), (confusion.TruePositives, confusion.FalsePositives, confusion.FalseNegatives, confusion.TrueNegatives));
        Assert.Equal(0.5, confusion.F1);
    }

    [Fact]
    public void The_best_threshold_is_a_score_that_no_other_beats_on_f1()
    {
        var best = BinaryReport.BestThreshold(Scores, Labels);
        Assert.Equal(0.35, best, 6);
        Assert.All(Scores, score => Assert.True(BinaryMetrics.ConfusionAt(Scores, Labels, score).F1 <= BinaryMetrics.ConfusionAt(Scores, Labels, best).F1));
    }

    [Fact]
    public void The_precision_recall_curve_ends_at_the_share_of_positives_with_everyone_found()
    {
        var curve = BinaryCurves.PrecisionRecall(Scores, Labels);
        Assert.Equal((1, 0.5), (curve[0].Precision, curve[0].Recall));
        Assert.Equal((0.5, 1), (curve[^1].Precision, curve[^1].Recall));
    }

    [Fact]
    public void Lift_of_a_perfect_ranking_is_one_over_the_rate_until_all_are_found()
    {
        float[] scores = [.. Enumerable.Range(0, 100).Select(i => i / 100f)];
        float[] labels = [.. scores.Select(score => score >= 0.8f ? 1f : 0f)];
        var lift = BinaryCurves.Lift(scores, labels);
        Assert.Equal([5, 5, 0, 0, 0, 0, 0, 0, 0, 0], lift.Select(decile => Math.Round(decile.Lift, 6)));
        Assert.Equal(2.5, lift[3].CumulativeLift, 6);
        Assert.Equal(1, lift[9].CumulativeLift, 6);
    }

    [Fact]
    public void Calibration_intervals_hold_the_observed_share_and_are_wilsons()
    {
        // Published check: 8 of 10 at 95 % is 0.490 to 0.943.
        var (low, high) = BinaryCurves.Wilson(8, 10, 1.959964);
        Assert.Equal(0.490, low, 3);
        Assert.Equal(0.943, high, 3);
        Assert.All(BinaryCurves.Calibration(Scores, Labels, 2), bin => Assert.InRange(bin.Observed, bin.Low, bin.High));
    }

    [Fact]
    public void A_bootstrap_interval_holds_the_metric_and_repeats_with_its_seed()
    {
        var (x, y) = LearningWorld.Shoppers(400, 51);
        var one = BinaryReport.Bootstrap(x.Column(0), y, BinaryMetrics.Auroc, 200, 0.9, 7);
        Assert.InRange(BinaryMetrics.Auroc(x.Column(0), y), one.Low, one.High);
        Assert.Equal(one, BinaryReport.Bootstrap(x.Column(0), y, BinaryMetrics.Auroc, 200, 0.9, 7));
    }

    [Fact]
    public void The_majority_baseline_finds_nobody_and_ranks_by_chance()
    {
        var report = BinaryReport.Majority(0.25, [0, 0, 0, 1]);
        Assert.Equal((0.75, 0, 0.5), (report.Accuracy, report.F1, report.Auroc));
        Assert.Equal(0.25, report.AveragePrecision, 6);
    }

    [Fact]
    public void The_rule_of_thumb_is_the_one_column_cut_with_the_best_f1()
    {
        var x = LearningWorld.Numbers([5, 1, 3, 2], [10, 20, 30, 40]);
        var rule = RuleOfThumb.Find(x, [0, 0, 1, 1])!;
        Assert.Equal(("c1", true, 30), (rule.Name, rule.AtLeast, rule.Cut));
        Assert.Equal([0, 0, 1, 1], rule.Decide(x));
        Assert.Null(RuleOfThumb.Find(LearningWorld.Numbers([4, 4]), [0, 1]));
    }
}
