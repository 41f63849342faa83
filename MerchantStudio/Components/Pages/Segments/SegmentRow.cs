using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Components.Pages.Segments;

public enum SegmentSource
{
    Rfm,
    Cluster,
    Rules,
}

/// <summary>One segment of the list, whatever it is made from.</summary>
/// <param name="Change">Shoppers more than in the run before; null where there was none.</param>
/// <param name="Spent">In 12 months; null without prices.</param>
/// <param name="Condition">What the members are asked by; null with a fault.</param>
public sealed record SegmentRow(string Key, string Name, SegmentSource Source, long Shoppers, long? Change, decimal? Spent, ImmutableArray<string> UsedIn, Condition? Condition, Problem? Fault)
{
    public Guid? SavedId => Source == SegmentSource.Rules && Guid.TryParse(Key["saved:".Length..], out var id) ? id : null;
}
