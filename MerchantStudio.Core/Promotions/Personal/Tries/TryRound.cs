using System.Collections.Immutable;

namespace MerchantStudio.Core.Promotions.Personal.Tries;

/// <param name="CapMinor">The most that one of its codes takes off.</param>
internal sealed record TryStep(int BasisPoints, long CapMinor);

/// <summary>What a round of giving out does to a plan.</summary>
/// <param name="Drawn">Shoppers whose step chance chose, with it; 0 for no offer.</param>
/// <param name="Keeping">Shoppers who still have what was drawn for them before: they get nothing new.</param>
/// <param name="Steps">The ladder, with the caps that keep the day's money.</param>
internal sealed record TryRound(Guid Id, string Label, ImmutableDictionary<string, int> Drawn, ImmutableHashSet<string> Keeping, ImmutableArray<TryStep> Steps)
{
    public bool GivesAnything => Drawn.Values.Any(step => step > 0);
}
