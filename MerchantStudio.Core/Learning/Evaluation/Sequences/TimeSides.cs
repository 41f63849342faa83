using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Evaluation.Sequences;

/// <summary>What came later judges what was learnt from what came before.</summary>
public sealed record TimeSides<T>(ImmutableArray<T> Training, ImmutableArray<T> Validation, ImmutableArray<T> Test)
{
    /// <summary>The earliest side first.</summary>
    public IEnumerable<ImmutableArray<T>> All => [Training, Validation, Test];
}

public static class TimeSides
{
    private const double TestShare = 0.2;
    private const double ValidationShare = 0.15;

    /// <param name="inOrder">The earliest first: the last fifth tests, the last 15 % of the others choose.</param>
    public static TimeSides<T> Of<T>(ImmutableArray<T> inOrder)
    {
        var test = inOrder.Length - (int)(inOrder.Length * TestShare);
        var validation = test - (int)(test * ValidationShare);
        return new(inOrder[..validation], inOrder[validation..test], inOrder[test..]);
    }
}
