using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;

namespace MerchantStudio.Components.Conditions;

/// <summary>A line or a group of a condition while it is edited; the tree itself is immutable.</summary>
public abstract class ConditionDraft
{
    public bool Not { get; set; }

    public abstract Condition ToCondition();

    /// <summary>The editable form of a tree; always a group at the top.</summary>
    public static GroupDraft From(Condition condition) => Of(condition, not: false) is GroupDraft group ? group : new GroupDraft { Parts = { Of(condition, not: false) } };

    protected Condition Signed(Condition condition) => Not ? new Not(condition) : condition;

    private static ConditionDraft Of(Condition condition, bool not) => condition switch
    {
        Not { Part: var part } => Of(part, !not),
        AllOf { Parts: var parts } => Group(parts, all: true, not),
        AnyOf { Parts: var parts } => Group(parts, all: false, not),
        _ => new LineDraft(condition) { Not = not },
    };

    private static GroupDraft Group(ImmutableArray<Condition> parts, bool all, bool not)
    {
        var group = new GroupDraft { All = all, Not = not };
        group.Parts.AddRange(parts.Select(part => Of(part, not: false)));
        return group;
    }
}

public sealed class GroupDraft : ConditionDraft
{
    public bool All { get; set; } = true;

    public List<ConditionDraft> Parts { get; } = [];

    /// <summary>Lines in it and in the groups inside, top to bottom.</summary>
    public IEnumerable<LineDraft> Lines => Parts.SelectMany(part => part is GroupDraft group ? group.Lines : [(LineDraft)part]);

    public override Condition ToCondition()
    {
        ImmutableArray<Condition> parts = [.. Parts.Select(part => part.ToCondition())];
        return Signed(All ? new AllOf(parts) : new AnyOf(parts));
    }
}

public sealed class LineDraft(Condition leaf) : ConditionDraft
{
    public Condition Leaf { get; set; } = leaf;

    public override Condition ToCondition() => Signed(Leaf);
}
