using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Campaigns.Running;

/// <summary>Deals the frozen audience out. Done again, it does what is left.</summary>
/// <remarks>Codes come with the message, to those whom the gate lets through: one that nobody hears of could only be found and used by chance. Without a channel each of the treated has hers here.</remarks>
public sealed class CampaignPreparation(IDbContextFactory<StudioDb> databases, ExperimentStore experiments, GlobalHoldouts globals, CampaignOffers offers)
{
    /// <summary>The one treatment where nothing else is tried; the holdout is what it is compared with.</summary>
    public const string Arm = "campaign";
    private const int Chunk = 5_000;

    internal async Task<Problem?> PrepareAsync(WorkspaceScope scope, Campaign campaign, CancellationToken cancellationToken)
    {
        var experiment = campaign.ExperimentId;
        if ((campaign.HoldoutBasisPoints > 0 || campaign.Variants.Count > 0) && experiment is null)
        {
            if (!(await ExperimentAsync(scope, campaign, cancellationToken).ConfigureAwait(false)).TryGet(out var made, out var problem)) return problem;
            experiment = made;
        }

        if (experiment is { } running && (await experiments.StartAsync(scope, running, cancellationToken).ConfigureAwait(false)).Problem is { } unstarted) return unstarted;
        if (await DealAsync(scope, campaign, experiment, cancellationToken).ConfigureAwait(false) is { } undealt) return undealt;
        if (campaign.Channel is not null) return null;
        foreach (var (rule, variants) in CampaignVariants.ByRule(campaign))
        {
            if (await GiveAsync(scope, campaign, rule, variants, cancellationToken).ConfigureAwait(false) is { } ungiven) return ungiven;
        }

        return null;
    }

    /// <summary>The campaign's experiment; one that an earlier try had made is found again.</summary>
    private async Task<Outcome<Guid>> ExperimentAsync(WorkspaceScope scope, Campaign campaign, CancellationToken cancellationToken)
    {
        if (!(await experiments.OfCampaignAsync(scope, campaign.Id, cancellationToken).ConfigureAwait(false)).TryGet(out var known, out var problem)) return problem;
        var id = known.IsEmpty ? Guid.Empty : known[0].Id;
        if (known.IsEmpty)
        {
            if (!CampaignMapping.ToDraft(campaign).TryGet(out var terms, out problem)) return problem;
            var shares = CampaignVariants.Shares(terms);

            // In one arm and what it is compared with: the smallest of them says when all can be read.
            var smallest = campaign.HoldoutBasisPoints > 0 ? shares.Min() + campaign.HoldoutBasisPoints : shares[0] + shares[1..].Min();
            var planned = (long)Math.Round((campaign.AudienceCount ?? 0) * (smallest / (double)Assignment.Slots));
            var draft = new ExperimentDraft(
                campaign.Name, shares.Length == 1 ? [Arm] : [.. shares.Select((_, number) => CampaignVariants.Letter(number))], shares, campaign.HoldoutBasisPoints, campaign.Goal, campaign.GoalDays,
                Math.Max(2, planned), false, campaign.Id, campaign.MessageCost);
            if (!(await experiments.CreateAsync(scope, draft, cancellationToken).ConfigureAwait(false)).TryGet(out id, out problem)) return problem;
        }

        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        await db.Campaigns.Where(row => row.Id == campaign.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.ExperimentId, id), cancellationToken).ConfigureAwait(false);
        return id;
    }

    private async Task<Problem?> DealAsync(WorkspaceScope scope, Campaign campaign, Guid? experiment, CancellationToken cancellationToken)
    {
        var global = experiment is null && (await globals.ReadAsync(scope, cancellationToken).ConfigureAwait(false)) is { Succeeded: true } read ? read.Value.Current : null;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var waiting = CampaignMembers.Of(db, campaign).Where(member => member.Place == CampaignPlace.Waiting).OrderBy(member => member.ShopperId).Select(member => member.ShopperId);
        while (await waiting.Take(Chunk).ToListAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } some)
        {
            ILookup<(CampaignPlace Place, int Variant), string> places;
            if (experiment is { } id)
            {
                if (!(await experiments.EnrollAsync(scope, id, some, cancellationToken).ConfigureAwait(false)).TryGet(out var dealt, out var problem)) return problem;
                places = dealt.ToLookup(person => (PlaceOf(person.Place.Kind), Math.Max(0, person.Place.Arm)), person => person.ShopperId);
            }
            else
            {
                places = some.ToLookup(shopper => (global?.Holds(shopper) == true ? CampaignPlace.GlobalHoldout : CampaignPlace.Treated, 0));
            }

            foreach (var group in places)
            {
                foreach (var part in group.Chunk(500))
                    await CampaignMembers.Of(db, campaign).Where(member => part.Contains(member.ShopperId)).ExecuteUpdateAsync(set => set.SetProperty(member => member.Place, group.Key.Place).SetProperty(member => member.Variant, group.Key.Variant), cancellationToken).ConfigureAwait(false);
            }
        }

        return null;
    }

    private async Task<Problem?> GiveAsync(WorkspaceScope scope, Campaign campaign, Guid rule, ImmutableArray<int> variants, CancellationToken cancellationToken)
    {
        List<string> open;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using (db.ConfigureAwait(false))
        {
            open = await CampaignMembers.Of(db, campaign).Where(member => member.Place == CampaignPlace.Treated && variants.AsEnumerable().Contains(member.Variant) && !db.CouponCodes.Any(code => code.CampaignId == campaign.Id && code.ShopperId == member.ShopperId))
                .OrderBy(member => member.ShopperId).Select(member => member.ShopperId).ToListAsync(cancellationToken).ConfigureAwait(false);
        }

        return open.Count == 0 ? null : (await offers.GiveAsync(scope, campaign.Id, rule, open, cancellationToken).ConfigureAwait(false)).Problem;
    }

    /// <summary>All slots are given out, so nobody is in no arm; whoever were would be left alone.</summary>
    private static CampaignPlace PlaceOf(AssignmentKind kind) => kind switch
    {
        AssignmentKind.Arm => CampaignPlace.Treated,
        AssignmentKind.Holdout => CampaignPlace.Holdout,
        _ => CampaignPlace.GlobalHoldout,
    };
}
