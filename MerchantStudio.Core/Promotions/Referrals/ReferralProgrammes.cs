using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Referrals;

/// <param name="MostRewards">Rewards that one advocate may hold, 1 to <see cref="ReferralProgrammes.MostRewards"/>.</param>
public sealed record ReferralDraft(string Name, Guid FriendRuleId, Guid RewardRuleId, int MostRewards);

/// <param name="Advocates">Who has a code.</param>
/// <param name="Rewards">Given and not taken back.</param>
public sealed record ReferralView(Guid Id, ReferralDraft Draft, string FriendRule, string RewardRule, ReferralState State, int Revision, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, int Advocates, int Rewards);

/// <summary>Drafts, lists, starts and stops referral programmes. Both rules go live with the programme, by the checks and the approval that any rule has.</summary>
public sealed class ReferralProgrammes(IDbContextFactory<StudioDb> databases, CouponRules rules, RuleActivation activation, AudienceReader audiences, AuditTrail audit, TimeProvider time)
{
    public const int MostRewards = 1_000;

    /// <summary>Nobody knows how many friends will come: only the rule's own limits bound what it costs.</summary>
    private const long NoBound = 1_000_000_000;

    public async Task<Outcome<ImmutableArray<ReferralView>>> ListAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rows = await database.ReferralProgrammes.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace).OrderByDescending(row => row.CreatedAt).Select(row => new
        {
            Row = row,
            Friend = database.CouponRules.Where(rule => rule.Id == row.FriendRuleId).Select(rule => rule.Name).FirstOrDefault(),
            Reward = database.CouponRules.Where(rule => rule.Id == row.RewardRuleId).Select(rule => rule.Name).FirstOrDefault(),
            Advocates = database.CouponCodes.Count(code => code.ReferralId == row.Id && code.AdvocateId != null),
            Rewards = database.ReferralRewards.Count(reward => reward.ProgrammeId == row.Id && reward.TakenBackAt == null),
        }).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        return rows.Select(row => new ReferralView(row.Row.Id, new ReferralDraft(row.Row.Name, row.Row.FriendRuleId, row.Row.RewardRuleId, row.Row.MostRewards), row.Friend ?? "", row.Reward ?? "",
            row.Row.State, row.Row.Revision, row.Row.CreatedBy, row.Row.CreatedAt, row.Row.StartedAt, row.Advocates, row.Rewards)).ToImmutableArray();
    }

    /// <param name="id">Null for a new one.</param>
    /// <param name="revision">The revision that was on the screen; a later change is refused.</param>
    public async Task<Outcome<Guid>> SaveAsync(WorkspaceScope scope, Guid? id, int revision, ReferralDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(draft);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        var name = draft.Name.Trim();
        if (name.Length is 0 or > 80) return new ReferralNameMissing();
        if (draft.MostRewards is < 1 or > MostRewards) return new ReferralRewardsUnfit(MostRewards);
        if (await FaultAsync(scope, draft, cancellationToken).ConfigureAwait(false) is { } fault) return fault;
        try
        {
            return await databases.RunAsync<Guid>(async (database, token) =>
            {
                if (await database.ReferralProgrammes.AnyAsync(row => row.WorkspaceId == scope.Workspace && row.Name == name && row.Id != id, token).ConfigureAwait(false)) return new ReferralNameTaken(name);
                var row = id is null ? null : await database.ReferralProgrammes.SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace && row.Id == id, token).ConfigureAwait(false);
                if (id is not null && row is null) return new ReferralGone();
                if (row is not null && row.Revision != revision) return new RuleChangedMeanwhile();
                if (row is { State: ReferralState.Ended }) return new ReferralStateUnfit(row.State.ToString());
                if (row is not null && row.State != ReferralState.Draft && (row.FriendRuleId, row.RewardRuleId) != (draft.FriendRuleId, draft.RewardRuleId)) return new ReferralNotEditable();
                if (row is null)
                {
                    row = new ReferralProgramme
                    {
                        Id = Guid.CreateVersion7(time.GetUtcNow()),
                        WorkspaceId = scope.Workspace,
                        Name = name,
                        FriendRuleId = draft.FriendRuleId,
                        RewardRuleId = draft.RewardRuleId,
                        MostRewards = draft.MostRewards,
                        CreatedBy = scope.Actor.Name,
                        CreatedAt = time.GetUtcNow(),
                    };
                    database.ReferralProgrammes.Add(row);
                }
                else
                {
                    (row.Name, row.FriendRuleId, row.RewardRuleId, row.MostRewards) = (name, draft.FriendRuleId, draft.RewardRuleId, draft.MostRewards);
                    row.Revision++;
                }

                audit.Add(database, scope.Workspace, scope.Actor, new AuditFact("referral.saved", name, After: $"{draft.MostRewards} rewards"));
                await database.SaveChangesAsync(token).ConfigureAwait(false);
                return row.Id;
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new RuleChangedMeanwhile();
        }
    }

    /// <summary>Takes both rules live where they are not yet, and the programme with them. From a pause it goes on.</summary>
    public async Task<Outcome<Done>> StartAsync(WorkspaceScope scope, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        if (!(await ListAsync(scope, cancellationToken).ConfigureAwait(false)).TryGet(out var all, out var unread)) return unread;
        if (all.FirstOrDefault(row => row.Id == id) is not { } programme) return new ReferralGone();
        if (programme.State == ReferralState.Running) return new Done();
        if (programme.State == ReferralState.Ended) return new ReferralStateUnfit(programme.State.ToString());
        if (await FaultAsync(scope, programme.Draft, cancellationToken).ConfigureAwait(false) is { } fault) return fault;

        // Both are asked before either goes live: half a programme would give codes that lead nowhere.
        foreach (var rule in (Guid[])[programme.Draft.FriendRuleId, programme.Draft.RewardRuleId])
        {
            if (await NeedsOwnerAsync(scope, rule, cancellationToken).ConfigureAwait(false)) return new ReferralNeedsOwner();
        }

        foreach (var rule in (Guid[])[programme.Draft.FriendRuleId, programme.Draft.RewardRuleId])
        {
            if (!(await rules.FindAsync(scope, rule, cancellationToken).ConfigureAwait(false)).TryGet(out var view, out var gone)) return gone;
            if (view.State is not (CouponRuleState.Draft or CouponRuleState.AwaitingApproval)) continue;
            if (!(await activation.ActivateAsync(scope, rule, new CampaignTerms(0, null, NoBound), cancellationToken).ConfigureAwait(false)).TryGet(out var done, out var problem)) return problem;
            if (done.AwaitsApproval) return new ReferralNeedsOwner();
        }

        return await MoveAsync(scope, id, [ReferralState.Draft, ReferralState.Paused], ReferralState.Running, "referral.started", cancellationToken).ConfigureAwait(false);
    }

    public Task<Outcome<Done>> PauseAsync(WorkspaceScope scope, Guid id, CancellationToken cancellationToken) => MoveAsync(scope, id, [ReferralState.Running], ReferralState.Paused, "referral.paused", cancellationToken);

    /// <summary>For good. Rewards that were given keep working as long as their rule does.</summary>
    public Task<Outcome<Done>> EndAsync(WorkspaceScope scope, Guid id, CancellationToken cancellationToken) =>
        MoveAsync(scope, id, [ReferralState.Draft, ReferralState.Running, ReferralState.Paused], ReferralState.Ended, "referral.ended", cancellationToken);

    private async Task<Problem?> FaultAsync(WorkspaceScope scope, ReferralDraft draft, CancellationToken cancellationToken)
    {
        if (draft.FriendRuleId == draft.RewardRuleId) return new ReferralRulesUnfit();
        foreach (var id in (Guid[])[draft.FriendRuleId, draft.RewardRuleId])
        {
            if (!(await rules.FindAsync(scope, id, cancellationToken).ConfigureAwait(false)).TryGet(out var rule, out var problem)) return problem is RuleGone ? new ReferralRulesUnfit() : problem;
            if (rule.Draft is null) return rule.Fault;
            if (rule.Draft.Method == RuleMethod.Automatic) return new ReferralRulesUnfit();
            if (rule.State is CouponRuleState.Paused or CouponRuleState.Ended) return new ReferralRuleNotLive(rule.Name);
            if (id == draft.FriendRuleId && await audiences.ContextAsync(scope, cancellationToken).ConfigureAwait(false) is { Succeeded: true, Value: var context } && ConditionCheck.Against(rule.Draft.Condition, context) is null
                && !ConditionTest.Compile(ConditionProjection.Of(rule.Draft.Condition), context)(new ShopperFacts { UserId = "", Orders = 0 })) return new ReferralFriendCondition(rule.Name);
            if (id == draft.RewardRuleId && rule.Draft.UsesPerCustomer < draft.MostRewards) return new ReferralRewardUses(rule.Name, rule.Draft.UsesPerCustomer, draft.MostRewards);
        }

        return null;
    }

    private async Task<bool> NeedsOwnerAsync(WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken)
    {
        if (scope.Refusal(Right.ApproveBudget) is null) return false;
        if ((await rules.FindAsync(scope, ruleId, cancellationToken).ConfigureAwait(false)) is not { Succeeded: true, Value.Draft: { } draft }) return false;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var limit = await database.Workspaces.Where(shop => shop.Id == scope.Workspace).Select(shop => shop.ApprovalLimitMinor).SingleAsync(cancellationToken).ConfigureAwait(false);
        return Approval.IsNeeded(draft, NoBound, limit);
    }

    private async Task<Outcome<Done>> MoveAsync(WorkspaceScope scope, Guid id, ReferralState[] from, ReferralState to, string action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        try
        {
            return await databases.RunAsync<Done>(async (database, token) =>
            {
                if (await database.ReferralProgrammes.SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace && row.Id == id, token).ConfigureAwait(false) is not { } row) return new ReferralGone();
                if (row.State == to) return new Done();
                if (!from.Contains(row.State)) return new ReferralStateUnfit(row.State.ToString());
                audit.Add(database, scope.Workspace, scope.Actor, new AuditFact(action, row.Name, Before: row.State.ToString(), After: to.ToString()));
                row.State = to;
                if (to == ReferralState.Running) row.StartedAt ??= time.GetUtcNow();
                row.Revision++;
                await database.SaveChangesAsync(token).ConfigureAwait(false);
                return new Done();
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new RuleChangedMeanwhile();
        }
    }
}
