using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Components.Pages.Experiments;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Localization;
using Xunit;

namespace MerchantStudio.Tests.Pages.Experiments;

public sealed class ExperimentWordsTests
{
    private static readonly DateTimeOffset Start = new(2026, 9, 1, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("en", 3_000, "paid", "€30")]
    [InlineData("zh-CN", 3_000, "赚回了钱", "€30")]
    [InlineData("en", -3_000, "lost money", "€30")]
    public void A_verdict_says_what_was_earned_with_all_treated_people(string language, int more, string word, string amount)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
        var sentence = new ExperimentWords(new Texts()).Answer(Reading(more));
        Assert.Contains(word, sentence, StringComparison.Ordinal);

        // 30.00 a person with 1,000 people.
        Assert.Contains(amount + ",0", sentence, StringComparison.Ordinal);
        Assert.Contains("1,000", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("{", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_named_while_it_is_too_early()
    {
        CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("en");
        var words = new ExperimentWords(new Texts());
        var sentence = words.Answer(Reading(3_000, days: 3));
        Assert.Contains("too early", sentence, StringComparison.Ordinal);
        Assert.Contains("3.0 of at least 14 days", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("paid", sentence.Replace("pays", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Nobody takes part", words.Answer(Reading(0) with { Assigned = 0 }), StringComparison.Ordinal);
        Assert.Contains("not been prepared", words.Answer(Reading(0) with { AsOf = null }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_measures_shown_are_those_of_any_look_unless_one_look_was_agreed()
    {
        var reading = Reading(100);
        var profit = new ExperimentWords(new Texts()).Measures(reading).Single(row => row.Measure == "profit");
        Assert.True(profit.Shown.Interval.High - profit.Shown.Interval.Low > profit.OneLook.Interval.High - profit.OneLook.Interval.Low);
        var once = new ExperimentWords(new Texts()).Measures(reading with { Experiment = reading.Experiment with { LookOnce = true } }).Single(row => row.Measure == "profit");
        Assert.Equal(once.OneLook, once.Shown);
    }

    [Theory]
    [InlineData("en", "“Variant B” earned more than “Variant A”")]
    [InlineData("zh-CN", "“方案 B”比“方案 A”赚得多")]
    public void A_campaigns_second_message_is_said_to_beat_the_first(string language, string said)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
        var split = ExperimentSplit.Of("s", ["A", "B"], [3_333, 3_333], 3_334);
        var rule = new ReadingRule(2_000, LeastDays: 14);
        var people = Enumerable.Range(0, 3_000).Select(number => new PersonOutcome((number % 3) - 1, 1, 10_000, 5_000 + (number % 7) + (number % 3 * 500), 0, 0, 0, Start)).ToArray();
        var experiment = new SavedExperiment(Guid.NewGuid(), "offer", "Offer", Guid.NewGuid(), ExperimentState.Running, split, ExperimentGoal.Profit, 14, 2_000, LookOnce: false, 0, "Owner", Start, Start, null);
        var reading = new ExperimentReading(experiment, ExperimentReport.Of(people, split, rule, Start.AddDays(20)), rule, null, split.Arms, Start.AddDays(20), "EUR", 3_000, 1, ImmutableArray<SavedOverride>.Empty);
        var words = new ExperimentWords(new Texts());
        Assert.Contains(said, words.VerdictOnFirst(reading, Assert.Single(ExperimentWords.AgainstFirst(reading))), StringComparison.Ordinal);
        Assert.Equal(["profit"], words.MeasuresOnFirst(reading).Where(row => row.Measure == "profit" && Math.Abs(row.Shown.Value - 500) < 2).Select(row => row.Measure));
        Assert.Empty(ExperimentWords.AgainstFirst(reading with { Control = "A" }));
    }

    /// <summary>1,000 people each; those with the offer earned so much more apiece.</summary>
    private static ExperimentReading Reading(int more, double days = 20)
    {
        var split = ExperimentSplit.Of("s", ["offer"], [5_000], 5_000);
        var rule = new ReadingRule(2_000, LeastDays: 14);
        var people = Enumerable.Range(0, 2_000).Select(number => new PersonOutcome(number % 2 == 0 ? 0 : ExperimentSplit.HoldoutArm, 1, 10_000, 5_000 + (number % 7) + (number % 2 == 0 ? more : 0), 0, 0, 0, Start)).ToArray();
        var experiment = new SavedExperiment(Guid.NewGuid(), "offer", "Offer", null, ExperimentState.Running, split, ExperimentGoal.Profit, 14, 2_000, LookOnce: false, 0, "Owner", Start, Start, null);
        return new ExperimentReading(experiment, ExperimentReport.Of(people, split, rule, Start.AddDays(days)), rule, null, split.Arms, Start.AddDays(days), "EUR", 2_000, 1, ImmutableArray<SavedOverride>.Empty);
    }
}
