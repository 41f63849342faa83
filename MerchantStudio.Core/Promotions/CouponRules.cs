using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions;

/// <summary>Drafts coupon rules, says what they would do, and lists them. Giving codes out is <see cref="RuleActivation"/>'s.</summary>
public sealed class CouponRules(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses, AudienceReader audiences, CouponCodes codes, TimeProvider time)
{
    public async Task<Outcome<ImmutableArray<RuleView>>> ListAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        await codes.RefreshUsesAsync(scope, cancellationToken).ConfigureAwait(false);
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rules = await database.CouponRules.AsNoTracking().Where(rule => rule.WorkspaceId == scope.Workspace).OrderByDescending(rule => rule.ChangedAt ?? rule.CreatedAt).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        return await ViewsAsync(database, scope, rules, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Outcome<RuleView>> FindAsync(WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rule = await database.CouponRules.AsNoTracking().SingleOrDefaultAsync(rule => rule.WorkspaceId == scope.Workspace && rule.Id == ruleId, cancellationToken).ConfigureAwait(false);
        if (rule is null) return new RuleGone();
        return (await ViewsAsync(database, scope, [rule], cancellationToken).ConfigureAwait(false))[0];
    }

    /// <summary>Saves a new rule (without id) or a draft that is still at <paramref name="revision"/>. A rule that waits for approval becomes a draft again.</summary>
    public Task<Outcome<Guid>> SaveAsync(WorkspaceScope scope, Guid? ruleId, int revision, RuleDraft draft, CancellationToken cancellationToken) => SaveAsync(scope, ruleId, revision, draft, null, cancellationToken);

    /// <param name="replaces">The running rule whose place a new one takes when it goes live; null for none.</param>
    public async Task<Outcome<Guid>> SaveAsync(WorkspaceScope scope, Guid? ruleId, int revision, RuleDraft draft, Guid? replaces, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(draft);
        if (scope.Refusal(Right.EditRules) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var workspace = await database.Workspaces.SingleAsync(workspace => workspace.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(workspace.TimeZone);
        if (RuleCheck.Check(draft, RuleCalendar.Today(time, zone)).FirstOrDefault() is { } problem) return problem;
        var name = draft.Name.Trim();
        if (await database.CouponRules.AnyAsync(other => other.WorkspaceId == scope.Workspace && other.Name == name && other.Id != ruleId, cancellationToken).ConfigureAwait(false)) return new RuleNameTaken(name);
        var rule = ruleId is null ? null : await database.CouponRules.SingleOrDefaultAsync(rule => rule.WorkspaceId == scope.Workspace && rule.Id == ruleId, cancellationToken).ConfigureAwait(false);
        if (ruleId is not null && rule is null) return new RuleGone();
        var now = time.GetUtcNow();
        if (rule is null)
        {
            rule = new CouponRule
            {
                Id = Guid.CreateVersion7(now),
                WorkspaceId = scope.Workspace,
                Name = name,
                ConditionJson = "",
                OfferJson = "",
                Currency = workspace.Currency,
                Replaces = replaces,
                CreatedBy = scope.Actor.Name,
                CreatedAt = now,
            };
            database.CouponRules.Add(rule);
        }
        else
        {
            if (rule.State is not (CouponRuleState.Draft or CouponRuleState.AwaitingApproval)) return new RuleNotEditable();
            if (rule.Revision != revision) return new RuleChangedMeanwhile();
            rule.Revision++;
        }

        RuleMapping.Apply(draft, rule, zone);
        rule.State = CouponRuleState.Draft;
        rule.ChangedAt = now;
        await RuleVersions.AddAsync(database, rule, draft, scope.Actor.Name, now, cancellationToken).ConfigureAwait(false);
        database.Audit.Add(RuleAudit.Entry(scope, time, ruleId is null ? "rule.created" : "rule.changed", rule));
        try
        {
            await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new RuleChangedMeanwhile();
        }

        return rule.Id;
    }

    /// <summary>Removes a rule that never gave out a code.</summary>
    public async Task<Outcome<Done>> DeleteAsync(WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.EditRules) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rule = await database.CouponRules.SingleOrDefaultAsync(rule => rule.WorkspaceId == scope.Workspace && rule.Id == ruleId, cancellationToken).ConfigureAwait(false);
        if (rule is null) return new RuleGone();
        if (rule.State is not (CouponRuleState.Draft or CouponRuleState.AwaitingApproval)) return new RuleNotEditable();
        database.CouponRules.Remove(rule);
        database.Audit.Add(RuleAudit.Entry(scope, time, "rule.deleted", rule));
        try
        {
            await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new RuleChangedMeanwhile();
        }

        return new Done();
    }

    /// <summary>Who would get a code and what it would cost, on the published profiles as they are now.</summary>
    public async Task<Outcome<RuleEstimate>> EstimateAsync(WorkspaceScope scope, RuleDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(draft);
        var started = time.GetTimestamp();
        var counted = await audiences.CountAsync(scope, draft.Condition, cancellationToken).ConfigureAwait(false);
        if (!counted.TryGet(out var count, out var problem)) return problem;
        var known = await audiences.ContextAsync(scope, cancellationToken).ConfigureAwait(false);
        if (!known.TryGet(out var context, out problem)) return problem;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var workspace = await database.Workspaces.AsNoTracking().SingleAsync(workspace => workspace.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var given = draft.Method == RuleMethod.Automatic ? count.Shoppers : Math.Min(count.Shoppers, draft.MostCodes ?? long.MaxValue);
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var cost = await new RuleCosting(warehouse, draft, context, workspace.Currency)
            .EstimateAsync(count.Shoppers, given, RuleCalendar.Today(time, context.TimeZone), cancellationToken).ConfigureAwait(false);
        return new RuleEstimate(count.Shoppers, count.Total, given, cost, Approval.MostMinor(draft, given), Approval.IsNeeded(draft, given, workspace.ApprovalLimitMinor),
            count.Left, LeftOutOf(draft.Condition, count, given), time.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>How many each top-level part of the condition stops first, and how many the limits do.</summary>
    internal static ImmutableArray<LeftOut> LeftOutOf(Condition condition, AudienceCount count, long given)
    {
        var found = ImmutableArray.CreateBuilder<LeftOut>();
        var before = count.Total;
        if (condition is AllOf { Parts: { Length: > 0 } parts })
        {
            var lines = 0;
            for (var index = 0; index < parts.Length; index++)
            {
                lines += ConditionLines.Of(parts[index]).Length;
                var left = index == parts.Length - 1 ? count.Shoppers : lines == 0 ? before : count.Left[lines - 1];
                if (before > left) found.Add(new LeftOut(index, before - left));
                before = left;
            }
        }
        else if (before > count.Shoppers)
        {
            found.Add(new LeftOut(0, before - count.Shoppers));
        }

        if (count.Shoppers > given) found.Add(new LeftOut(null, count.Shoppers - given));
        return found.ToImmutable();
    }

    private async Task<ImmutableArray<RuleView>> ViewsAsync(StudioDb database, WorkspaceScope scope, CouponRule[] rules, CancellationToken cancellationToken)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(await database.Workspaces.Where(workspace => workspace.Id == scope.Workspace).Select(workspace => workspace.TimeZone).SingleAsync(cancellationToken).ConfigureAwait(false));
        Guid[] ids = [.. rules.Select(rule => rule.Id)];
        var sums = await database.CouponCodes.Where(code => code.WorkspaceId == scope.Workspace && ids.Contains(code.RuleId)).GroupBy(code => code.RuleId)
            .Select(group => new { group.Key, Given = group.Count(), Used = group.Count(code => code.Uses > 0), Uses = group.Sum(code => code.Uses) })
            .ToDictionaryAsync(sum => sum.Key, cancellationToken).ConfigureAwait(false);
        string[] automatic = [.. rules.Where(rule => rule.Method == RuleMethod.Automatic).Select(rule => rule.Id.ToString("D"))];
        var used = automatic.Length == 0 ? [] : await database.RedemptionCounters.Where(counter => counter.WorkspaceId == scope.Workspace && counter.Scope == CounterScope.Rule && automatic.Contains(counter.Key))
            .ToDictionaryAsync(counter => counter.Key, counter => counter.Uses, cancellationToken).ConfigureAwait(false);
        var campaigns = await DraftCampaigns.ByRuleAsync(database, scope.Workspace, cancellationToken).ConfigureAwait(false);
        return [.. rules.Select(rule =>
        {
            var read = RuleMapping.ToDraft(rule, zone);
            var sum = sums.GetValueOrDefault(rule.Id);
            return new RuleView(rule.Id, rule.Name, read.Succeeded ? read.Value : null, read.Problem, RuleCalendar.StateOf(rule, time), rule.Revision, rule.Currency, rule.CreatedBy, rule.CreatedAt,
                rule.ChangedAt, rule.ActivatedAt, rule.ApprovedBy, rule.AudienceCount, sum?.Given ?? 0, sum?.Used ?? 0, rule.Method == RuleMethod.Automatic ? used.GetValueOrDefault(rule.Id.ToString("D")) : sum?.Uses ?? 0, rule.Replaces,
                rule is { SentBackBy: { } by, SentBackReason: { } reason } ? new SentBack(by, reason) : null, rule.ActivatedAt is null ? campaigns.GetValueOrDefault(rule.Id) : null);
        })];
    }
}
