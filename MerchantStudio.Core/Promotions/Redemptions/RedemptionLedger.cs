using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Redemptions;

/// <summary>
/// Writes uses and takes them back. A use, its place in every counter and the answer to its key are one transaction; a counter moves only by a statement that
/// carries its limit, so the database decides, whatever another process holds in memory.
/// </summary>
internal sealed class RedemptionLedger(LedgerQueue queue, TimeProvider time)
{
    /// <summary>Writes a use unless a limit is reached, the order used the coupon before, or rule and order are not as they were judged.</summary>
    public Task<LedgerAnswer> AddAsync(LedgerEntry entry, CancellationToken cancellationToken) =>
        queue.RunAsync($"{entry.Workspace}/{entry.CampaignId}/{entry.RuleId}", (database, token) => AddAsync(database, entry, token), cancellationToken);

    /// <summary>Writes down that a friend used an advocate's code on an order which the shop's own till took: no limit can refuse it any more, and none counts it.</summary>
    public Task<LedgerAnswer> AddImportedAsync(LedgerEntry entry, CancellationToken cancellationToken) =>
        queue.RunAsync($"{entry.Workspace}/", (database, token) => AddImportedAsync(database, entry, token), cancellationToken);

    /// <summary>Gives a use back to every limit it stood in. Asked again, it answers with what was done.</summary>
    public Task<LedgerAnswer> TakeBackAsync(WorkspaceId workspace, Guid redemption, string by, CancellationToken cancellationToken) =>
        queue.RunAsync($"{workspace}/", (database, token) => TakeBackAsync(database, workspace, redemption, by, token), cancellationToken);

