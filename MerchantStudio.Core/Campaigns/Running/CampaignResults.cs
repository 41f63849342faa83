using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Campaigns.Running;

/// <param name="Count">Messages; a shopper may have several of a repeated campaign.</param>
public sealed record DeliverySum(DeliveryState State, DeliveryReason Reason, int Count);

/// <summary>What became of one of the messages and offers that a campaign tries.</summary>
/// <param name="Number">0 for variant A.</param>
/// <param name="People">Dealt in.</param>
/// <param name="Sent">Messages that went out.</param>
public sealed record VariantSum(int Number, int People, int Sent, int CodesGiven, int CodesUsed, int Orders, long OrderMinor, long CostMinor);

/// <summary>What became of a campaign so far.</summary>
/// <param name="Audience">Shoppers whom it was for when it was frozen, and those who came to fit.</param>
/// <param name="Treated">Of them, those who were dealt in.</param>
/// <param name="HeldBack">Kept without message and code to compare with.</param>
/// <param name="HeldBackEverywhere">Kept out of every campaign.</param>
/// <param name="CodesUsed">Codes that came back on an order, redeemed here or imported with it.</param>
/// <param name="Orders">Orders on which a code was redeemed here.</param>
/// <param name="OrderMinor">What those orders came to before the discount.</param>
/// <param name="CostMinor">Discounts and gifts of those orders: what the budget counts.</param>
/// <param name="Occurrences">Keys of the repetitions that were sent as a file.</param>
/// <param name="MessageCost">What one sent message costs.</param>
/// <param name="Variants">Each of them; empty where only one is tried.</param>
public sealed record CampaignResult(
    int Audience, int Treated, int HeldBack, int HeldBackEverywhere, ImmutableArray<DeliverySum> Messages, int CodesGiven, int CodesUsed, int Orders, long OrderMinor, long DiscountMinor, long CostMinor, ImmutableArray<string> Occurrences, decimal MessageCost, string Currency, ImmutableArray<VariantSum> Variants)
{
    public int Sent => Messages.Where(sum => sum.State == DeliveryState.Sent).Sum(sum => sum.Count);

    /// <summary>Whether every figure is the same.</summary>
    public bool IsSame(CampaignResult other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with { Messages = other.Messages, Occurrences = other.Occurrences, Variants = other.Variants } == other
            && Messages.SequenceEqual(other.Messages) && Occurrences.SequenceEqual(other.Occurrences, StringComparer.Ordinal) && Variants.SequenceEqual(other.Variants);
    }

    /// <summary>What all sent messages cost together, rounded once.</summary>
    public long SendCostMinor => Money.Of(Sent * MessageCost, Currency).Minor;

    public int Waiting => Messages.Where(sum => sum.State is DeliveryState.Queued or DeliveryState.Sending).Sum(sum => sum.Count);

    /// <summary>Kept back by a rule other than the comparison, or failed.</summary>
    public IEnumerable<DeliverySum> NotReached => Messages.Where(sum => sum is { State: DeliveryState.Suppressed or DeliveryState.Failed, Reason: not DeliveryReason.Holdout });
}

