using System.Diagnostics;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Native.DuckDb;
using Xunit;

namespace MerchantStudio.Tests.Experiments;

public sealed class ExperimentReportTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly ExperimentSplit Split = ExperimentSplit.Of("spring", ["offer"], [5_000], 5_000);
    private static readonly ReadingRule Rule = new(PlannedPeople: 8_000);

    [Fact]
    public void A_campaign_that_earns_more_than_it_costs_has_paid()
    {
        var report = ExperimentReport.Of(World(8_000, lift: 0.4, discount: 100), Split, Rule, Start.AddDays(20));
        var arm = report.Comparisons[0];
        Assert.Equal((VerdictKind.Paid, StillMissing.Nothing, true), (arm.Verdict.Kind, arm.Verdict.Missing, arm.Verdict.SoldMore));
        Assert.True(arm.ProfitAtAnyLook.IsAboveZero);
        Assert.InRange(arm.Incremental.EstimateMinor, arm.Incremental.LowMinor, arm.Incremental.HighMinor);
        Assert.True(arm.Profit.VarianceLeft < 0.9, "The time before should narrow the interval.");
    }

    [Fact]
    public void A_campaign_that_sells_more_at_a_loss_did_not_pay()
    {
        var arm = ExperimentReport.Of(World(8_000, lift: 1, discount: 2_350), Split, Rule, Start.AddDays(20)).Comparisons[0];
        Assert.Equal((VerdictKind.DidNotPay, true), (arm.Verdict.Kind, arm.Verdict.SoldMore));
        Assert.True(arm.Incremental.HighMinor < 0);
    }

    [Fact]
    public void Without_any_effect_nothing_is_claimed_after_all_planned_people_and_it_is_too_early_before()
    {
        var people = World(8_000, lift: 0, discount: 0, sendCost: 0);
        Assert.Equal(VerdictKind.NoDifference, ExperimentReport.Of(people, Split, Rule, Start.AddDays(20)).Comparisons[0].Verdict.Kind);
        var half = ExperimentReport.Of(people.AsSpan(0, 4_000), Split, Rule, Start.AddDays(10)).Comparisons[0].Verdict;
        Assert.Equal((VerdictKind.TooEarly, StillMissing.PlannedPeople), (half.Kind, half.Missing));
    }

    [Fact]
    public void It_is_too_early_in_the_first_week_and_with_few_buyers()
    {
        var people = World(300, lift: 5, discount: 0);
        var verdict = ExperimentReport.Of(people, Split, Rule with { LeastBuyers = 60 }, Start.AddDays(3)).Comparisons[0].Verdict;
        Assert.Equal((VerdictKind.TooEarly, StillMissing.Days | StillMissing.Buyers), (verdict.Kind, verdict.Missing));
    }

    [Fact]
    public void A_strong_effect_may_be_told_before_all_planned_people_but_not_when_one_look_was_agreed()
    {
        var people = World(4_000, lift: 1.5, discount: 0);
        Assert.Equal(VerdictKind.Paid, ExperimentReport.Of(people, Split, Rule, Start.AddDays(10)).Comparisons[0].Verdict.Kind);
        Assert.Equal(VerdictKind.TooEarly, ExperimentReport.Of(people, Split, Rule with { LookOnce = true }, Start.AddDays(10)).Comparisons[0].Verdict.Kind);
    }

    [Fact]
    public void A_broken_split_is_said_before_anything_else()
    {
        var people = World(8_000, lift: 0.4, discount: 100).Where((person, i) => person.Arm == 0 || i % 8 != 1).ToArray();
        var report = ExperimentReport.Of(people, Split, Rule, Start.AddDays(20));
        Assert.True(report.Split.IsBroken);
        Assert.Equal(VerdictKind.BrokenSplit, report.Comparisons[0].Verdict.Kind);
    }

    /// <summary>The same people once with the first arm as what they are compared with.</summary>
    [Fact]
    public void Each_further_arm_is_also_read_against_the_first_as_if_that_were_the_holdout()
    {
        var people = World(9_000, lift: 0.4, discount: 100).Select((person, i) => person with { Arm = (i % 3) - 1 }).ToArray();
        var split = ExperimentSplit.Of("spring", ["A", "B"], [3_334, 3_333], 3_333);
        var report = ExperimentReport.Of(people, split, Rule with { PlannedPeople = 6_000 }, Start.AddDays(20));
        var (against, compared) = (Assert.Single(report.AgainstFirst), report.Comparisons[1]);
        PersonOutcome[] two = [.. people.Where(person => person.Arm >= 0).Select(person => person with { Arm = person.Arm - 1 })];
        var alone = ExperimentReport.Of(two, ExperimentSplit.Of("spring", ["B"], [5_000], 5_000), Rule with { PlannedPeople = 6_001, CutPercentile = 1 }, Start.AddDays(20)).Comparisons[0];
        var uncut = ExperimentReport.Of(people, split, Rule with { PlannedPeople = 6_000, CutPercentile = 1 }, Start.AddDays(20)).AgainstFirst[0];
        Assert.Equal((1, alone.Conversion, alone.Profit, alone.UncutProfit), (uncut.Arm, uncut.Conversion, uncut.Profit, uncut.UncutProfit));
        Assert.Equal(6_001, uncut.Verdict.PlannedPeople);
        Assert.NotEqual(compared.Profit, against.Profit);
        Assert.Empty(ExperimentReport.Of(World(800, lift: 0.4, discount: 100), Split, Rule, Start.AddDays(20)).AgainstFirst);
    }

    [Fact]
    public void What_is_counted_is_exact_and_profit_is_margin_less_discount_less_send_cost()
    {
        PersonOutcome[] people =
        [
            new(0, 1, 1_000, 600, 100, 2, 500, Start), new(0, 0, 0, 0, 0, 2, null, Start), new(0, 2, 3_001, 1_801, 300, 2, 0, Start),
            new(-1, 1, 2_000, 1_200, 0, 0, 900, Start), new(-1, 0, 0, 0, 0, 0, null, Start),
        ];
        var report = ExperimentReport.Of(people, Split, Rule with { CutPercentile = 1 }, Start.AddDays(1));
        Assert.Equal((4_001L, 2_401L, 400L, 6L, 1L), (report.Arms[0].Sums.RevenueMinor, report.Arms[0].Sums.MarginMinor, report.Arms[0].Sums.DiscountMinor, report.Arms[0].Sums.SendCostMinor, report.Arms[0].Sums.WithoutHistory));
        var arm = report.Comparisons[0];
        Assert.Equal((601L, 400L, 6L, 195L), (arm.Incremental.CountedMarginMinor, arm.Incremental.CountedDiscountMinor, arm.Incremental.CountedSendCostMinor, arm.Incremental.CountedMinor));
        ExperimentReference.Near(195.0 / 3, arm.UncutProfit.Value);
        ExperimentReference.Near(4_001.0 / 3, report.Arms[0].OrderValue.Value);
    }

    [Fact]
    public void One_very_large_order_does_not_decide()
    {
        var people = World(8_000, lift: 0, discount: 0, sendCost: 0);
        people[0] = people[0] with { Arm = 0, Orders = 1, RevenueMinor = 400_000_000, MarginMinor = 200_000_000 };
        var arm = ExperimentReport.Of(people, Split, Rule, Start.AddDays(20)).Comparisons[0];
        Assert.Equal(VerdictKind.NoDifference, arm.Verdict.Kind);
        Assert.True(arm.UncutProfit.Value > 40_000);
        Assert.InRange(arm.Profit.Difference.Value, -300, 300);
    }

    [Fact]
    public void Revenue_is_cut_where_numpy_would()
    {
        var spent = ExperimentReference.Numbers("treated", "revenue").Concat(ExperimentReference.Numbers("holdout", "revenue"));
        var people = spent.Select(amount => new PersonOutcome(0, 1, (long)Math.Round(amount * 100), 0, 0, 0, null, Start)).ToArray();
        var expected = ExperimentReference.Root.GetProperty("winsor");
        ExperimentReference.Near(expected.Number("limit") * 100, Winsor.LimitOf(people, expected.Number("percentile")));
    }

    [Fact]
    public void The_database_delivers_the_same_sums()
    {
        var people = World(2_000, lift: 0.5, discount: 150);
        using var database = DuckDbDatabase.Open(":memory:", []);
        using var connection = database.Connect();
        connection.Execute("create table experiment_people (arm integer, orders integer, revenue bigint, margin bigint, discount bigint, send_cost bigint, revenue_before bigint, assigned_at timestamptz)", []);
        foreach (var part in people.Chunk(500))
        {
            var rows = part.Select(p => FormattableString.Invariant($"({p.Arm},{p.Orders},{p.RevenueMinor},{p.MarginMinor},{p.DiscountMinor},{p.SendCostMinor},{p.RevenueBeforeMinor?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"},'{p.AssignedAt:yyyy-MM-dd HH:mm:ss}+00')"));
            connection.Execute("insert into experiment_people values " + string.Join(',', rows), []);
        }

        using var reader = connection.Query(ArmSumsSql.Text, [0.98]);
        var (_, columns) = reader.Read()!.Value;
        var accumulators = new[] { new ArmAccumulator(Winsor.LimitOf(people, 0.98)), new ArmAccumulator(Winsor.LimitOf(people, 0.98)) };
        foreach (var person in people) accumulators[person.Arm + 1].Add(person);
        for (var row = 0; row < 2; row++)
        {
            var sums = accumulators[row].ToSums();
            Assert.Equal([row - 1, sums.People, sums.Converted, sums.Orders, sums.RevenueMinor, sums.MarginMinor, sums.DiscountMinor, sums.SendCostMinor, sums.WithoutHistory, sums.Cut], Enumerable.Range(0, 10).Select(column => Whole(column, row)));
            double[] expected =
            [
                .. Flat(sums.Revenue), .. Flat(sums.Profit), sums.UncutProfit.Sum, sums.UncutProfit.Squares, .. Flat(sums.OrderValue),
            ];
            for (var i = 0; i < expected.Length; i++) ExperimentReference.Near(expected[i], columns[10 + i].Doubles![row], 1e-9);
        }

        long Whole(int column, int row) => columns[column].Longs![row];
    }

    [Fact]
    public void Two_arms_share_the_level_between_them()
    {
        var split = ExperimentSplit.Of("two", ["a", "b"], [3_000, 3_000], 4_000);
        var people = World(6_000, lift: 0.1, discount: 0).Select((person, i) => person with { Arm = (i % 10) < 4 ? -1 : i % 2 }).ToArray();
        var report = ExperimentReport.Of(people, split, Rule, Start.AddDays(20));
        Assert.Equal([0.95, 0.95], report.Comparisons.Select(arm => Math.Round(arm.Verdict.Profit!.Level, 10)));
        Assert.Equal([0.9, 0.9], report.Comparisons.Select(arm => arm.Profit.Difference.Level));
    }

    [Fact]
    public void Nobody_assigned_yet_is_no_report_but_no_fault()
    {
        var report = ExperimentReport.Of([], Split, Rule, Start);
        Assert.Empty(report.Comparisons);
        Assert.False(report.Split.IsBroken);
    }

    [Fact]
    public void An_override_is_kept_with_its_reason_and_refused_without()
    {
        var verdict = ExperimentReport.Of(World(300, 0, 0), Split, Rule, Start.AddDays(3)).Comparisons[0].Verdict;
        var kept = VerdictOverride.Of(verdict, VerdictKind.Paid, " The season ends today. ", "owner", Start).Value;
        Assert.Equal((verdict, "The season ends today."), (kept.Was, kept.Reason));
        Assert.Equal("experiments.override-without-reason", VerdictOverride.Of(verdict, VerdictKind.Paid, "ok", "owner", Start).Problem?.Code);
        Assert.Equal("experiments.override-changes-nothing", VerdictOverride.Of(verdict, verdict.Kind, "whatever it is", "owner", Start).Problem?.Code);
    }

    [Fact(Explicit = true), Trait("Size", "Full")]
    public void A_million_people_are_read_in_about_a_second()
    {
        var people = World(1_000_000, lift: 0.1, discount: 100);
        var started = Stopwatch.GetTimestamp();
        ExperimentReport.Of(people, Split, Rule, Start.AddDays(20));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{seconds:F2} s"));
        Assert.True(seconds < 3, $"{seconds:F2} s");
    }

    private static double[] Flat(PairSums sums) => [sums.X, sums.Y, sums.XX, sums.YY, sums.XY];

    /// <summary>Half and half; a buyer's revenue goes with what was spent before, margin is 60 %, the discount is taken off per order.</summary>
    private static PersonOutcome[] World(int people, double lift, long discount, long sendCost = 3)
    {
        var random = new SeededRandom(11);
        var rows = new PersonOutcome[people];
        for (var i = 0; i < people; i++)
        {
            var treated = i % 2 == 0;
            var before = random.NextDouble() < 0.8 ? (long?)(long)(-6_000 * Math.Log(1 - random.NextDouble())) : null;
            var rate = 0.25 * (treated ? 1 + lift : 1);
            var orders = random.NextDouble() < rate ? 1 : 0;
            var list = orders * (2_000 + (long)(0.6 * (before ?? 0)) + (long)(2_000 * random.NextDouble()));
            var off = treated ? discount * orders : 0;
            rows[i] = new PersonOutcome(treated ? 0 : -1, orders, Math.Max(0, list - off), (long)(list * 0.6), off, treated ? sendCost : 0, before, Start.AddMinutes(i));
        }

        return rows;
    }
}
