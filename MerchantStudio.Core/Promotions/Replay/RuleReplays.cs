using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Replay;

/// <param name="OfTheseTerms">The rule still has the terms that were replayed.</param>
public sealed record SavedReplay(Guid Id, int Revision, DateTimeOffset DataAsOf, DateTimeOffset MadeAt, string MadeBy, bool OfTheseTerms, ReplayResult Result);

/// <summary>Replays saved rules over the shop's past, keeps what came of it and compares it with what happened later.</summary>
public sealed class RuleReplays(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses, JobQueue jobs, TimeProvider time)
{
    public const string JobKind = "replay";
    public const int UsualDays = 90;

    /// <summary>Results kept of each rule.</summary>
    private const int Kept = 5;

    /// <summary>Queues a replay of the rule as it is saved; asked again while one is under way, the same.</summary>
    /// <returns>The job's id.</returns>
    public async Task<Outcome<Guid>> StartAsync(WorkspaceScope scope, Guid ruleId, int days, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.EditRules) is { } refusal) return refusal;
        if (days is < 7 or > 730) return new ReplayDaysUnfit();
        if (Running(scope, ruleId) is { } running) return running;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        if (!await database.CouponRules.AnyAsync(rule => rule.WorkspaceId == scope.Workspace && rule.Id == ruleId, cancellationToken).ConfigureAwait(false)) return new RuleGone();
        return await jobs.EnqueueAsync(scope, JobKind, new ReplayRequest(ruleId, days), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The job that replays this rule now; null for none.</summary>
    public Guid? Running(WorkspaceScope scope, Guid ruleId)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return jobs.Active(scope.Workspace).FirstOrDefault(job => job.Kind == JobKind && RuleOf(job) == ruleId)?.Id;
    }

    /// <summary>The rule that a job of <see cref="JobKind"/> replays.</summary>
    public static Guid RuleOf(JobSnapshot job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return JsonSerializer.Deserialize<ReplayRequest>(job.InputJson, JobJson.Options)!.RuleId;
    }

    /// <summary>The last replay of a rule; null for none.</summary>
    public async Task<Outcome<SavedReplay?>> LatestAsync(WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        return await LatestAsync(database, scope, ruleId, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the last replay before the rule went live promised, beside what happened since.</summary>
    public async Task<Outcome<ReplayComparison>> CompareAsync(WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rule = await database.CouponRules.AsNoTracking().SingleOrDefaultAsync(rule => rule.WorkspaceId == scope.Workspace && rule.Id == ruleId, cancellationToken).ConfigureAwait(false);
        if (rule is null) return new RuleGone();
        if (rule.ActivatedAt is not { } activated) return new ReplayRuleNotLive();
        if (await LatestAsync(database, scope, ruleId, activated, cancellationToken).ConfigureAwait(false) is not { } replay) return new ReplayNotMade();
        var since = rule.StartsAt > activated ? rule.StartsAt.Value : activated;
        var now = time.GetUtcNow();
        var until = rule.EndsAt < now ? rule.EndsAt.Value : now;
        if (until - since < TimeSpan.FromDays(1)) return new ReplayTooEarly();
        var redeemed = await database.Redemptions.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace && row.RuleId == ruleId && row.RolledBackAt == null && row.At >= since)
            .GroupBy(_ => 1).Select(rows => new { Uses = rows.LongCount(), Cost = rows.Sum(row => row.CostMinor) }).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        var (uses, cost) = redeemed is null ? await ImportedAsync(database, scope, ruleId, since, cancellationToken).ConfigureAwait(false) : (redeemed.Uses, redeemed.Cost);
        return ReplayComparison.Of(replay.Result, replay.MadeAt, since, (until - since).TotalDays, redeemed is not null, uses, cost);
    }

    /// <summary>Imported paid orders that carry a code of the rule, and what was taken off them.</summary>
    private async Task<(long Uses, long CostMinor)> ImportedAsync(StudioDb database, WorkspaceScope scope, Guid ruleId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var codes = await database.CouponCodes.AsNoTracking().Where(code => code.WorkspaceId == scope.Workspace && code.RuleId == ruleId).Select(code => code.Lookup).ToHashSetAsync(cancellationToken).ConfigureAwait(false);
        var currency = await database.Workspaces.Where(workspace => workspace.Id == scope.Workspace).Select(workspace => workspace.Currency).SingleAsync(cancellationToken).ConfigureAwait(false);
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("paid_orders", cancellationToken).ConfigureAwait(false)) return (0, 0);
        var orders = await warehouse.QueryAsync($"select {CodeText.Sql("coupon_code")}, discount from paid_orders where coupon_code is not null and ts >= $1",
            row => (Code: row.Text(0)!, Discount: row.DecimalOrNull(1) ?? 0), [since], cancellationToken).ConfigureAwait(false);
        var own = orders.Where(order => codes.Contains(order.Code)).ToArray();
        return (own.Length, Money.Of(own.Sum(order => order.Discount), currency).Minor);
    }

    /// <param name="before">Only replays made no later; null for any.</param>
    internal static async Task<SavedReplay?> LatestAsync(StudioDb database, WorkspaceScope scope, Guid ruleId, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        var rule = await database.CouponRules.AsNoTracking().SingleOrDefaultAsync(rule => rule.WorkspaceId == scope.Workspace && rule.Id == ruleId, cancellationToken).ConfigureAwait(false);
        if (rule is null) return null;
        var saved = await database.RuleReplays.AsNoTracking().Where(replay => replay.WorkspaceId == scope.Workspace && replay.RuleId == ruleId && (before == null || replay.MadeAt <= before))
            .OrderByDescending(replay => replay.MadeAt).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (saved is null) return null;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(await database.Workspaces.Where(workspace => workspace.Id == scope.Workspace).Select(workspace => workspace.TimeZone).SingleAsync(cancellationToken).ConfigureAwait(false));
        var same = RuleMapping.ToDraft(rule, zone).TryGet(out var draft, out var _) && ReplayRules.HashOf(draft) == saved.TermsHash;
        return new SavedReplay(saved.Id, saved.Revision, saved.DataAsOf, saved.MadeAt, saved.MadeBy, same, JsonSerializer.Deserialize<ReplayResult>(saved.ResultJson, JobJson.Options)!);
    }

    /// <summary>Saves a result and lets go of the oldest, but not of the last before the rule went live; a job that ran twice saves once.</summary>
    internal static async Task KeepAsync(StudioDb database, RuleReplay replay, CancellationToken cancellationToken)
    {
        if (await database.RuleReplays.AnyAsync(saved => saved.Id == replay.Id, cancellationToken).ConfigureAwait(false)) return;
        var live = await database.CouponRules.Where(rule => rule.Id == replay.RuleId).Select(rule => rule.ActivatedAt).SingleAsync(cancellationToken).ConfigureAwait(false);
        var saved = await database.RuleReplays.Where(saved => saved.RuleId == replay.RuleId).OrderByDescending(saved => saved.MadeAt).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        var lastBefore = Array.Find(saved, made => made.MadeAt <= live);
        database.RuleReplays.RemoveRange(saved.Skip(Kept - 1).Where(made => made != lastBefore));
        database.RuleReplays.Add(replay);
        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }
}
