using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>An offer within a running experiment.</summary>
/// <param name="Arms">Of the experiment that get this offer; the others get another one, or none.</param>
internal sealed record CarriedOffer(RunningExperiment Experiment, ImmutableArray<int> Arms)
{
    public bool Keeps(string shopper)
    {
        var place = Experiment.Split.ArmOf(shopper);
        return place.Kind == AssignmentKind.Holdout || (place.Kind == AssignmentKind.Arm && !Arms.Contains(place.Arm));
    }
}

/// <summary>Who is kept from an offer so that its effect can be measured: the holdout of each running experiment whose campaign carries the rule, its arms that try another offer, and whoever is held back from all campaigns.</summary>
internal static class OfferHoldouts
{
    /// <summary>The running experiments of a shop, and the rules that their campaigns carry.</summary>
    public static async Task<(ImmutableArray<RunningExperiment> Running, ImmutableDictionary<Guid, ImmutableArray<CarriedOffer>> ByRule)> ReadAsync(StudioDb database, WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var rows = await database.Experiments.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.State == ExperimentState.Running).OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (rows.Count == 0) return ([], ImmutableDictionary<Guid, ImmutableArray<CarriedOffer>>.Empty);
        var own = await database.Experiments.Where(row => row.WorkspaceId == workspace && row.State == ExperimentState.Running)
            .Join(database.Campaigns, row => row.CampaignId, campaign => campaign.Id, (row, campaign) => new { row.Id, campaign.RuleId }).ToDictionaryAsync(pair => pair.Id, cancellationToken).ConfigureAwait(false);
        var others = (await database.Experiments.Where(row => row.WorkspaceId == workspace && row.State == ExperimentState.Running)
            .Join(database.CampaignVariants, row => row.CampaignId, variant => variant.CampaignId, (row, variant) => new { row.Id, variant.Number, variant.RuleId }).ToListAsync(cancellationToken).ConfigureAwait(false)).ToLookup(variant => variant.Id);
        var running = rows.Select(row => new RunningExperiment(row.Id, row.Key, SavedExperiment.SplitOf(row))).ToImmutableArray();
        var carried = running.Where(experiment => own.ContainsKey(experiment.Id)).SelectMany(experiment => others[experiment.Id].Select(variant => (variant.Number, Rule: variant.RuleId ?? own[experiment.Id].RuleId))
            .Prepend((Number: 0, Rule: own[experiment.Id].RuleId)).Where(variant => variant.Rule is not null).GroupBy(variant => variant.Rule!.Value)
            .Select(group => (Rule: group.Key, Offer: new CarriedOffer(experiment, [.. group.Select(variant => variant.Number)]))));
        return (running, carried.GroupBy(pair => pair.Rule).ToImmutableDictionary(pairs => pairs.Key, pairs => pairs.Select(pair => pair.Offer).ToImmutableArray()));
    }

    /// <summary>The key of the experiment that keeps her from it; null where none does.</summary>
    public static string? HolderOf(ImmutableArray<CarriedOffer> offers, GlobalHoldout? everyone, string shopper)
    {
        var all = everyone?.Holds(shopper) == true;
        return offers.FirstOrDefault(offer => all || offer.Keeps(shopper))?.Experiment.Key;
    }

    public static async Task<string?> HolderAsync(StudioDb database, WorkspaceId workspace, Guid rule, string shopper, CancellationToken cancellationToken)
    {
        var (_, byRule) = await ReadAsync(database, workspace, cancellationToken).ConfigureAwait(false);
        return byRule.TryGetValue(rule, out var offers) ? HolderOf(offers, await GlobalHoldouts.CurrentAsync(database, workspace, cancellationToken).ConfigureAwait(false), shopper) : null;
    }
}
