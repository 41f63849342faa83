using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>Reads what a shop gives from the databases. What has not changed since the last time is taken over, above all the compiled rules.</summary>
internal sealed class LiveOffersReader(IDbContextFactory<StudioDb> databases, AudienceReader audiences, WarehouseRegistry warehouses, TimeProvider time)
{
    /// <summary>Keys asked about by one statement.</summary>
    private const int KeysAtOnce = 500;

    private static readonly Condition Nobody = new AnyOf([]);

    /// <param name="before">What was read last; null for a shop that nobody has asked about.</param>
    public async Task<LiveOffers> ReadAsync(WorkspaceId workspace, LiveOffers? before, CancellationToken cancellationToken)
    {
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var shop = await database.Workspaces.AsNoTracking().Where(shop => shop.Id == workspace).Select(shop => new { shop.Currency, shop.TimeZone, shop.BestOffersForCustomer }).SingleAsync(cancellationToken).ConfigureAwait(false);
        var stamp = await StampAsync(database, workspace, cancellationToken).ConfigureAwait(false);
        var known = await audiences.ContextAsync(workspace, cancellationToken).ConfigureAwait(false);

        // Before the first run nothing is known of anybody; offers that ask about the cart alone are given all the same.
        var context = known.TryGet(out var found, out var _) ? found : new ConditionContext(DateTimeOffset.UnixEpoch, TimeZoneInfo.FindSystemTimeZoneById(shop.TimeZone), ImmutableDictionary<Guid, SavedCondition>.Empty);
        if (before is not null && IsSame(before.Context, context)) context = before.Context;
        var rules = before is not null && before.Stamp == stamp && ReferenceEquals(before.Context, context) ? before.Rules : await RulesAsync(database, workspace, context, cancellationToken).ConfigureAwait(false);
        var (running, holding) = await OfferHoldouts.ReadAsync(database, workspace, cancellationToken).ConfigureAwait(false);
        var everyone = running.IsEmpty ? null : await GlobalHoldouts.CurrentAsync(database, workspace, cancellationToken).ConfigureAwait(false);
        var budgets = await CampaignBudgets.ReadAsync(database, workspace, cancellationToken).ConfigureAwait(false);
        return new LiveOffers(
            shop.Currency, shop.BestOffersForCustomer ? DecisionMode.BestForCustomer : DecisionMode.Priority, context, stamp, rules,
            !known.Succeeded ? default : before is not null && rules == before.Rules ? before.Needs : FactNeeds.Of(rules.SelectMany(rule => rule.Draft.SegmentLimits.Select(Condition (limit) => new InSegment([limit.Segment])).Prepend(rule.Prepared.Rule.Condition)), context),
            await UsedAsync(database, workspace, rules, budgets, RuleLimits.Day(RuleCalendar.Today(time, context.TimeZone)), cancellationToken).ConfigureAwait(false),
            running, everyone, holding, budgets, known.Succeeded ? await WrittenAsync(workspace, cancellationToken).ConfigureAwait(false) : null);
    }

    /// <summary>Shoppers whose facts were written anew after a moment.</summary>
    public async Task<ImmutableArray<string>> ChangedAsync(WorkspaceId workspace, DateTimeOffset? after, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        return await warehouse.QueryAsync("select user_id from live_features where written > coalesce(cast($1 as timestamp), timestamp '0001-01-01')", row => row.Text(0)!, [after], cancellationToken).ConfigureAwait(false);
    }

    private async Task<DateTimeOffset?> WrittenAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        return await warehouse.HasTableAsync("live_features", cancellationToken).ConfigureAwait(false) ? await warehouse.ScalarAsync<DateTimeOffset?>("select max(written) from live_features", [], cancellationToken).ConfigureAwait(false) : null;
    }

    private static async Task<RulesStamp> StampAsync(StudioDb database, WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var sums = await database.CouponRules.Where(rule => rule.WorkspaceId == workspace).GroupBy(_ => 1)
            .Select(rules => new { Rules = rules.Count(), Revisions = rules.Sum(rule => (long)rule.Revision), ChangedAt = rules.Max(rule => rule.ChangedAt) }).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return sums is null ? default : new RulesStamp(sums.Rules, sums.Revisions, sums.ChangedAt);
    }

    private static bool IsSame(ConditionContext one, ConditionContext other) => one.AsOf == other.AsOf && one.TimeZone.Id == other.TimeZone.Id && one.Saved.Count == other.Saved.Count
        && one.Saved.All(saved => other.Saved.TryGetValue(saved.Key, out var now) && ConditionJson.Write(now.Condition) == ConditionJson.Write(saved.Value.Condition));

    private static async Task<ImmutableArray<LiveRule>> RulesAsync(StudioDb database, WorkspaceId workspace, ConditionContext context, CancellationToken cancellationToken)
    {
        var rows = await database.CouponRules.AsNoTracking().Where(rule => rule.WorkspaceId == workspace && rule.State == CouponRuleState.Live).ToListAsync(cancellationToken).ConfigureAwait(false);
        var drafts = new Dictionary<Guid, (CouponRule Row, RuleDraft Draft)>();
        foreach (var row in rows)
        {
            if (RuleMapping.ToDraft(row, context.TimeZone).TryGet(out var draft, out var _)) drafts[row.Id] = (row, Answerable(draft, context) ? draft : draft with { Condition = Nobody, SegmentLimits = [] });
        }

        var set = CartRuleSet.Of(drafts.Values.Select(rule => CartRule.Of(rule.Row.Id, rule.Draft, rule.Row.ActivatedAt ?? rule.Row.CreatedAt)), context);
        return [.. set.Rules.Select(prepared =>
        {
            var (row, draft) = drafts[prepared.Rule.Id];
            return new LiveRule(row, draft, prepared, !draft.SegmentLimits.IsEmpty || FactNeeds.Of([draft.Condition], context).Shopper,
                [.. draft.SegmentLimits.Select(limit => (limit, ConditionTest.Compile(new InSegment([limit.Segment]), context)))]);
        })];
    }

    /// <summary>A rule that names a segment that is gone gives nothing to anybody: who it was for is not known any more.</summary>
    private static bool Answerable(RuleDraft draft, ConditionContext context) =>
        ConditionCheck.Against(draft.Condition, context) is null && draft.SegmentLimits.All(limit => ConditionCheck.Against(new InSegment([limit.Segment]), context) is null);

    private static async Task<ImmutableDictionary<(CounterScope Scope, string Key), (int Uses, long SpentMinor)>> UsedAsync(StudioDb database, WorkspaceId workspace, ImmutableArray<LiveRule> rules, CampaignBudgets budgets, string day, CancellationToken cancellationToken)
    {
        var used = ImmutableDictionary.CreateBuilder<(CounterScope Scope, string Key), (int Uses, long SpentMinor)>();
        var limits = rules.SelectMany(rule => RuleLimits.Of(rule.Row, rule.Draft.SegmentLimits, "", day)).Concat(budgets.Limits.Values).Where(limit => limit.Scope != CounterScope.Customer && limit.IsBounded);
        foreach (var part in limits.Chunk(KeysAtOnce))
        {
            var rows = await RedemptionLedger.Counters(database, workspace, part).ToListAsync(cancellationToken).ConfigureAwait(false);
            foreach (var row in rows) used[(row.Scope, row.Key)] = (row.Uses, row.SpentMinor);
        }

        return used.ToImmutable();
    }
}