/// <summary>Counts what a campaign has done; whether it paid is its experiment's to say.</summary>
public sealed class CampaignResults(IDbContextFactory<StudioDb> databases, CouponCodes codes)
{
    public async Task<Outcome<CampaignResult>> ReadAsync(WorkspaceScope scope, Guid campaignId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        await codes.RefreshUsesAsync(scope, cancellationToken).ConfigureAwait(false);
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var places = await db.CampaignMembers.Where(member => member.WorkspaceId == scope.Workspace && member.CampaignId == campaignId).GroupBy(member => member.Place)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken).ConfigureAwait(false);
        var deliveries = db.Deliveries.Where(row => row.WorkspaceId == scope.Workspace && row.CampaignId == campaignId);
        var sums = await deliveries.GroupBy(row => new { row.State, row.Reason }).Select(group => new DeliverySum(group.Key.State, group.Key.Reason, group.Count())).ToListAsync(cancellationToken).ConfigureAwait(false);
        var files = await deliveries.Where(row => row.Channel == MessageChannel.Csv && row.State != DeliveryState.Suppressed).Select(row => row.Occurrence).Distinct().ToListAsync(cancellationToken).ConfigureAwait(false);
        var given = db.CouponCodes.Where(code => code.WorkspaceId == scope.Workspace && code.CampaignId == campaignId);
        var uses = await db.Redemptions.Where(row => row.WorkspaceId == scope.Workspace && row.CampaignId == campaignId && row.RolledBackAt == null).GroupBy(_ => 1)
            .Select(group => new { Order = group.Sum(row => row.OrderMinor), Discount = group.Sum(row => row.DiscountMinor), Cost = group.Sum(row => row.CostMinor) }).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        var orders = await db.Redemptions.Where(row => row.WorkspaceId == scope.Workspace && row.CampaignId == campaignId && row.RolledBackAt == null).Select(row => row.OrderId).Distinct().CountAsync(cancellationToken).ConfigureAwait(false);
        var terms = await db.Campaigns.Where(row => row.WorkspaceId == scope.Workspace && row.Id == campaignId).Select(row => new { row.MessageCost, row.Currency }).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return new CampaignResult(
            places.Values.Sum(), places.GetValueOrDefault(CampaignPlace.Treated), places.GetValueOrDefault(CampaignPlace.Holdout), places.GetValueOrDefault(CampaignPlace.GlobalHoldout),
            [.. sums.OrderBy(sum => sum.State).ThenByDescending(sum => sum.Count)],
            await given.CountAsync(cancellationToken).ConfigureAwait(false), await given.CountAsync(code => code.Uses > 0, cancellationToken).ConfigureAwait(false),
            orders, uses?.Order ?? 0, uses?.Discount ?? 0, uses?.Cost ?? 0, [.. files.OrderDescending(StringComparer.Ordinal)],
            terms?.MessageCost ?? 0, terms?.Currency ?? "", await VariantsAsync(db, scope, campaignId, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<ImmutableArray<VariantSum>> VariantsAsync(StudioDb db, WorkspaceScope scope, Guid campaignId, CancellationToken cancellationToken)
    {
        var others = await db.CampaignVariants.Where(variant => variant.CampaignId == campaignId).CountAsync(cancellationToken).ConfigureAwait(false);
        if (others == 0) return [];
        var treated = db.CampaignMembers.Where(member => member.WorkspaceId == scope.Workspace && member.CampaignId == campaignId && member.Place == CampaignPlace.Treated);
        var people = await treated.GroupBy(member => member.Variant).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken).ConfigureAwait(false);
        var sent = await treated.Join(db.Deliveries.Where(row => row.WorkspaceId == scope.Workspace && row.CampaignId == campaignId && row.State == DeliveryState.Sent), member => member.ShopperId, row => row.ShopperId, (member, _) => member.Variant)
            .GroupBy(variant => variant).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken).ConfigureAwait(false);
        var given = await treated.Join(db.CouponCodes.Where(code => code.WorkspaceId == scope.Workspace && code.CampaignId == campaignId), member => member.ShopperId, code => code.ShopperId, (member, code) => new { member.Variant, code.Uses })
            .GroupBy(pair => pair.Variant).Select(group => new { group.Key, Count = group.Count(), Used = group.Count(pair => pair.Uses > 0) }).ToDictionaryAsync(group => group.Key, cancellationToken).ConfigureAwait(false);
        var orders = await treated.Join(db.Redemptions.Where(row => row.WorkspaceId == scope.Workspace && row.CampaignId == campaignId && row.RolledBackAt == null), member => member.ShopperId, row => row.ShopperId, (member, row) => new { member.Variant, row.OrderId, row.OrderMinor, row.CostMinor })
            .GroupBy(pair => pair.Variant).Select(group => new { group.Key, Count = group.Select(pair => pair.OrderId).Distinct().Count(), Order = group.Sum(pair => pair.OrderMinor), Cost = group.Sum(pair => pair.CostMinor) }).ToDictionaryAsync(group => group.Key, cancellationToken).ConfigureAwait(false);
        return [.. Enumerable.Range(0, others + 1).Select(number => new VariantSum(
            number, people.GetValueOrDefault(number), sent.GetValueOrDefault(number), given.GetValueOrDefault(number)?.Count ?? 0, given.GetValueOrDefault(number)?.Used ?? 0,
            orders.GetValueOrDefault(number)?.Count ?? 0, orders.GetValueOrDefault(number)?.Order ?? 0, orders.GetValueOrDefault(number)?.Cost ?? 0))];
    }
}
