using System.Collections.Immutable;

namespace MerchantStudio.Core.Experiments;

/// <summary>Slots that one arm or the holdout has.</summary>
/// <param name="Arm">Index of the arm; <see cref="ExperimentSplit.HoldoutArm"/> for the holdout.</param>
/// <param name="From">First slot, 0 to 9,999.</param>
/// <param name="To">The slot behind the last.</param>
public readonly record struct SlotRange(int Arm, int From, int To)
{
    public int BasisPoints => To - From;
}

/// <summary>
/// How an experiment deals people out: which slots belong to which arm. It is kept with the experiment, because after a change of shares the ranges tell who had which arm before:
/// a change moves only as many people as the shares themselves changed by.
/// </summary>
/// <param name="Salt">The experiment's own; two experiments with the same salt deal alike, with different ones independently.</param>
/// <param name="Arms">Keys of the arms, without the holdout.</param>
/// <param name="Ranges">Ascending, not overlapping; what lies between them is not enrolled.</param>
public sealed record ExperimentSplit(string Salt, ImmutableArray<string> Arms, ImmutableArray<SlotRange> Ranges)
{
    /// <summary>Stands for the holdout in <see cref="SlotRange.Arm"/>.</summary>
    public const int HoldoutArm = -1;

    /// <param name="armBasisPoints">Share of each arm; with the holdout at most 10,000 in all. What is left is not enrolled.</param>
    public static ExperimentSplit Of(string salt, ImmutableArray<string> arms, ReadOnlySpan<int> armBasisPoints, int holdoutBasisPoints)
    {
        Assignment.CheckSalt(salt);
        return new ExperimentSplit(salt, arms, []).WithShares(armBasisPoints, holdoutBasisPoints);
    }

    /// <summary>Basis points of an arm, or of the holdout.</summary>
    public int ShareOf(int arm) => Ranges.Where(range => range.Arm == arm).Sum(range => range.BasisPoints);

    /// <summary>What the split promises for the arms and, last, the holdout: what <see cref="SampleRatio"/> checks against.</summary>
    public ImmutableArray<double> ExpectedShares()
    {
        var enrolled = (double)Ranges.Sum(range => range.BasisPoints);
        return [.. Enumerable.Range(0, Arms.Length).Append(HoldoutArm).Select(arm => ShareOf(arm) / enrolled)];
    }

    /// <summary>The same split with other shares. Shrunk arms give up their last slots, grown ones take free slots: nobody else changes arms.</summary>
    public ExperimentSplit WithShares(ReadOnlySpan<int> armBasisPoints, int holdoutBasisPoints)
    {
        if (armBasisPoints.Length != Arms.Length) throw new ArgumentException($"{Arms.Length} arms need as many shares, not {armBasisPoints.Length}.", nameof(armBasisPoints));
        var owners = Owners();
        var wanted = new Dictionary<int, int> { [HoldoutArm] = holdoutBasisPoints };
        for (var arm = 0; arm < armBasisPoints.Length; arm++) wanted[arm] = armBasisPoints[arm];
        if (wanted.Values.Any(share => share < 0) || wanted.Values.Sum() > Assignment.Slots) throw new ArgumentException("Shares must be 0 or more and at most 10,000 basis points in all.", nameof(armBasisPoints));
        foreach (var (arm, share) in wanted) GiveUp(owners, arm, ShareOf(arm) - share);
        foreach (var arm in Enumerable.Range(0, Arms.Length).Append(HoldoutArm)) Take(owners, arm, wanted[arm] - ShareOf(arm));
        return this with { Ranges = RangesOf(owners) };
    }

    /// <summary>The person's place by this split alone; who asks for several experiments looks at the global holdout once.</summary>
    public Assigned ArmOf(string unit)
    {
        var slot = Assignment.Slot(Salt, unit);
        foreach (var range in Ranges)
        {
            if (slot < range.From) break;
            if (slot < range.To) return range.Arm == HoldoutArm ? Assigned.Holdout : new Assigned(AssignmentKind.Arm, range.Arm);
        }

        return Assigned.NotEnrolled;
    }

    private int?[] Owners()
    {
        var owners = new int?[Assignment.Slots];
        foreach (var range in Ranges) owners.AsSpan(range.From, range.BasisPoints).Fill(range.Arm);
        return owners;
    }

    private static void GiveUp(int?[] owners, int arm, int count)
    {
        for (var slot = owners.Length - 1; slot >= 0 && count > 0; slot--)
        {
            if (owners[slot] != arm) continue;
            owners[slot] = null;
            count--;
        }
    }

    private static void Take(int?[] owners, int arm, int count)
    {
        for (var slot = 0; slot < owners.Length && count > 0; slot++)
        {
            if (owners[slot] is not null) continue;
            owners[slot] = arm;
            count--;
        }
    }

    private static ImmutableArray<SlotRange> RangesOf(int?[] owners)
    {
        var ranges = ImmutableArray.CreateBuilder<SlotRange>();
        for (var from = 0; from < owners.Length;)
        {
            var to = from + 1;
            while (to < owners.Length && owners[to] == owners[from]) to++;
            if (owners[from] is { } arm) ranges.Add(new SlotRange(arm, from, to));
            from = to;
        }

        return ranges.ToImmutable();
    }
}
