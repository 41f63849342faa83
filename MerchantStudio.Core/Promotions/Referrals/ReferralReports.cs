using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Referrals;

/// <summary>Who shared, whose friends came and ordered, and what was given for it.</summary>
public sealed class ReferralReports(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses, RowExports files)
{
    private const int MostRows = 500;

    private static readonly RowColumn[] ExportColumns =
    [
        new("advocate", CellKind.Text), new("code", CellKind.Text), new("given_at", CellKind.Instant), new("shares", CellKind.Whole), new("friends", CellKind.Whole), new("orders", CellKind.Whole),
        new("revenue", CellKind.Number), new("rewards", CellKind.Whole), new("rewards_used", CellKind.Whole),
    ];

    /// <summary>Column keys of the file of advocates, in order; the caller brings a CSV's header in the page's language.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. ExportColumns.Select(column => column.Name)];

    /// <param name="limit">Advocates to list; the sums are of all.</param>
    public async Task<Outcome<ReferralReading>> ReadAsync(WorkspaceScope scope, Guid programmeId, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var programme = await database.ReferralProgrammes.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace && row.Id == programmeId, cancellationToken).ConfigureAwait(false);
        if (programme is null) return new ReferralGone();
        var currency = await database.Workspaces.Where(shop => shop.Id == scope.Workspace).Select(shop => shop.Currency).SingleAsync(cancellationToken).ConfigureAwait(false);
        var codes = await database.CouponCodes.AsNoTracking().Where(code => code.ReferralId == programmeId && code.AdvocateId != null).Select(code => new Given(code.AdvocateId!, code.Code, code.GivenAt)).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        var uses = await UsesAsync(database, scope.Workspace, programmeId, cancellationToken).ConfigureAwait(false);
        var rewards = await database.ReferralRewards.Where(row => row.ProgrammeId == programmeId).GroupBy(row => row.AdvocateId)
            .Select(rows => new { rows.Key, Held = rows.Count(row => row.TakenBackAt == null), Used = rows.Count(row => row.TakenBackAt == null && row.UsedIn != null), Gone = rows.Count(row => row.TakenBackAt != null) })
            .ToDictionaryAsync(row => row.Key, StringComparer.Ordinal, cancellationToken).ConfigureAwait(false);
        var seen = await ReferralEvents.ReadAsync(warehouses, scope.Workspace, codes, uses, cancellationToken).ConfigureAwait(false);
        var byCode = uses.ToLookup(use => use.Code, StringComparer.Ordinal);
        ReferralAdvocate[] advocates = [.. codes.Select(code =>
        {
            var orders = byCode[code.Code].Where(use => use.Holds).ToArray();
            var reward = rewards.GetValueOrDefault(code.ShopperId);
            var events = seen?.Advocates.GetValueOrDefault(code.ShopperId) ?? default;
            return new ReferralAdvocate(code.ShopperId, code.Code, code.GivenAt, events.Shares, seen is null ? byCode[code.Code].Select(use => use.Friend).Distinct(StringComparer.Ordinal).Count() : events.Friends, orders.Length,
                orders.Sum(use => use.NetMinor - RefundedOf(use)), reward?.Held ?? 0, reward?.Used ?? 0);
        }).OrderByDescending(row => row.Orders).ThenByDescending(row => row.Shares).ThenBy(row => row.ShopperId, StringComparer.Ordinal)];
        return new ReferralReading(
            programmeId, programme.State, currency, [.. advocates.Take(limit)], advocates.Length, advocates.Sum(row => row.Shares), advocates.Sum(row => row.Friends), advocates.Sum(row => row.Orders), advocates.Sum(row => row.RevenueMinor),
            advocates.Sum(row => (long)row.Rewards), rewards.Values.Sum(row => row.Gone), seen is not null);

