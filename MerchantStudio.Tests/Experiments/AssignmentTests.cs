using System.Collections.Immutable;
using System.Diagnostics;
using MerchantStudio.Core.Experiments;
using Xunit;

namespace MerchantStudio.Tests.Experiments;

public sealed class AssignmentTests
{
    private const int People = 100_000;

    private static readonly ImmutableArray<string> Units = [.. Enumerable.Range(0, People).Select(i => $"shopper-{i}")];
    private static readonly ExperimentSplit Halves = ExperimentSplit.Of("spring-2026", ["offer"], [5_000], 5_000);

    [Fact]
    public void A_place_is_the_one_that_another_language_computes()
    {
        foreach (var known in ExperimentReference.Root.GetProperty("assignment").EnumerateArray())
        {
            Assert.Equal(ulong.Parse(known.GetProperty("hash").GetString()!, System.Globalization.CultureInfo.InvariantCulture), Assignment.Hash(known.GetProperty("salt").GetString()!, known.GetProperty("unit").GetString()!));
        }
    }

    [Fact]
    public void The_same_person_has_the_same_arm_after_every_restart()
    {
        var split = ExperimentSplit.Of("spring-2026", ["mens", "womens"], [4_500, 4_500], 500);
        var found = string.Concat(Units.Take(40).Select(unit => Assignment.ArmOf(split, new GlobalHoldout("all-2026", 1_000), unit) switch
        {
            { Kind: AssignmentKind.Arm } arm => (char)('a' + arm.Arm),
            { Kind: AssignmentKind.Holdout } => 'h',
            { Kind: AssignmentKind.GlobalHoldout } => 'g',
            _ => '-',
        }));
        Assert.Equal("abagbbag-bgbhbabgbbbbbbaaaaabbaabaaabaaa", found);
    }

    [Fact]
    public void Places_are_uniform()
    {
        var counts = new long[100];
        foreach (var unit in Units) counts[Assignment.Slot("uniform", unit) / 100]++;
        Assert.InRange(SampleRatio.Check(counts, Enumerable.Repeat(0.01, 100).ToArray()).PValue, 0.01, 0.99);
    }

    [Fact]
    public void Two_experiments_deal_independently()
    {
        var other = Halves with { Salt = "summer-2026" };
        var counts = new long[4];
        foreach (var unit in Units) counts[(Treated(Halves, unit) ? 2 : 0) + (Treated(other, unit) ? 1 : 0)]++;
        Assert.InRange(SampleRatio.Check(counts, [1, 1, 1, 1]).PValue, 0.01, 1);
    }

    [Fact]
    public void Twin_experiments_of_one_salt_deal_alike() => Assert.All(Units.Take(1000), unit => Assert.Equal(Halves.ArmOf(unit), (Halves with { Arms = ["other"] }).ArmOf(unit)));

    [Fact]
    public void Another_share_moves_no_more_people_than_it_must()
    {
        var before = ExperimentSplit.Of("ramp", ["a", "b", "c"], [3_000, 3_000, 3_000], 1_000);
        var after = before.WithShares([4_500, 2_500, 2_500], 500);
        var moved = Units.Count(unit => before.ArmOf(unit) != after.ArmOf(unit));
        Assert.InRange(moved / (double)People, 0.145, 0.155);
        Assert.DoesNotContain(Units, unit => before.ArmOf(unit).Arm == 0 && after.ArmOf(unit).Arm != 0);
        Assert.Equal([4_500, 2_500, 2_500, 500], Enumerable.Range(0, 3).Append(ExperimentSplit.HoldoutArm).Select(after.ShareOf));
    }

    [Fact]
    public void More_people_enrolled_keep_those_who_were()
    {
        var tenth = ExperimentSplit.Of("ramp", ["offer"], [800], 200);
        var all = tenth.WithShares([8_000], 2_000);
        Assert.All(Units.Where(unit => tenth.ArmOf(unit).Kind != AssignmentKind.NotEnrolled), unit => Assert.Equal(tenth.ArmOf(unit), all.ArmOf(unit)));
        Assert.InRange(Units.Count(unit => tenth.ArmOf(unit).Kind == AssignmentKind.NotEnrolled) / (double)People, 0.895, 0.905);
    }

    [Fact]
    public void The_global_holdout_comes_before_every_experiment_and_grows_around_its_people()
    {
        var (small, large) = (new GlobalHoldout("all", 500), new GlobalHoldout("all", 1_000));
        var held = Units.Where(small.Holds).ToList();
        Assert.InRange(held.Count / (double)People, 0.047, 0.053);
        Assert.All(held, unit => Assert.True(large.Holds(unit)));
        Assert.All(held, unit => Assert.Equal(Assigned.GlobalHoldout, Assignment.ArmOf(Halves, small, unit)));
        var treated = Units.Count(unit => Assignment.ArmOf(Halves, small, unit).Kind == AssignmentKind.Arm);
        Assert.InRange(treated / (double)People, 0.47, 0.48);
    }

    [Fact]
    public void A_decision_allocates_nothing()
    {
        var global = new GlobalHoldout("all", 500);
        Assignment.ArmOf(Halves, global, Units[0]);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20_000; i++) Assignment.ArmOf(Halves, global, Units[i]);
        Assert.Equal(allocated, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact(Explicit = true), Trait("Size", "Full")]
    public void A_decision_takes_less_than_two_microseconds()
    {
        var (global, best) = (new GlobalHoldout("all", 500), double.MaxValue);
        for (var turn = 0; turn < 20; turn++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < 20_000; i++) Assignment.ArmOf(Halves, global, Units[i]);
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMicroseconds / 20_000);
        }

        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{best:F2} microseconds"));
        Assert.True(best < 2, $"{best:F2} microseconds");
    }

    [Fact]
    public void A_salt_with_a_colon_is_refused() => Assert.Throws<ArgumentException>(() => Assignment.Hash("a:b", "c"));

    [Fact]
    public void Shares_beyond_the_whole_are_refused() => Assert.Throws<ArgumentException>(() => ExperimentSplit.Of("x", ["a", "b"], [6_000, 4_000], 1));

    private static bool Treated(ExperimentSplit split, string unit) => split.ArmOf(unit).Kind == AssignmentKind.Arm;
}
