using System.Collections.Immutable;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Offers;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Trees;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Targeting;

/// <summary>Who takes a coupon that is offered on the way: 12,684 answers of the UCI survey of drivers. What is learnt from one part of them chooses among the others.</summary>
public sealed class InVehicleCouponTests
{
    /// <summary>Earned by a coupon that is taken, before the discount; what it takes off; and what offering it costs. Cents, made up.</summary>
    private const double Margin = 500, Discount = 250, Offering = 100;

    [Fact]
    public void On_drivers_it_has_not_seen_the_model_knows_who_takes_a_coupon_and_a_budget_goes_further() => Judge(2_500, leastAuroc: 0.70, leastAccuracy: 0.03);

    [Fact(Explicit = true)]
    [Trait("Size", "Full")]
    public void The_whole_survey_is_judged_on_the_half_that_was_not_learnt_from() => Judge(int.MaxValue, leastAuroc: 0.78, leastAccuracy: 0.10);

    private static void Judge(int most, double leastAuroc, double leastAccuracy)
    {
        var (x, y) = Read(most);
        var parts = Enumerable.Range(0, x.Rows).ToLookup(row => Assignment.Slot("drivers", $"{row}") switch { < 4_000 => 0, < 5_000 => 1, _ => 2 });
        var model = new TreeEnsembleTrainer(TreesObjective.Binary, new TreesOptions(Rounds: 300, LearningRate: 0.06, Leaves: 16, Depth: 6, MinRows: 20, Patience: 30)).Train(Of(0), Of(1), 1, null, TestContext.Current.CancellationToken).Value;
        var (test, truth) = (Of(2).X, Of(2).Y);
        var told = model.Predict(test).Value;
        var auroc = BinaryMetrics.Auroc(told, truth);
        var accuracy = told.Zip(truth).Count(pair => (pair.First >= 0.5) == (pair.Second > 0)) / (double)truth.Length;
        var majority = Math.Max(truth.Average(), 1 - truth.Average());

        // A third of what offering to everybody would cost, once by the model and once by chance.
        ImmutableArray<OfferCandidate> candidates = [.. told.Select(chance => new OfferCandidate([new ExpectedOffer(1, (chance * (Margin - Discount)) - Offering, (chance * Discount) + Offering, new(0, 0), ExpectationSource.Assumed)]))];
        var budget = told.Sum(chance => (chance * Discount) + Offering) / 3;
        var plan = OfferChoice.Plan(candidates, budget);
        var chosen = Enumerable.Range(0, truth.Length).Where(row => plan.Choices[row].Offer == 1).ToArray();
        var earned = chosen.Sum(row => (truth[row] * (Margin - Discount)) - Offering);
        var byChance = budget / (truth.Average() * Discount + Offering) * ((truth.Average() * (Margin - Discount)) - Offering);
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{truth.Length} unseen, AUROC {auroc:F3}, accuracy {accuracy:F3}, majority {majority:F3}; of a budget of {budget / 100:F0}: {chosen.Length} offered, {chosen.Average(row => truth[row]):F3} taken, {earned / 100:F0} earned, by chance {byChance / 100:F0}"));
        Assert.True(auroc > leastAuroc, $"{auroc}");
        Assert.True(accuracy > majority + leastAccuracy, $"{accuracy} beside {majority}");
        Assert.True(earned > 1.5 * byChance, $"{earned} beside {byChance}");
        Assert.True(plan.Cost <= budget);

        TreesTable Of(int part) => new(x.Take([.. parts[part]]), [.. parts[part].Select(row => y[row])]);
    }

    private static (FeatureMatrix X, float[] Y) Read(int most)
    {
        using var file = DelimitedFile.Open(PublicData.Find("in-vehicle-coupon/in-vehicle-coupon-recommendation.csv.gz"), new FileReading()).Value;
        var rows = new List<string[]>();
        while (rows.Count < most && file.Read()) rows.Add([.. file.Columns.Select((_, column) => file.Text(column))]);
        var (columns, values) = (new List<FeatureColumn>(), new List<float>());
        for (var column = 0; column < file.Columns.Length; column++)
        {
            if (file.Columns[column] is "Y") continue;
            var names = rows.Select(row => row[column]).Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal).ToImmutableArray();
            if (names.Length < 2) continue;
            columns.Add(new FeatureColumn(file.Columns[column], names));
            values.AddRange(rows.Select(row => names.IndexOf(row[column]) is >= 0 and var index ? index : float.NaN));
        }

        var answer = file.Columns.IndexOf("Y");
        return (new FeatureMatrix([.. columns], rows.Count, [.. values]), [.. rows.Select(row => row[answer] == "1" ? 1f : 0f)]);
    }
}
