using System.Collections.Immutable;

namespace MerchantStudio.Core.Conditions;

/// <summary>The lines of a tree from top to bottom, and for each the tree as it stands when everything after that line is left out.</summary>
public static class ConditionLines
{
    /// <summary>Lines are the leaves, each with the negations directly around it left off.</summary>
    public static ImmutableArray<Condition> Of(Condition condition) => [.. Signed(condition).Select(line => line.Line)];

    /// <summary>The same with whether a line stands under an odd number of negations.</summary>
    internal static ImmutableArray<(Condition Line, bool Negated)> Signed(Condition condition)
    {
        var lines = ImmutableArray.CreateBuilder<(Condition, bool)>();
        Collect(condition, false, lines);
        return lines.ToImmutable();
    }

    /// <summary>One tree a line: what is asked when the reader has come this far.</summary>
    public static ImmutableArray<Condition> UpToEach(Condition condition) =>
        [.. Enumerable.Range(1, Of(condition).Length).Select(lines => UpTo(condition, ref lines)!)];

    private static void Collect(Condition condition, bool negated, ImmutableArray<(Condition, bool)>.Builder lines)
    {
        switch (condition)
        {
            case AllOf { Parts: var parts }:
                foreach (var part in parts) Collect(part, negated, lines);
                break;
            case AnyOf { Parts: var parts }:
                foreach (var part in parts) Collect(part, negated, lines);
                break;
            case Not { Part: var part }:
                Collect(part, !negated, lines);
                break;
            default:
                lines.Add((condition, negated));
                break;
        }
    }

    private static Condition? UpTo(Condition condition, ref int lines)
    {
        switch (condition)
        {
            case AllOf { Parts: var parts }:
                return Parts(parts, ref lines) is { Length: > 0 } all ? new AllOf(all) : null;
            case AnyOf { Parts: var parts }:
                return Parts(parts, ref lines) is { Length: > 0 } any ? new AnyOf(any) : null;
            case Not { Part: var part }:
                return UpTo(part, ref lines) is { } negated ? new Not(negated) : null;
            default:
                return lines-- > 0 ? condition : null;
        }
    }

    private static ImmutableArray<Condition> Parts(ImmutableArray<Condition> parts, ref int lines)
    {
        var kept = ImmutableArray.CreateBuilder<Condition>();
        foreach (var part in parts)
        {
            if (lines > 0 && UpTo(part, ref lines) is { } found) kept.Add(found);
        }

        return kept.ToImmutable();
    }
}
