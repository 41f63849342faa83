using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Redemptions;

/// <summary>Whether a shopper may use an advocate's code: a friend, not the advocate under another name, and on her first order.</summary>
internal sealed class ReferralFriends(WarehouseRegistry warehouses)
{
    /// <param name="order">Does not count as an order before; null while there is none.</param>
    /// <param name="placed">When the order was placed, where that is past: only earlier ones are before it.</param>
    /// <returns>Null where she may, and for every code that is no advocate's.</returns>
    public async Task<RefusalReason?> RefusalAsync(StudioDb database, CouponCode code, string? friend, string? order, CancellationToken cancellationToken, DateTimeOffset? placed = null)
    {
        if (code.ReferralId is not { } id || code.AdvocateId is not { } advocate) return null;
        var state = await database.ReferralProgrammes.Where(programme => programme.Id == id).Select(programme => programme.State).SingleAsync(cancellationToken).ConfigureAwait(false);
        if (state != ReferralState.Running) return state == ReferralState.Paused ? RefusalReason.CouponPaused : RefusalReason.CouponNotFound;
        if (friend is null) return null;
        if (friend == advocate) return RefusalReason.SelfReferral;
        if (await database.Redemptions.AnyAsync(row => row.WorkspaceId == code.WorkspaceId && row.ShopperId == friend && row.OrderId != order && row.RolledBackAt == null, cancellationToken).ConfigureAwait(false)) return RefusalReason.NotFirstOrder;
        return await KnownAsync(code.WorkspaceId, advocate, friend, order ?? "", placed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the shop's events and customers say of the two.</summary>
    private async Task<RefusalReason?> KnownAsync(WorkspaceId workspace, string advocate, string friend, string order, DateTimeOffset? placed, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        if (await AnyAsync("select 1 from identities where refused is null and parted_at is null and ((alias = $1 and customer = $2) or (alias = $2 and customer = $1))", [advocate, friend]).ConfigureAwait(false)
            || await AnyAsync("select 1 from customers a join customers f on a.email_hash = f.email_hash or a.phone_hash = f.phone_hash where a.user_id = $1 and f.user_id = $2", [advocate, friend]).ConfigureAwait(false)) return RefusalReason.SelfReferral;
        if (!await warehouse.HasTableAsync("paid_orders", cancellationToken).ConfigureAwait(false)) return null;
        const string Others = "select 1 from paid_orders where (user_id = $1 or user_id in (select customer from identities where alias = $1 and refused is null and parted_at is null)) and order_no <> $2";
        return await (placed is { } at ? AnyAsync($"{Others} and ts < cast($3 as timestamp)", [friend, order, at]) : AnyAsync(Others, [friend, order])).ConfigureAwait(false)
            ? RefusalReason.NotFirstOrder : null;

        async Task<bool> AnyAsync(string text, object?[] parameters) => await warehouse.ScalarAsync<bool?>($"select exists ({text})", parameters, cancellationToken).ConfigureAwait(false) == true;
    }
}
