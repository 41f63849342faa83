using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Replay;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Guards;

/// <summary>What stands against a rule going live: prices below cost, orders for nothing, clashes, the budget's end, unequal treatment. Shown on the page and asked again by activation.</summary>
public sealed class PublishingCheck(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses, AudienceReader audiences, TimeProvider time)
{
    public const int LeastReasonLetters = 20;
    public const int MostReasonLetters = 2000;

    /// <summary>Looks at the rule as it is saved, with its last replay of the same terms.</summary>
    public async Task<Outcome<PublishingReport>> CheckAsync(WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var known = await audiences.ContextAsync(scope, cancellationToken).ConfigureAwait(false);
        if (!known.TryGet(out var context, out var problem)) return problem;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rule = await database.CouponRules.AsNoTracking().SingleOrDefaultAsync(rule => rule.WorkspaceId == scope.Workspace && rule.Id == ruleId, cancellationToken).ConfigureAwait(false);
        if (rule is null) return new RuleGone();
        if (!RuleMapping.ToDraft(rule, context.TimeZone).TryGet(out var draft, out problem)) return problem;
        if (ConditionCheck.Against(draft.Condition, context) is { } fault) return fault;
        var replay = await RuleReplays.LatestAsync(database, scope, ruleId, null, cancellationToken).ConfigureAwait(false);
        var findings = new List<Finding>();
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var draftRule = ReplayRules.Of(rule, draft, rule.ActivatedAt ?? time.GetUtcNow());
        var others = await ReplayRules.LiveAsync(database, scope.Workspace, rule.Id, context, time, cancellationToken).ConfigureAwait(false);
        findings.AddRange(CatalogueGuard.Check(draftRule, others, await CatalogueGuard.ItemsAsync(warehouse, rule.Currency, cancellationToken).ConfigureAwait(false), context, rule.Currency));
        var same = replay is { OfTheseTerms: true } ? replay.Result : null;
        if (same is null) findings.Add(new NoReplayFinding(replay is not null));
        else findings.AddRange(OfReplay(same, draft, RuleCalendar.Today(time, context.TimeZone)));
        findings.AddRange(Clashes(draft, draftRule, others, same));
        findings.AddRange(FairnessGuard.Check(await FairnessGuard.ReachAsync(warehouse, draft.Condition, context, cancellationToken).ConfigureAwait(false), same?.Groups ?? [], draft.Condition, context));
        var reasons = await ReasonsAsync(database, rule.Id, ReplayRules.HashOf(draft), cancellationToken).ConfigureAwait(false);
        return new PublishingReport(rule.Id, rule.Name, time.GetUtcNow(),
            [.. findings.Select(finding => finding with { Reason = reasons.GetValueOrDefault(finding.Key) }).OrderByDescending(finding => finding.Stands).ThenByDescending(finding => finding.Weight)]);
    }

    /// <summary>What keeps the rule from going live; null when nothing does.</summary>
    public async Task<Problem?> RefusalAsync(WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken)
    {
        var checkedRule = await CheckAsync(scope, ruleId, cancellationToken).ConfigureAwait(false);
        if (!checkedRule.TryGet(out var report, out var problem)) return problem;
        return report.Findings.FirstOrDefault(finding => finding.Stands) switch
        {
            null => null,
            { Weight: FindingWeight.Blocks } blocking => new RuleBlocked(blocking.Key),
            var open => new RuleUnjustified(open.Key),
        };
    }