        long RefundedOf(FriendUse use) => seen?.Refunded.TryGetValue(use.OrderId, out var refunded) == true ? Money.Of(refunded, currency).Minor : 0;
    }

    /// <summary>The rows behind the figures of one advocate.</summary>
    public async Task<Outcome<ReferralRows>> RowsAsync(WorkspaceScope scope, Guid programmeId, string advocate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.LookUpCustomer) is { } refusal) return refusal;
        if (!(await ReadAsync(scope, programmeId, int.MaxValue, cancellationToken).ConfigureAwait(false)).TryGet(out var reading, out var problem)) return problem;
        if (reading.Advocates.FirstOrDefault(row => row.ShopperId == advocate) is not { } own) return new ReferralGone();
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rewards = await database.ReferralRewards.AsNoTracking().Where(row => row.ProgrammeId == programmeId && row.AdvocateId == advocate).ToDictionaryAsync(row => row.RedemptionId, cancellationToken).ConfigureAwait(false);
        var orders = await database.Redemptions.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace && row.Coupon == own.Code).OrderByDescending(row => row.At).Take(MostRows).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        return new ReferralRows(own, await ReferralEvents.SharesAsync(warehouses, scope.Workspace, new Given(own.ShopperId, own.Code, own.GivenAt), MostRows, cancellationToken).ConfigureAwait(false),
            [.. orders.Select(row =>
            {
                var reward = rewards.GetValueOrDefault(row.Id);
                var state = reward is null ? RewardState.None : reward.TakenBackAt is not null ? RewardState.TakenBack : reward.UsedIn is not null ? RewardState.Used : RewardState.Given;
                return new ReferralOrder(row.OrderId, row.ShopperId ?? "", row.At, row.RolledBackAt, row.OrderMinor, row.DiscountMinor, reward?.Code, state);
            })]);
    }

    /// <summary>All advocates with their figures and codes.</summary>
    /// <returns>Rows written.</returns>
    public async Task<Outcome<int>> WriteAsync(WorkspaceScope scope, Guid programmeId, IReadOnlyList<string> header, ExportFormat format, Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        if (!(await ReadAsync(scope, programmeId, int.MaxValue, cancellationToken).ConfigureAwait(false)).TryGet(out var reading, out var problem)) return problem;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(await database.Workspaces.Where(shop => shop.Id == scope.Workspace).Select(shop => shop.TimeZone).SingleAsync(cancellationToken).ConfigureAwait(false));
        var file = await files.OpenAsync(scope.Workspace, format, ExportColumns, header, zone, target, cancellationToken).ConfigureAwait(false);
        await using var open = file.ConfigureAwait(false);
        foreach (var row in reading.Advocates)
        {
            file.Text(row.ShopperId).Text(row.Code).Instant(row.GivenAt).Number(row.Shares).Number(row.Friends).Number(row.Orders)
                .Number(new Money(row.RevenueMinor, reading.Currency).Amount, Money.Decimals(reading.Currency)).Number(row.Rewards).Number(row.RewardsUsed);
            await file.EndRowAsync(cancellationToken).ConfigureAwait(false);
        }

        await file.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return reading.Advocates.Length;
    }

    /// <summary>What friends redeemed; an order's net takes off every coupon on it.</summary>
    private static async Task<FriendUse[]> UsesAsync(StudioDb database, WorkspaceId workspace, Guid programme, CancellationToken cancellationToken)
    {
        var rows = await (from row in database.Redemptions
                          where row.WorkspaceId == workspace && database.CouponCodes.Any(code => code.ReferralId == programme && code.AdvocateId != null && code.Code == row.Coupon)
                          select new
                          {
                              row.Coupon,
                              row.ShopperId,
                              row.OrderId,
                              row.OrderMinor,
                              Holds = row.RolledBackAt == null,
                              Off = database.Redemptions.Where(other => other.WorkspaceId == workspace && other.OrderId == row.OrderId && other.RolledBackAt == null).Sum(other => other.DiscountMinor),
                          }).AsNoTracking().ToArrayAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => new FriendUse(row.Coupon, row.ShopperId ?? "", row.OrderId, row.OrderMinor - row.Off, row.Holds))];
    }
}

/// <summary>A code that an advocate has.</summary>
internal sealed record Given(string ShopperId, string Code, DateTimeOffset GivenAt);

internal sealed record FriendUse(string Code, string Friend, string OrderId, long NetMinor, bool Holds);
