using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Campaigns.Running;

/// <param name="AwaitsApproval">Nothing was launched; an Owner has to approve first.</param>
/// <param name="Audience">Shoppers of the frozen audience, those who are held back included.</param>
public sealed record Launched(bool AwaitsApproval, int Audience);

/// <summary>Takes a campaign live and through its later states.</summary>
/// <remarks>
/// A launch is the offer going live, then one transaction that freezes the audience; everything behind that is <see cref="CampaignRuns"/>'s, which goes on from wherever it was cut off.
/// Cut off between the two, the offer is live without a code and the campaign is a draft: launched again it goes on.
/// </remarks>
public sealed class CampaignLaunch(IDbContextFactory<StudioDb> databases, CampaignPlans plans, CampaignOffers offers, AudienceReader audiences, CampaignRuns runs, ExperimentStore experiments, TimeProvider clock)
{
    /// <summary>Freezes the audience, deals it out, gives codes and queues what is due. Asked again, it answers with what was done and goes on where it was cut off.</summary>
    /// <param name="revision">The revision that was on the screen; a later change is refused.</param>
    public async Task<Outcome<Launched>> LaunchAsync(WorkspaceScope scope, Guid campaignId, int revision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        if (!(await plans.FindAsync(scope, campaignId, cancellationToken).ConfigureAwait(false)).TryGet(out var view, out var problem)) return problem;
        if (view.State == CampaignState.Draft)
        {
            if (view.Revision != revision) return new CampaignChangedMeanwhile();
            if (view.Draft is not { } draft) return view.Unreadable!;
            if (!(await plans.CheckAsync(scope, campaignId, draft, cancellationToken).ConfigureAwait(false)).TryGet(out var checkup, out problem)) return problem;
            if (checkup.Problems.FirstOrDefault() is { } standing) return standing;
            if (!(await audiences.IdsAsync(scope, draft.Audience, cancellationToken).ConfigureAwait(false)).TryGet(out var audience, out problem)) return problem;
            foreach (var rule in CampaignVariants.Of(draft).Select(variant => variant.RuleId).OfType<Guid>().Distinct())
            {
                if (!(await offers.GoLiveAsync(scope, rule, audience.Length, draft.BudgetMinor, cancellationToken).ConfigureAwait(false)).TryGet(out var live, out problem)) return problem;
                if (live.AwaitsApproval) return new Launched(true, audience.Length);
            }

            if ((await FreezeAsync(scope, campaignId, revision, audience, cancellationToken).ConfigureAwait(false)).Problem is { } unfrozen) return unfrozen;
        }

        if ((await runs.AdvanceAsync(scope.Workspace, campaignId, cancellationToken).ConfigureAwait(false)).Problem is { } stopped) return stopped;
        if (!(await plans.FindAsync(scope, campaignId, cancellationToken).ConfigureAwait(false)).TryGet(out view, out problem)) return problem;
        return new Launched(false, view.AudienceCount ?? 0);
    }

    /// <summary>What waits to be sent is kept until the campaign is resumed.</summary>
    public Task<Outcome<Done>> PauseAsync(WorkspaceScope scope, Guid campaignId, CancellationToken cancellationToken) =>
        MoveAsync(scope, campaignId, [CampaignState.Scheduled, CampaignState.Running], CampaignState.Paused, "campaign.paused", cancellationToken);

    /// <summary>Goes on; of several repetitions that were missed meanwhile the last one is made up for.</summary>
    public async Task<Outcome<Done>> ResumeAsync(WorkspaceScope scope, Guid campaignId, CancellationToken cancellationToken)
    {
        var resumed = await MoveAsync(scope, campaignId, [CampaignState.Paused], CampaignState.Running, "campaign.resumed", cancellationToken).ConfigureAwait(false);
        return resumed.Succeeded ? await runs.AdvanceAsync(scope.Workspace, campaignId, cancellationToken).ConfigureAwait(false) : resumed;
    }

    /// <summary>Sends nothing more, what waits included. Codes keep working to the last day of their rule, and orders are counted on.</summary>
    public async Task<Outcome<Done>> EndAsync(WorkspaceScope scope, Guid campaignId, CancellationToken cancellationToken)
    {
        var ended = await MoveAsync(scope, campaignId, [CampaignState.Scheduled, CampaignState.Running, CampaignState.Paused], CampaignState.Ended, "campaign.ended", cancellationToken).ConfigureAwait(false);
        if (!ended.Succeeded) return ended;
        if ((await plans.FindAsync(scope, campaignId, cancellationToken).ConfigureAwait(false)).TryGet(out var view, out _) && view.ExperimentId is { } experiment) await experiments.StopAsync(scope, experiment, cancellationToken).ConfigureAwait(false);
        return ended;
    }

    /// <summary>Of two clicks one freezes; both go on with what it froze.</summary>
    private async Task<Outcome<Done>> FreezeAsync(WorkspaceScope scope, Guid campaignId, int revision, ImmutableArray<string> audience, CancellationToken cancellationToken)
    {
        try
        {
            return await databases.RunAsync<Done>(async (db, token) =>
            {
                var row = await db.Campaigns.SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace && row.Id == campaignId, token).ConfigureAwait(false);
                if (row is null) return new CampaignGone();
                if (row.State != CampaignState.Draft) return new Done();
                if (row.Revision != revision) return new CampaignChangedMeanwhile();
                var now = clock.GetUtcNow();
                var due = CampaignSchedule.LastDue(CampaignMapping.TimingOf(row), now, await CampaignPlans.ZoneAsync(db, scope, token).ConfigureAwait(false), now);
                row.State = due is null ? CampaignState.Scheduled : CampaignState.Running;
                (row.StartedAt, row.ChangedAt, row.AudienceCount) = (now, now, audience.Length);
                row.Revision++;
                db.Audit.Add(CampaignAudit.Entry(scope, clock, "campaign.launched", row, CampaignState.Draft));
                await db.SaveChangesAsync(token).ConfigureAwait(false);
                await CampaignMembers.AddAsync(db, row, audience, now, token).ConfigureAwait(false);
                return new Done();
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new CampaignChangedMeanwhile();
        }
    }

    private async Task<Outcome<Done>> MoveAsync(WorkspaceScope scope, Guid campaignId, CampaignState[] from, CampaignState to, string action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        try
        {
            return await databases.RunAsync<Done>(async (db, token) =>
            {
                var row = await db.Campaigns.SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace && row.Id == campaignId, token).ConfigureAwait(false);
                if (row is null) return new CampaignGone();
                var before = row.State;
                if (before == to) return new Done();
                if (!from.Contains(before)) return new CampaignStateUnfit(before.ToString());
                (row.State, row.Fault, row.ChangedAt) = (to, null, clock.GetUtcNow());
                if (to == CampaignState.Ended) row.EndedAt = row.ChangedAt;
                row.Revision++;
                db.Audit.Add(CampaignAudit.Entry(scope, clock, action, row, before));
                await db.SaveChangesAsync(token).ConfigureAwait(false);
                return new Done();
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new CampaignChangedMeanwhile();
        }
    }
}