    /// <summary>What a key was answered with; null for a new one.</summary>
    public static async Task<LedgerAnswer?> FindAsync(StudioDb database, WorkspaceId workspace, string key, string requestHash, CancellationToken cancellationToken)
    {
        var row = await database.Redemptions.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == workspace && row.IdempotencyKey == key, cancellationToken).ConfigureAwait(false);
        return row is null ? null : row.RequestHash == requestHash ? new LedgerAnswer.Written(row, Again: true) : new LedgerAnswer.KeyTaken();
    }

    /// <summary>The first limit that is reached already; null where there is room for one more use of that much.</summary>
    public static async Task<RefusalReason?> ReachedAsync(StudioDb database, WorkspaceId workspace, ImmutableArray<CounterLimit> limits, long costMinor, CancellationToken cancellationToken)
    {
        CounterLimit[] bounded = [.. limits.Where(limit => limit.IsBounded)];
        if (bounded.Length == 0) return null;
        var used = await Counters(database, workspace, bounded).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        foreach (var limit in bounded)
        {
            var counter = Array.Find(used, counter => counter.Scope == limit.Scope && counter.Key == limit.Key);
            if (!limit.Admits(counter?.Uses ?? 0, counter?.SpentMinor ?? 0, costMinor)) return limit.Reason;
        }

        return null;
    }

    /// <summary>Where limits stand. Scope and key together, as the table is sorted: by the key alone every counter of the shop is gone through.</summary>
    public static IQueryable<RedemptionCounter> Counters(StudioDb database, WorkspaceId workspace, IReadOnlyCollection<CounterLimit> limits)
    {
        CounterScope[] scopes = [.. limits.Select(limit => limit.Scope).Distinct()];
        string[] keys = [.. limits.Select(limit => limit.Key)];
        return database.RedemptionCounters.AsNoTracking().Where(counter => counter.WorkspaceId == workspace && scopes.Contains(counter.Scope) && keys.Contains(counter.Key));
    }

    private async Task<(bool Keep, LedgerAnswer Answer)> AddAsync(StudioDb database, LedgerEntry entry, CancellationToken cancellationToken)
    {
        if (await FindAsync(database, entry.Workspace, entry.IdempotencyKey, entry.RequestHash, cancellationToken).ConfigureAwait(false) is { } known) return (false, known);
        if (await ReachedAsync(database, entry.Workspace, entry.Limits, entry.CostMinor, cancellationToken).ConfigureAwait(false) is { } reached) return (false, new LedgerAnswer.Refused(reached));
        var row = RowOf(entry);
        if (!await IsLiveAsync(database, entry, row.At, cancellationToken).ConfigureAwait(false)) return (false, new LedgerAnswer.Moved());
        if (await InsertAsync(database, row, cancellationToken).ConfigureAwait(false) == 0) return (false, await WhyNotAsync(database, entry, cancellationToken).ConfigureAwait(false));
        foreach (var limit in entry.Limits)
        {
            if (await CountAsync(database, entry, limit, cancellationToken).ConfigureAwait(false) == 0) return (false, new LedgerAnswer.Refused(limit.Reason));

            // Whoever else is at this order waits at its counter, so what stands on the order now is all there is.
            if (limit.Scope == CounterScope.Order && !await IsAsJudgedAsync(database, entry, row.Id, cancellationToken).ConfigureAwait(false)) return (false, new LedgerAnswer.Moved());
        }

        // Last, so that a customer's other use of the rule waits at its counter and is seen here.
        if (entry.Referral is { } referral && await ReferralLedger.AddAsync(database, referral, row, cancellationToken).ConfigureAwait(false) is { } no) return (false, no);
        return (true, new LedgerAnswer.Written(row, Again: false));
    }

    private async Task<(bool Keep, LedgerAnswer Answer)> AddImportedAsync(StudioDb database, LedgerEntry entry, CancellationToken cancellationToken)
    {
        // On PostgreSQL another process at the same programme waits here: of a friend's two orders the second is seen as such.
        if (database.Database.IsNpgsql()) await database.Database.ExecuteSqlAsync($"""SELECT 1 FROM "ReferralProgrammes" WHERE "Id" = {entry.Referral!.Programme} FOR UPDATE""", cancellationToken).ConfigureAwait(false);
        var row = RowOf(entry);
        if (await InsertAsync(database, row, cancellationToken).ConfigureAwait(false) == 0) return (false, await WhyNotAsync(database, entry, cancellationToken).ConfigureAwait(false));
        return await ReferralLedger.AddAsync(database, entry.Referral!, row, cancellationToken).ConfigureAwait(false) is { } no ? (false, no) : (true, new LedgerAnswer.Written(row, Again: false));
    }

    /// <summary>Holds the rule as it is until the transaction ends: whoever pauses it meanwhile waits. On SQLite nobody else writes anyway.</summary>
    private static async Task<bool> IsLiveAsync(StudioDb database, LedgerEntry entry, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (database.Database.IsNpgsql()) await database.Database.ExecuteSqlAsync($"""SELECT 1 FROM "CouponRules" WHERE "Id" = {entry.RuleId} FOR SHARE""", cancellationToken).ConfigureAwait(false);
        return await database.CouponRules.AnyAsync(rule => rule.WorkspaceId == entry.Workspace && rule.Id == entry.RuleId && rule.State == CouponRuleState.Live && rule.Revision == entry.RuleRevision
            && (rule.StartsAt == null || rule.StartsAt <= at) && (rule.EndsAt == null || rule.EndsAt >= at), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> IsAsJudgedAsync(StudioDb database, LedgerEntry entry, Guid own, CancellationToken cancellationToken)
    {
        var others = await database.Redemptions.Where(row => row.WorkspaceId == entry.Workspace && row.OrderId == entry.OrderId && row.RolledBackAt == null && row.Id != own).Select(row => row.Id).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        return others.ToHashSet().SetEquals(entry.OnOrder);
    }

    /// <summary>1, or 0 where the key or the order is taken.</summary>
    private static Task<int> InsertAsync(StudioDb database, Redemption row, CancellationToken cancellationToken) =>
        database.Database.ExecuteSqlAsync(
            $"""
            insert into "Redemptions" ("Id", "WorkspaceId", "RuleId", "CampaignId", "Coupon", "ShopperId", "OrderId", "IdempotencyKey", "RequestHash", "DetailJson", "OrderMinor", "DiscountMinor", "CostMinor", "Currency", "At", "CountersJson")
            values ({row.Id}, {row.WorkspaceId.Value}, {row.RuleId}, {row.CampaignId}, {row.Coupon}, {row.ShopperId}, {row.OrderId}, {row.IdempotencyKey}, {row.RequestHash}, {row.DetailJson}, {row.OrderMinor}, {row.DiscountMinor}, {row.CostMinor}, {row.Currency}, {row.At.UtcTicks}, {row.CountersJson})
            on conflict do nothing
            """, cancellationToken);

    private static async Task<LedgerAnswer> WhyNotAsync(StudioDb database, LedgerEntry entry, CancellationToken cancellationToken) =>
        // Another process may have written the same key since it was looked up.
        await FindAsync(database, entry.Workspace, entry.IdempotencyKey, entry.RequestHash, cancellationToken).ConfigureAwait(false) ?? new LedgerAnswer.Refused(RefusalReason.OrderAlreadyRedeemed);

    /// <summary>One row more in a counter, if its limit allows: 1, else 0.</summary>
    private static Task<int> CountAsync(StudioDb database, LedgerEntry entry, CounterLimit limit, CancellationToken cancellationToken)
    {
        if (!limit.Admits(0, 0, entry.CostMinor)) return Task.FromResult(0);
        var (scope, mostUses, mostMinor) = (limit.Scope.ToString(), (long)(limit.MostUses ?? int.MaxValue), limit.MostMinor ?? long.MaxValue);
        return database.Database.ExecuteSqlAsync(
            $"""
            insert into "RedemptionCounters" ("WorkspaceId", "Scope", "Key", "Uses", "SpentMinor") values ({entry.Workspace.Value}, {scope}, {limit.Key}, 1, {entry.CostMinor})
            on conflict ("WorkspaceId", "Scope", "Key") do update set "Uses" = "RedemptionCounters"."Uses" + 1, "SpentMinor" = "RedemptionCounters"."SpentMinor" + excluded."SpentMinor"
            where "RedemptionCounters"."Uses" + 1 <= {mostUses} and "RedemptionCounters"."SpentMinor" <= {mostMinor} - excluded."SpentMinor"
            """, cancellationToken);
    }

    private async Task<(bool Keep, LedgerAnswer Answer)> TakeBackAsync(StudioDb database, WorkspaceId workspace, Guid id, string by, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await ReferralLedger.HoldAsync(database, id, cancellationToken).ConfigureAwait(false);

        // Of two only one finds it untaken; a row's values are read behind that, never before.
        var taken = await database.Redemptions.Where(row => row.WorkspaceId == workspace && row.Id == id && row.RolledBackAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.RolledBackAt, now).SetProperty(row => row.RolledBackBy, by), cancellationToken).ConfigureAwait(false);
        var row = await database.Redemptions.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == workspace && row.Id == id, cancellationToken).ConfigureAwait(false);
        if (row is null) return (false, new LedgerAnswer.Unknown());
        if (taken == 0) return (false, new LedgerAnswer.Written(row, Again: true));
        foreach (var place in CountersOf(row))
        {
            await database.RedemptionCounters.Where(counter => counter.WorkspaceId == workspace && counter.Scope == place.Scope && counter.Key == place.Key)
                .ExecuteUpdateAsync(set => set.SetProperty(counter => counter.Uses, counter => counter.Uses - 1).SetProperty(counter => counter.SpentMinor, counter => counter.SpentMinor - row.CostMinor), cancellationToken).ConfigureAwait(false);
        }

        await ReferralLedger.TakeBackAsync(database, row, now, cancellationToken).ConfigureAwait(false);
        return (true, new LedgerAnswer.Written(row, Again: false));
    }

    internal static ImmutableArray<CounterPlace> CountersOf(Redemption row) => [.. JsonSerializer.Deserialize<CounterPlace[]>(row.CountersJson)!];

    private Redemption RowOf(LedgerEntry entry)
    {
        var now = time.GetUtcNow();
        return new Redemption
        {
            Id = Guid.CreateVersion7(now),
            WorkspaceId = entry.Workspace,
            RuleId = entry.RuleId,
            CampaignId = entry.CampaignId,
            Coupon = entry.Coupon,
            ShopperId = entry.ShopperId,
            OrderId = entry.OrderId,
            IdempotencyKey = entry.IdempotencyKey,
            RequestHash = entry.RequestHash,
            DetailJson = entry.DetailJson,
            OrderMinor = entry.OrderMinor,
            DiscountMinor = entry.DiscountMinor,
            CostMinor = entry.CostMinor,
            Currency = entry.Currency,
            At = now,
            CountersJson = JsonSerializer.Serialize(entry.Limits.Select(limit => new CounterPlace(limit.Scope, limit.Key))),
        };
    }
}

/// <summary>A counter that a redemption stands in.</summary>
internal sealed record CounterPlace(CounterScope Scope, string Key);
