using System.Collections.Immutable;
using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Campaigns.Planning;

/// <summary>The messages and offers that a campaign tries, its own first: A, B, C, D.</summary>
public static class CampaignVariants
{
    /// <summary>Variant A with the others; more leave too few people in each to tell them apart.</summary>
    public const int Most = 4;
    public const int MostWeight = 100;
    private const int Whole = 10_000;

    /// <summary>What the n-th is called, from 0.</summary>
    public static string Letter(int number) => ((char)('A' + number)).ToString();

    /// <summary>All of them, with what a variant leaves to A filled in.</summary>
    public static ImmutableArray<CampaignVariant> Of(CampaignDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return [new CampaignVariant(draft.RuleId, draft.Message, draft.Weight), .. draft.Others.Select(other => new CampaignVariant(other.RuleId ?? draft.RuleId, other.Message ?? draft.Message, other.Weight))];
    }

    /// <returns>Whether any of them offers more than a message.</returns>
    public static bool HaveOffer(CampaignDraft draft) => Of(draft).Any(variant => variant.RuleId is not null);

    /// <summary>Which of them each of a campaign's rules is the offer of.</summary>
    internal static ImmutableDictionary<Guid, ImmutableArray<int>> ByRule(Campaign campaign) =>
        campaign.Variants.Select(variant => (variant.Number, Rule: variant.RuleId ?? campaign.RuleId)).Prepend((Number: 0, Rule: campaign.RuleId)).Where(variant => variant.Rule is not null)
            .GroupBy(variant => variant.Rule!.Value).ToImmutableDictionary(group => group.Key, group => group.Select(variant => variant.Number).ToImmutableArray());

    /// <summary>Basis points of everybody for each, by their weights, of what the holdout leaves. The first ones take what does not divide.</summary>
    public static ImmutableArray<int> Shares(CampaignDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var treated = Whole - Math.Clamp(draft.HoldoutBasisPoints, 0, Whole);
        ImmutableArray<int> weights = [Math.Max(1, draft.Weight), .. draft.Others.Select(other => Math.Max(1, other.Weight))];
        var sum = weights.Sum(weight => (long)weight);
        var shares = weights.Select(weight => (int)(treated * (long)weight / sum)).ToArray();
        for (var (number, left) = (0, treated - shares.Sum()); left > 0; number++, left--) shares[number]++;
        return [.. shares];
    }
}
