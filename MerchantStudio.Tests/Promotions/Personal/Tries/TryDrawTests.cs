using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Offers;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Promotions.Personal;
using MerchantStudio.Core.Promotions.Personal.Tries;
using MerchantStudio.Tests.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Personal.Tries;

/// <summary>Two thousand shoppers of a plan that gives half of them 5 %.</summary>
public sealed class TryDrawTests
{
    private static readonly ImmutableArray<int> Ladder = [500, 1_000];
    private static readonly OfferLearning Learning = new() { Id = new Guid("11111111-1111-1111-1111-111111111111"), WorkspaceId = WarehouseWorld.Store, IsOn = true, ShareBasisPoints = 2_000, DayMoneyMinor = 1_000_000, Label = "tried", Salt = "tries-one", ChangedBy = "Ada", ChangedAt = PromotionWorld.Now };

    [Fact]
    public void Chance_chooses_for_the_share_that_was_set_and_all_others_get_what_the_plan_says()
    {
        var rows = Rows(Plan(), Learning);
        Assert.InRange(rows.Count(row => row.IsDrawn), 340, 460);
        Assert.All(rows.Where(row => row.Group == OfferTryGroup.Planned), row => Assert.Equal((row.PlannedBasisPoints, 1.0, 0L, false), (row.StepBasisPoints, row.Propensity, row.MostMinor, row.IsDrawn)));
        Assert.All(rows.Where(row => row.IsDrawn), row => Assert.InRange(row.Propensity, 0.2 / 3, 1 - (0.4 / 3) + 1e-9));
        Assert.Equal([0, 500, 1_000], rows.Where(row => row.IsDrawn).Select(row => row.StepBasisPoints).Distinct().Order());
    }

    [Fact]
    public void The_same_shoppers_are_tried_with_in_every_round_and_a_larger_share_keeps_them()
    {
        var first = Tried(Rows(Plan(), Learning));
        Assert.Equal(first, Tried(Rows(Plan(), Learning, round: 2)));
        Assert.Superset(first, Tried(Rows(Plan(), new OfferLearning { Id = Learning.Id, WorkspaceId = Learning.WorkspaceId, ShareBasisPoints = 3_000, Label = "", Salt = Learning.Salt, ChangedBy = "", ChangedAt = PromotionWorld.Now })));

        static HashSet<string> Tried(IEnumerable<OfferTry> rows) => [.. rows.Where(row => row.Group == OfferTryGroup.Tried).Select(row => row.ShopperId)];
    }

    [Fact]
    public void Once_the_days_money_is_spent_the_plan_decides_and_where_it_ended_says_nothing_about_the_shoppers()
    {
        var steps = TryDraw.StepsOf(Plan());
        Assert.Equal([new TryStep(500, 500), new TryStep(1_000, 1_000)], steps);
        var rows = Rows(Plan(), Learning, left: 20_000);
        var drawn = rows.Where(row => row.IsDrawn).ToArray();
        Assert.InRange(drawn.Sum(row => row.MostMinor), 19_001, 20_000);
        Assert.All(drawn, row => Assert.Equal(steps.FirstOrDefault(step => step.BasisPoints == row.StepBasisPoints)?.CapMinor ?? 0, row.MostMinor));
        var rest = rows.Where(row => row is { Group: OfferTryGroup.Tried, IsDrawn: false }).ToArray();
        Assert.All(rest, row => Assert.Equal((row.PlannedBasisPoints, 1.0), (row.StepBasisPoints, row.Propensity)));
        Assert.InRange(drawn.Average(row => row.Chance), rest.Average(row => row.Chance) - 0.08, rest.Average(row => row.Chance) + 0.08);
        Assert.DoesNotContain(Rows(Plan(), Learning, left: 0), row => row.IsDrawn);
    }

    [Fact]
    public void Whom_offers_put_off_is_never_tried_with_an_offer_and_who_said_no_or_has_a_code_is_left_out()
    {
        var plan = Plan();
        plan = plan with { Rows = [.. plan.Rows.Select((row, index) => (index % 4) switch { 0 => row with { Reason = PersonalReason.PutOff, StepBasisPoints = 0 }, 1 => row with { Reason = PersonalReason.NoConsent, StepBasisPoints = 0 }, 2 => row with { Reason = PersonalReason.HeldBack, StepBasisPoints = 0 }, _ => row })] };
        var reasons = plan.Rows.ToDictionary(row => row.ShopperId, row => row.Reason);
        var rows = Rows(plan, Learning, open: new HashSet<string> { "s3" }, skip: shopper => shopper == "s7");
        Assert.All(rows.Where(row => reasons[row.ShopperId] == PersonalReason.PutOff), row => Assert.Equal((0, 1.0), (row.StepBasisPoints, row.Propensity)));
        Assert.All(rows.Where(row => reasons[row.ShopperId] == PersonalReason.HeldBack), row => Assert.Equal((OfferTryGroup.Held, 0, false), (row.Group, row.StepBasisPoints, row.IsDrawn)));
        Assert.DoesNotContain(rows, row => reasons[row.ShopperId] == PersonalReason.NoConsent || row.ShopperId is "s3" or "s7");
        Assert.Contains(rows, row => reasons[row.ShopperId] == PersonalReason.PutOff && row.IsDrawn);
    }

