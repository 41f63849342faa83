using System.Collections.Immutable;

namespace MerchantStudio.Core.Experiments.Reading;

/// <summary>A split as it is read: where nobody is held back the first arm is what the others are compared with.</summary>
internal sealed record ReadSplit(ExperimentSplit Split, string? Control)
{
    public static ReadSplit Of(ExperimentSplit split)
    {
        if (split.ShareOf(ExperimentSplit.HoldoutArm) > 0) return new ReadSplit(split, null);
        return new ReadSplit(split with { Arms = split.Arms[1..], Ranges = [.. split.Ranges.Select(range => range with { Arm = range.Arm - 1 })] }, split.Arms[0]);
    }

    /// <summary>What an arm as it is written down is called here.</summary>
    public int ArmOf(int saved) => Control is null ? saved : saved - 1;

    public ImmutableArray<string> Arms => Split.Arms;
}
