using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>Who is kept from an offer so that its effect can be measured: the holdout of each running experiment whose campaign carries the rule, and whoever is held back from all campaigns.</summary>
internal static class OfferHoldouts
{
    /// <summary>The running experiments of a shop, and the rules that their campaigns carry.</summary>
    public static async Task<(ImmutableArray<RunningExperiment> Running, ImmutableDictionary<Guid, ImmutableArray<RunningExperiment>> ByRule)> ReadAsync(StudioDb database, WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var rows = await database.Experiments.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.State == ExperimentState.Running).OrderBy(row => row.CreatedAt)
            .Select(row => new { Row = row, Rule = database.Campaigns.Where(campaign => campaign.Id == row.CampaignId).Select(campaign => campaign.RuleId).FirstOrDefault() }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var running = rows.Select(row => (row.Rule, Experiment: new RunningExperiment(row.Row.Id, row.Row.Key, SavedExperiment.SplitOf(row.Row)))).ToImmutableArray();
        return ([.. running.Select(pair => pair.Experiment)],
            running.Where(pair => pair.Rule is not null).GroupBy(pair => pair.Rule!.Value).ToImmutableDictionary(pairs => pairs.Key, pairs => pairs.Select(pair => pair.Experiment).ToImmutableArray()));
    }

    /// <summary>The key of the experiment that keeps her from it; null where none does.</summary>
    public static string? HolderOf(ImmutableArray<RunningExperiment> experiments, GlobalHoldout? everyone, string shopper)
    {
        var all = everyone?.Holds(shopper) == true;
        return experiments.FirstOrDefault(experiment => all || experiment.Split.ArmOf(shopper).Kind == AssignmentKind.Holdout)?.Key;
    }

    public static async Task<string?> HolderAsync(StudioDb database, WorkspaceId workspace, Guid rule, string shopper, CancellationToken cancellationToken)
    {
        var (_, byRule) = await ReadAsync(database, workspace, cancellationToken).ConfigureAwait(false);
        return byRule.TryGetValue(rule, out var experiments) ? HolderOf(experiments, await GlobalHoldouts.CurrentAsync(database, workspace, cancellationToken).ConfigureAwait(false), shopper) : null;
    }
}
