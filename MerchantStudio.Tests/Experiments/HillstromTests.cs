using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Uplift;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Tests.Architecture;
using Xunit;
using static MerchantStudio.Tests.Experiments.ExperimentReference;

namespace MerchantStudio.Tests.Experiments;

/// <summary>A real experiment, beside statsmodels and beside XGBoost on the same halves.</summary>
public sealed class HillstromTests
{
    private const string Womens = "Womens E-Mail";
    private const string Mens = "Mens E-Mail";

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Repository.Path("MerchantStudio.Tests", "Experiments", "Reference", "hillstrom_reference.json"))).RootElement;

    [Fact]
    public void Arms_intervals_and_split_are_those_of_statsmodels()
    {
        var file = new HillstromFile();
        foreach (var expected in Reference.GetProperty("arms").EnumerateArray())
        {
            var visits = file.Sums(expected.GetProperty("arm").GetString()!, "visit");
            Assert.Equal(expected.GetProperty("people").GetInt64(), visits.People);
            Near(expected.Number("visit"), visits.Mean);
        }

        foreach (var expected in Reference.GetProperty("against").EnumerateArray())
        {
            var arm = expected.GetProperty("arm").GetString()!;
            foreach (var outcome in (string[])["visit", "conversion"])
            {
                var (treated, none) = (file.Sums(arm, outcome), file.Sums(HillstromFile.NoMail, outcome));
                Same(expected.GetProperty(outcome), Compare.Shares((long)treated.Sum, treated.People, (long)none.Sum, none.People));
            }

            Same(expected.GetProperty("spend"), Compare.Means(file.Sums(arm, "spend"), file.Sums(HillstromFile.NoMail, "spend")), 1e-8);
        }

        var split = SampleRatio.Check([.. new[] { Mens, Womens, HillstromFile.NoMail }.Select(arm => file.Sums(arm, "visit").People)], [1, 1, 1]);
        Near(Reference.GetProperty("srm").Number("statistic"), split.ChiSquared);
        Near(Reference.GetProperty("srm").Number("p"), split.PValue);
    }

    [Fact]
    public void Of_the_other_half_those_who_visit_because_of_the_womens_mail_come_first()
    {
        var (learn, test) = new HillstromFile().Halves(Womens);
        var expected = Reference.GetProperty("uplift")[0];
        Assert.Equal(expected.GetProperty("test").GetInt32(), test.Y.Length);
        Near(expected.Number("byHistory"), Qini.Curve(test.X.Column(1), test.Treated, test.Y).Coefficient);
        var trees = new TreesOptions(Rounds: 60, LearningRate: 0.1, Leaves: 6, Depth: 3, MinRows: 100, Patience: 15);
        var scores = new UpliftTrainer(new UpliftOptions(UpliftLearner.T, 2, trees)).Train(learn, 1, TestContext.Current.CancellationToken).Value.Predict(test.X).Value;
        var compared = Qini.Compare(scores.Uplift, scores.With, test.Treated, test.Y, seed: 1, draws: 100, TestContext.Current.CancellationToken);
        Assert.True(compared.Interval.Low > 0.002, $"Qini {compared.Uplift.Coefficient:F5}, {compared.Interval}");
    }

    [Theory(Explicit = true), Trait("Size", "Full"), InlineData(Womens), InlineData(Mens)]
    public void Both_learners_beside_chance_and_a_response_model(string arm)
    {
        var (learn, test) = new HillstromFile().Halves(arm);
        foreach (var learner in Enum.GetValues<UpliftLearner>())
        {
            var started = Stopwatch.GetTimestamp();
            var scores = new UpliftTrainer(new UpliftOptions(learner)).Train(learn, 1, TestContext.Current.CancellationToken).Value.Predict(test.X).Value;
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var compared = Qini.Compare(scores.Uplift, scores.With, test.Treated, test.Y, seed: 1, draws: 1000, TestContext.Current.CancellationToken);
            Say($"{arm}, {learner}: Qini {compared.Uplift.Coefficient:F5} ({Text(compared.Interval)}), response {compared.Response.Coefficient:F5} ({Text(compared.ResponseInterval)}), more than response {compared.MoreThanResponse:F5} ({Text(compared.MoreThanResponseInterval)}), {seconds:F1} s");
            if (arm == Womens) Assert.True(compared.Interval.Low > 0);
            if (learner == UpliftLearner.T) continue;
            foreach (var tenth in UpliftReading.Deciles(scores.Uplift, test.Treated, test.Y)) Say($"| {tenth.Decile} | {tenth.Treated + tenth.Holdout} | {tenth.Predicted:P2} | {tenth.Actual.Value:P2} | {tenth.Actual.Interval.Low:P2} to {tenth.Actual.Interval.High:P2} |");
            var rule = new UpliftGroupRule(0.02, 0.1062);
            foreach (var group in UpliftReading.Groups(scores, rule, test.Treated, test.Y)) Say($"| {group.Group} | {group.People} | {group.PredictedUplift:P2} | {group.ActualWithout.Value:P2} | {group.Actual.Value:P2} | {group.Actual.Interval.Low:P2} to {group.Actual.Interval.High:P2} |");
        }

        static void Say(FormattableString text) => TestContext.Current.TestOutputHelper!.WriteLine(text.ToString(CultureInfo.InvariantCulture));

        static string Text(Interval interval) => FormattableString.Invariant($"{interval.Low:F5} to {interval.High:F5}");
    }
}