    [Fact]
    public void What_was_learnt_from_profit_after_the_discount_moves_the_next_round_to_the_step_that_pays()
    {
        var judged = Judged(Rows(Plan(), Learning), row => 1_000 + (row.StepBasisPoints == 500 ? 600 : row.StepBasisPoints == 1_000 ? -600 : 0));
        var next = Rows(Plan(), Learning, round: 2, judged: judged).Where(row => row.IsDrawn).ToArray();
        Assert.True(next.Count(row => row.StepBasisPoints == 500) > 0.75 * next.Length, $"{next.Count(row => row.StepBasisPoints == 500)} of {next.Length}");
        Assert.True(next.Any(row => row.StepBasisPoints == 1_000), "the floor keeps each step measurable");
    }

    [Fact]
    public void What_each_policy_would_have_brought_lies_within_its_interval()
    {
        var (plan, robust, learnt) = (0, 0, 0);
        const int Worlds = 20;
        for (var world = 0; world < Worlds; world++)
        {
            var rows = Rows(Plan(), Learning, round: world + 10);
            var report = TryJudging.Of(Judged(rows, Mean, world), 1_000)!;
            var drawn = rows.Where(row => row.IsDrawn).ToArray();
            var truth = drawn.Average(row => Mean(row, row.PlannedBasisPoints));
            plan += Holds(report.Plan.Value, truth);
            robust += Holds(report.PlanRobust.Value, truth);
            learnt += Holds(report.Steps.Single(step => step.BasisPoints == 500).Value.Value, drawn.Average(row => Mean(row, 500)));
            Assert.True(report.PlanRobust.Value.StandardError < report.Plan.Value.StandardError);
            Assert.True(report.Learnt.Value.Value > report.AsTried.Value);
        }

        Assert.All([plan, robust, learnt], held => Assert.InRange(held, 15, 20));
        static int Holds(Estimate estimate, double truth) => estimate.Interval.Low <= truth && truth <= estimate.Interval.High ? 1 : 0;
        static double Mean(OfferTry row, int? step = null) => 1_000 + (row.Chance * 1_000) + ((step ?? row.StepBasisPoints) switch { 500 => 500, 1_000 => -300, _ => 0 });
        static ImmutableArray<JudgedTry> Judged(IEnumerable<OfferTry> rows, Func<OfferTry, int?, double> mean, int seed) => TryDrawTests.Judged(rows, row => mean(row, null), seed);
    }

    [Fact]
    public void The_groups_are_compared_by_their_means_and_each_shopper_counts_once_with_her_last_try()
    {
        var plan = Plan();
        plan = plan with { Rows = [.. plan.Rows.Select((row, index) => index % 5 == 0 ? row with { Reason = PersonalReason.HeldBack, StepBasisPoints = 0 } : row)] };
        var before = Judged(Rows(plan, Learning), _ => -5_000);
        var last = Rows(plan, Learning, round: 2, at: PromotionWorld.Now.AddDays(40));
        var report = TryJudging.Of([.. before, .. Judged(last, row => row.Group switch { OfferTryGroup.Tried => 900, OfferTryGroup.Planned => 700, _ => 400 }, spread: 0)], 1_000)!;
        Assert.Equal((200.0, 500.0), (Math.Round(report.AgainstPlan!.Value, 6), Math.Round(report.AgainstHeld!.Value, 6)));
        Assert.Equal((900.0, last.Count(row => row.IsDrawn), last.Count(row => row.Group == OfferTryGroup.Held)), (report.AsTried.Value, report.Tried, report.Held));
        Assert.Null(TryJudging.Of(before.Take(10), 1_000));
    }

    private static PersonalOfferPlan Plan()
    {
        ImmutableArray<PersonalRow> rows = [.. Enumerable.Range(0, 2_000).Select(number => new PersonalRow($"s{number}", number % 2 * 500, number % 2 == 0 ? PersonalReason.CostsMore : PersonalReason.Chosen, number % 20 / 40.0, number % 3 * 5_000, 0, 0, new(0, 0)))];
        rows = [.. rows.Select(row => row.BasketMinor > 0 ? row with { BasketMinor = 5_000 } : row)];
        return new PersonalOfferPlan(rows, [new(0, 0, 0, 0), .. Ladder.Select(step => new PersonalStep(step, 0, 0, 0))], 0, 0, new(0, 0), 0, 0, 0, 0, [], ExpectationSource.Assumed, 0.4, PersonalBasis.Own, PersonalBasis.Own, PromotionWorld.Now);
    }

    private static ImmutableArray<OfferTry> Rows(
        PersonalOfferPlan plan, OfferLearning learning, int round = 1, long left = long.MaxValue, IReadOnlySet<string>? open = null, Func<string, bool>? skip = null, IEnumerable<JudgedTry>? judged = null, DateTimeOffset? at = null) =>
        TryDraw.Rows(learning, new Guid(round, 0, 0, new byte[8]), plan, open ?? ImmutableHashSet<string>.Empty, skip ?? (_ => false), TryDraw.Learn(learning.Salt, Ladder.AsSpan(), judged ?? [], 2_000), TryDraw.StepsOf(plan), left, "2026-11-22", at ?? PromotionWorld.Now, 14);

    private static ImmutableArray<JudgedTry> Judged(IEnumerable<OfferTry> rows, Func<OfferTry, double> mean, int seed = 3, double spread = 2_000)
    {
        var random = new SeededRandom((ulong)seed);
        return [.. rows.Select(row => new JudgedTry(row, mean(row) + (spread * (random.NextDouble() - 0.5))))];
    }
}