    /// <summary>Records why a rule may go live in spite of a finding. It holds for the terms as they are saved now; changed terms need a reason of their own.</summary>
    public async Task<Outcome<Done>> JustifyAsync(WorkspaceScope scope, Guid ruleId, string finding, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(finding);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        var text = reason?.Trim() ?? "";
        if (text.Length is < LeastReasonLetters or > MostReasonLetters) return new JustificationUnfit(LeastReasonLetters, MostReasonLetters);
        var checkedRule = await CheckAsync(scope, ruleId, cancellationToken).ConfigureAwait(false);
        if (!checkedRule.TryGet(out var report, out var problem)) return problem;
        if (!report.Findings.Any(found => found.Key == finding && found.Weight == FindingWeight.NeedsJustification)) return new JustificationNotAsked();
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rule = await database.CouponRules.SingleAsync(rule => rule.WorkspaceId == scope.Workspace && rule.Id == ruleId, cancellationToken).ConfigureAwait(false);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(await database.Workspaces.Where(workspace => workspace.Id == scope.Workspace).Select(workspace => workspace.TimeZone).SingleAsync(cancellationToken).ConfigureAwait(false));
        if (!RuleMapping.ToDraft(rule, zone).TryGet(out var draft, out problem)) return problem;
        var now = time.GetUtcNow();
        database.RuleJustifications.Add(new RuleJustification
        {
            Id = Guid.CreateVersion7(now),
            WorkspaceId = scope.Workspace,
            RuleId = ruleId,
            TermsHash = ReplayRules.HashOf(draft),
            Finding = finding,
            Reason = text,
            By = scope.Actor.Name,
            At = now,
        });
        database.Audit.Add(new AuditEntry { WorkspaceId = scope.Workspace, At = now, Actor = scope.Actor.Name, Action = "rule.justified", Target = rule.Name, After = finding, Reason = text });
        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    /// <summary>What the past orders say against the rule.</summary>
    internal static IEnumerable<Finding> OfReplay(ReplayResult replay, RuleDraft draft, DateOnly today)
    {
        var margin = replay.Margin;
        yield return new PastOrdersFinding("below-cost.replay", margin.Losses > 0 ? FindingWeight.NeedsJustification : margin.KnownCosts == 0 && margin.Uses > 0 ? FindingWeight.Warns : FindingWeight.Fine, margin.Losses, margin.KnownCosts, margin.LossOrders);
        yield return new PastOrdersFinding("free-order.replay", margin.Free > 0 ? FindingWeight.Blocks : FindingWeight.Fine, margin.Free, margin.Uses, margin.FreeOrders);
        if (margin.FloorBasisPoints is { } floor) yield return new FloorFinding(margin.BelowFloor > 0 ? FindingWeight.Warns : FindingWeight.Fine, floor, margin.BelowFloor, margin.Reduced);
        if (RunOutGuard.Check(draft, replay, today) is { } end) yield return end;
    }

    internal static IEnumerable<ClashFinding> Clashes(RuleDraft draft, CartRule rule, ImmutableArray<CartRule> others, ReplayResult? replay)
    {
        var condition = ConditionJson.Write(draft.Condition);
        foreach (var other in others)
        {
            var met = replay?.Rivals.FirstOrDefault(rival => rival.RuleId == other.Id);
            var group = rule.SharesGroupWith(other) ? rule.ExclusiveGroup : null;
            var sameAudience = ConditionJson.Write(other.Condition) == condition && Overlap(rule, other);
            if (met is not null || group is not null || sameAudience) yield return new ClashFinding(FindingWeight.Warns, other.Id, other.Name, met, sameAudience, group);
        }
    }

    private static bool Overlap(CartRule one, CartRule other) => !(one.StartsAt > other.EndsAt) && !(other.StartsAt > one.EndsAt);

    private static async Task<Dictionary<string, Justification>> ReasonsAsync(StudioDb database, Guid ruleId, string terms, CancellationToken cancellationToken)
    {
        var rows = await database.RuleJustifications.AsNoTracking().Where(row => row.RuleId == ruleId && row.TermsHash == terms).OrderBy(row => row.At).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        var reasons = new Dictionary<string, Justification>();
        foreach (var row in rows) reasons[row.Finding] = new Justification(row.Reason, row.By, row.At);
        return reasons;
    }
}
