using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Campaigns.Planning;

/// <summary>Campaigns as they are written, listed and checked. Launching them is <see cref="Running.CampaignLaunch"/>'s.</summary>
public sealed class CampaignPlans(IDbContextFactory<StudioDb> databases, AudienceReader audiences, CampaignOffers offers, TimeProvider clock)
{
    /// <summary>The one that was changed last first.</summary>
    public async Task<Outcome<ImmutableArray<CampaignView>>> ListAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var rows = await db.Campaigns.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace).OrderByDescending(row => row.ChangedAt ?? row.CreatedAt).ToListAsync(cancellationToken).ConfigureAwait(false);
        return await ViewsAsync(db, scope, rows, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Outcome<CampaignView>> FindAsync(WorkspaceScope scope, Guid campaignId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var row = await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace && row.Id == campaignId, cancellationToken).ConfigureAwait(false);
        if (row is null) return new CampaignGone();
        return (await ViewsAsync(db, scope, [row], cancellationToken).ConfigureAwait(false))[0];
    }

    /// <summary>Saves a new campaign (without id) or a draft that is still at <paramref name="revision"/>. What a launch needs may still be missing.</summary>
    public async Task<Outcome<Guid>> SaveAsync(WorkspaceScope scope, Guid? campaignId, int revision, CampaignDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(draft);
        if (scope.Refusal(Right.EditRules) is { } refusal) return refusal;
        if (CampaignCheck.Shape(draft).FirstOrDefault() is { } problem) return problem;
        var name = draft.Name.Trim();
        try
        {
            return await databases.RunAsync<Guid>(async (db, token) =>
            {
                if (await db.Campaigns.AnyAsync(other => other.WorkspaceId == scope.Workspace && other.Name == name && other.Id != campaignId, token).ConfigureAwait(false)) return new CampaignNameTaken(name);
                var now = clock.GetUtcNow();
                var row = campaignId is null ? null : await db.Campaigns.SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace && row.Id == campaignId, token).ConfigureAwait(false);
                if (campaignId is not null && row is null) return new CampaignGone();
                if (row is null)
                {
                    var currency = await db.Workspaces.Where(workspace => workspace.Id == scope.Workspace).Select(workspace => workspace.Currency).SingleAsync(token).ConfigureAwait(false);
                    row = new Campaign { Id = Guid.CreateVersion7(now), WorkspaceId = scope.Workspace, Name = name, AudienceJson = "", Currency = currency, CreatedBy = scope.Actor.Name, CreatedAt = now };
                    db.Campaigns.Add(row);
                }
                else
                {
                    if (row.State != CampaignState.Draft) return new CampaignNotEditable();
                    if (row.Revision != revision) return new CampaignChangedMeanwhile();
                    row.Revision++;
                }

                CampaignMapping.Apply(draft, row);
                row.ChangedAt = now;
                db.Audit.Add(CampaignAudit.Entry(scope, clock, campaignId is null ? "campaign.created" : "campaign.changed", row));
                await db.SaveChangesAsync(token).ConfigureAwait(false);
                return row.Id;
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new CampaignChangedMeanwhile();
        }
    }

    /// <summary>Removes a campaign that was never launched. Its coupon rule stays.</summary>
    public async Task<Outcome<Done>> DeleteAsync(WorkspaceScope scope, Guid campaignId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.EditRules) is { } refusal) return refusal;
        try
        {
            return await databases.RunAsync<Done>(async (db, token) =>
            {
                var row = await db.Campaigns.SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace && row.Id == campaignId, token).ConfigureAwait(false);
                if (row is null) return new CampaignGone();
                if (row.State != CampaignState.Draft) return new CampaignNotEditable();
                db.Campaigns.Remove(row);
                db.Audit.Add(CampaignAudit.Entry(scope, clock, "campaign.deleted", row));
                await db.SaveChangesAsync(token).ConfigureAwait(false);
                return new Done();
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new CampaignChangedMeanwhile();
        }
    }

    /// <summary>Everything that stands in the way of launching a draft, and how many it is for.</summary>
    /// <param name="campaignId">Null for a draft that is not saved yet.</param>
    public async Task<Outcome<CampaignCheckup>> CheckAsync(WorkspaceScope scope, Guid? campaignId, CampaignDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(draft);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var today = CampaignSchedule.DayOf(clock.GetUtcNow(), await ZoneAsync(db, scope, cancellationToken).ConfigureAwait(false));
        var problems = CampaignCheck.Check(draft, today).ToBuilder();
        AudienceCount? audience = null;
        if (ConditionCheck.WithoutBasket(draft.Audience) is { } basket) problems.Add(basket);
        else if (ConditionCheck.Shape(draft.Audience) is null)
        {
            if (!(await audiences.CountAsync(scope, draft.Audience, cancellationToken).ConfigureAwait(false)).TryGet(out var count, out var problem)) problems.Add(problem);
            else
            {
                audience = count;
                if (count.Shoppers == 0 && draft.Timing.Rhythm != CampaignRhythm.OnEntering) problems.Add(new CampaignAudienceEmpty());
            }
        }

        await AddChannelAsync(db, scope, draft, problems, cancellationToken).ConfigureAwait(false);
        foreach (var offer in CampaignVariants.Of(draft).Zip(CampaignVariants.Shares(draft)).Where(pair => pair.First.RuleId is not null).GroupBy(pair => pair.First.RuleId!.Value))
        {
            var people = (long)Math.Ceiling((audience?.Shoppers ?? 0) * offer.Sum(pair => pair.Second) / 10_000m);
            problems.AddRange(await offers.FaultsAsync(scope, offer.Key, campaignId, people, today, draft.Timing.StartsOn > today ? draft.Timing.StartsOn.Value : today, cancellationToken).ConfigureAwait(false));
        }

        return new CampaignCheckup(problems.ToImmutable(), audience);
    }

    internal static async Task<TimeZoneInfo> ZoneAsync(StudioDb db, WorkspaceScope scope, CancellationToken cancellationToken) =>
        TimeZoneInfo.FindSystemTimeZoneById(await db.Workspaces.Where(workspace => workspace.Id == scope.Workspace).Select(workspace => workspace.TimeZone).SingleAsync(cancellationToken).ConfigureAwait(false));

    private static async Task AddChannelAsync(StudioDb db, WorkspaceScope scope, CampaignDraft draft, ImmutableArray<Problem>.Builder problems, CancellationToken cancellationToken)
    {
        if (draft.Channel == MessageChannel.Email)
        {
            var settings = await db.MessagingSettings.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace, cancellationToken).ConfigureAwait(false);
            if (settings is null || !MessagingSetup.CanMail(settings)) problems.Add(new MailNotSetUp());
        }
        else if (draft.Channel == MessageChannel.Webhook)
        {
            var open = await db.WebhookEndpoints.CountAsync(row => row.WorkspaceId == scope.Workspace && row.DisabledAt == null && row.RemovedAt == null && (draft.EndpointId == null || row.Id == draft.EndpointId), cancellationToken).ConfigureAwait(false);
            if (open != 1) problems.Add(new EndpointNotSetUp());
        }
    }

    private async Task<ImmutableArray<CampaignView>> ViewsAsync(StudioDb db, WorkspaceScope scope, List<Campaign> rows, CancellationToken cancellationToken)
    {
        var zone = await ZoneAsync(db, scope, cancellationToken).ConfigureAwait(false);
        var now = clock.GetUtcNow();
        return [.. rows.Select(row =>
        {
            var read = CampaignMapping.ToDraft(row);
            var next = row.State is CampaignState.Scheduled or CampaignState.Running && row.StartedAt is { } started
                ? CampaignSchedule.NextAfter(CampaignMapping.TimingOf(row), started, zone, now)?.At : null;
            return new CampaignView(row.Id, row.Name, read.Succeeded ? read.Value : null, read.Problem, row.State, row.Revision, row.Currency, row.ExperimentId,
                row.CreatedBy, row.CreatedAt, row.ChangedAt, row.StartedAt, row.PreparedAt, row.LastRunAt, next, row.EndedAt, row.AudienceCount, row.Fault);
        })];
    }
}
