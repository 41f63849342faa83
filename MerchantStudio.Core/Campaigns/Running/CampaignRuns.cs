using System.Data.Common;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MerchantStudio.Core.Campaigns.Running;

/// <summary>Carries launched campaigns on: deals out, gives codes, sends what is due and ends what is over.</summary>
/// <remarks>
/// Each step looks at what is done already, so that a run which was cut off anywhere is simply run again. The campaigns themselves are the schedule: what fell due while the program
/// was not running is found at the next look and made up for once.
/// </remarks>
public sealed class CampaignRuns(IDbContextFactory<StudioDb> databases, CampaignPreparation preparation, CampaignSending sending, AudienceReader audiences, TimeProvider clock, ILogger<CampaignRuns> log) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>To be called every minute. One campaign that fails does not hold up the others.</summary>
    public async Task StartDueAsync(CancellationToken cancellationToken)
    {
        List<(WorkspaceId Workspace, Guid Id)> open;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using (db.ConfigureAwait(false))
        {
            var rows = await db.Campaigns.AsNoTracking().Where(row => row.State == CampaignState.Scheduled || row.State == CampaignState.Running)
                .Select(row => new { row.WorkspaceId, row.Id }).ToListAsync(cancellationToken).ConfigureAwait(false);
            open = [.. rows.Select(row => (row.WorkspaceId, row.Id))];
        }

        foreach (var (workspace, id) in open)
        {
            try
            {
                await AdvanceAsync(workspace, id, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is DbException or DbUpdateException or TransactionLostException or IOException)
            {
                log.LogWarning(fault, "A campaign could not be carried on; it is tried again at the next look.");
            }
        }
    }

    /// <summary>Does what is due of one campaign now.</summary>
    /// <returns>A problem that only the merchant can solve; the campaign is paused with it then.</returns>
    public async Task<Outcome<Done>> AdvanceAsync(WorkspaceId workspace, Guid campaignId, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var scope = new WorkspaceScope(workspace, Actor.Scheduler);
            if (await FindAsync(scope, campaignId, cancellationToken).ConfigureAwait(false) is not ({ State: CampaignState.Scheduled or CampaignState.Running } campaign, { } zone)) return new Done();
            var problem = await CarryOnAsync(scope, campaign, zone, cancellationToken).ConfigureAwait(false);
            if (problem is null) return new Done();
            await ChangeAsync(scope, campaignId, "campaign.stopped", row => (row.State, row.Fault) = (CampaignState.Paused, problem.Code), cancellationToken).ConfigureAwait(false);
            return problem;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<Problem?> CarryOnAsync(WorkspaceScope scope, Campaign campaign, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var (now, timing, launched) = (clock.GetUtcNow(), CampaignMapping.TimingOf(campaign), campaign.StartedAt ?? clock.GetUtcNow());
        if (campaign.PreparedAt is null)
        {
            if (await preparation.PrepareAsync(scope, campaign, cancellationToken).ConfigureAwait(false) is { } unprepared) return unprepared;
            await ChangeAsync(scope, campaign.Id, null, row => row.PreparedAt ??= now, cancellationToken).ConfigureAwait(false);
        }

        // Behind its last day nothing is sent any more, also not what was missed.
        var isPast = timing.EndsOn < CampaignSchedule.DayOf(now, zone);
        if (!isPast && CampaignSchedule.LastDue(timing, launched, zone, now) is { } due && !(campaign.LastRunAt >= due.At))
        {
            if (timing.Rhythm == CampaignRhythm.OnEntering && await EnterAsync(scope, campaign, cancellationToken).ConfigureAwait(false) is { } unknown) return unknown;
            if (await sending.SendAsync(scope, campaign, due, zone, cancellationToken).ConfigureAwait(false) is { } unsent) return unsent;
            await ChangeAsync(scope, campaign.Id, campaign.State == CampaignState.Scheduled ? "campaign.began" : null, row =>
            {
                row.LastRunAt = due.At;
                if (row.State == CampaignState.Scheduled) row.State = CampaignState.Running;
            }, cancellationToken).ConfigureAwait(false);
        }

        // It runs on until the last order that counts, so that the list says which results are still open.
        var lastSent = CampaignSchedule.LastDue(timing, launched, zone, now)?.At;
        if (lastSent is { } last && CampaignSchedule.IsOver(timing, launched, zone, now) && now >= last.AddDays(campaign.GoalDays))
            await ChangeAsync(scope, campaign.Id, "campaign.finished", row => (row.State, row.EndedAt) = (CampaignState.Ended, now), cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Takes in those who have come to fit since.</summary>
    private async Task<Problem?> EnterAsync(WorkspaceScope scope, Campaign campaign, CancellationToken cancellationToken)
    {
        if (!CampaignMapping.ToDraft(campaign).TryGet(out var draft, out var problem)) return problem;
        if (!(await audiences.IdsAsync(scope, draft.Audience, cancellationToken).ConfigureAwait(false)).TryGet(out var now, out problem)) return problem;
        var added = await databases.RunAsync<int>(async (db, token) =>
        {
            var count = await CampaignMembers.AddAsync(db, campaign, now, clock.GetUtcNow(), token).ConfigureAwait(false);
            if (count > 0) await db.Campaigns.Where(row => row.Id == campaign.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.AudienceCount, row => row.AudienceCount + count), token).ConfigureAwait(false);
            return count;
        }, cancellationToken).ConfigureAwait(false);
        if (!added.Succeeded) return added.Problem;
        return await preparation.PrepareAsync(scope, campaign, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(Campaign? Campaign, TimeZoneInfo? Zone)> FindAsync(WorkspaceScope scope, Guid campaignId, CancellationToken cancellationToken)
    {
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var row = await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace && row.Id == campaignId, cancellationToken).ConfigureAwait(false);
        return row is null ? (null, null) : (row, await CampaignPlans.ZoneAsync(db, scope, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Writes a step down, unless somebody paused or ended the campaign meanwhile: their word holds.</summary>
    private Task<Outcome<Done>> ChangeAsync(WorkspaceScope scope, Guid campaignId, string? action, Action<Campaign> change, CancellationToken cancellationToken) => databases.RunAsync<Done>(async (db, token) =>
    {
        var row = await db.Campaigns.SingleAsync(row => row.WorkspaceId == scope.Workspace && row.Id == campaignId, token).ConfigureAwait(false);
        var before = row.State;
        change(row);
        if (before is not (CampaignState.Scheduled or CampaignState.Running)) (row.State, row.Fault) = (before, null);
        row.Revision++;
        if (action is not null && row.State != before) db.Audit.Add(CampaignAudit.Entry(scope, clock, action, row, before));
        await db.SaveChangesAsync(token).ConfigureAwait(false);
        return new Done();
    }, cancellationToken);
}
