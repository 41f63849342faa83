using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MerchantStudio.Core.Promotions.Referrals;

/// <summary>
/// Counts friends whose orders the shop's own till took with an advocate's code, and which are known by import alone: each is written into the ledger as a use, with the advocate's reward. An order that was
/// sent back whole, or whose import was undone, is taken back. Done again, it does what is left.
/// </summary>
public sealed class ReferralImports
{
    private const string KeyPrefix = "import:";
    private const int MostLetters = CouponUse.MostLetters;

    /// <summary>So long an order that came live is left to the shop's server, which may still redeem its code here.</summary>
    private static readonly TimeSpan LeftToShop = TimeSpan.FromDays(1);

    private readonly IDbContextFactory<StudioDb> _databases;
    private readonly WarehouseRegistry _warehouses;
    private readonly RedemptionLedger _ledger;
    private readonly ReferralFriends _friends;
    private readonly TimeProvider _time;
    private readonly ILogger<ReferralImports> _log;
    private readonly ConcurrentDictionary<WorkspaceId, string> _seen = new();

    internal ReferralImports(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses, RedemptionLedger ledger, ReferralFriends friends, TimeProvider time, ILogger<ReferralImports> log) =>
        (_databases, _warehouses, _ledger, _friends, _time, _log) = (databases, warehouses, ledger, friends, time, log);

    /// <summary>Looks at every shop with a programme whose orders or codes have changed since the last look. To be called every minute.</summary>
    public async Task CountDueAsync(CancellationToken cancellationToken)
    {
        var database = await _databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        foreach (var workspace in await database.ReferralProgrammes.Where(row => row.State != ReferralState.Draft).Select(row => row.WorkspaceId).Distinct().ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await CountAsync(workspace, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is System.Data.Common.DbException or WarehouseException or TransactionLostException or IOException)
            {
                _log.LogWarning(fault, "Imported orders of a referral programme could not be counted; it is tried again at the next look.");
            }
        }
    }

    /// <returns>How many orders were counted, and how many were taken back.</returns>
    internal async Task<(int Counted, int TakenBack)> CountAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var warehouse = await _warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("paid_orders", cancellationToken).ConfigureAwait(false)) return (0, 0);
        var database = await _databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var now = _time.GetUtcNow();
        var stamp = await StampAsync(database, warehouse, workspace, now, cancellationToken).ConfigureAwait(false);
        if (_seen.TryGetValue(workspace, out var seen) && seen == stamp) return (0, 0);
        var codes = await database.CouponCodes.AsNoTracking().Where(code => code.WorkspaceId == workspace && code.AdvocateId != null).ToDictionaryAsync(code => code.Lookup, StringComparer.Ordinal, cancellationToken).ConfigureAwait(false);
        var currency = await database.Workspaces.Where(shop => shop.Id == workspace).Select(shop => shop.Currency).SingleAsync(cancellationToken).ConfigureAwait(false);
        var orders = await ImportedOrders.ReadAsync(warehouse, codes.Keys, now - LeftToShop, cancellationToken).ConfigureAwait(false);
        var uses = (await database.Redemptions.AsNoTracking().Where(row => row.WorkspaceId == workspace && database.CouponCodes.Any(code => code.WorkspaceId == workspace && code.AdvocateId != null && code.Code == row.Coupon)).ToListAsync(cancellationToken).ConfigureAwait(false))
            .ToLookup(row => (row.Coupon, row.OrderId));
        var (counted, takenBack) = (0, 0);
        var standing = orders.Where(order => !order.IsSentBack).Select(order => (codes[order.Lookup].Code, order.Order)).ToHashSet();
        foreach (var row in uses.SelectMany(rows => rows).Where(row => row.RolledBackAt is null && IsOurs(row) && !standing.Contains((row.Coupon, row.OrderId))))
        {
            if (await _ledger.TakeBackAsync(workspace, row.Id, Actor.Scheduler.Name, cancellationToken).ConfigureAwait(false) is LedgerAnswer.Written { Again: false }) takenBack++;
        }

        foreach (var order in orders.Where(order => order is { IsSentBack: false, IsLeftToShop: false } && order.Order.Length <= MostLetters && order.Friend.Length <= MostLetters))
        {
            var (code, rows) = (codes[order.Lookup], uses[(codes[order.Lookup].Code, order.Order)].ToArray());

            // What stands in the ledger, or was taken back by a person or by the shop, is theirs to say.
            if (rows.Any(row => row.RolledBackAt is null || !IsOurs(row) || row.RolledBackBy != Actor.Scheduler.Name)) continue;
            if (await _friends.RefusalAsync(database, code, order.Friend, order.Order, cancellationToken, order.At).ConfigureAwait(false) is not null) continue;
            var off = Money.Of(order.Discount, currency).Minor;
            var entry = new LedgerEntry(
                workspace, code.RuleId, 0, null, code.Code, order.Friend, order.Order, KeyOf(code.Code, order.Order, rows.Length), "", new UseDetail([], 0, []).Write(), Money.Of(order.Gross, currency).Minor, off, off, currency, [], [])
            {
                Referral = new ReferralUse(code.ReferralId!.Value, code.AdvocateId),
            };
            if (await _ledger.AddImportedAsync(entry, cancellationToken).ConfigureAwait(false) is LedgerAnswer.Written { Again: false }) counted++;
        }

        _seen[workspace] = stamp;
        return (counted, takenBack);
    }

    /// <summary>Changes with imported orders, codes and programmes, and every hour, for what was left to the shop.</summary>
    private static async Task<string> StampAsync(StudioDb database, WorkspaceWarehouse warehouse, WorkspaceId workspace, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var orders = await warehouse.ScalarAsync<string?>(
            "select cast(sum(hash(order_no, user_id, coupon_code, ts, gross, discount, refunded) % 4294967296) as varchar) from paid_orders where coupon_code is not null", [], cancellationToken).ConfigureAwait(false);
        var codes = await database.CouponCodes.CountAsync(code => code.WorkspaceId == workspace && code.AdvocateId != null, cancellationToken).ConfigureAwait(false);
        var running = await database.ReferralProgrammes.Where(row => row.WorkspaceId == workspace && row.State == ReferralState.Running).OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        return $"{orders}/{codes}/{string.Join(',', running)}/{now.UtcTicks / TimeSpan.TicksPerHour}";
    }

    private static bool IsOurs(Redemption row) => row.IdempotencyKey.StartsWith(KeyPrefix, StringComparison.Ordinal);

    /// <param name="before">How often it was counted and taken back before.</param>
    private static string KeyOf(string code, string order, int before) => $"{KeyPrefix}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{code}\n{order}")))}:{before}";
}
