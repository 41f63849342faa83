using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Redemptions;

/// <summary>
/// Gives an advocate her reward and takes it back, in the ledger's transaction: it is there if and only if the friend's use is. Whether a reward is used or taken back is
/// decided by one statement each, whose condition excludes the other, so a code that was judged before it was taken back is not redeemed after.
/// </summary>
internal static class ReferralLedger
{
    /// <summary>Null where the use may stand.</summary>
    public static async Task<LedgerAnswer?> AddAsync(StudioDb database, ReferralUse use, Redemption row, CancellationToken cancellationToken)
    {
        if (use.Advocate is null)
        {
            var used = await database.ReferralRewards.Where(reward => reward.WorkspaceId == row.WorkspaceId && reward.Code == row.Coupon && reward.TakenBackAt == null && reward.UsedIn == null)
                .ExecuteUpdateAsync(set => set.SetProperty(reward => reward.UsedIn, row.Id), cancellationToken).ConfigureAwait(false);
            return used == 1 ? null : new LedgerAnswer.Moved();
        }

        if (row.ShopperId is not { } friend || friend == use.Advocate) return new LedgerAnswer.Refused(RefusalReason.SelfReferral);
        if (await database.Redemptions.AnyAsync(other => other.WorkspaceId == row.WorkspaceId && other.ShopperId == friend && other.OrderId != row.OrderId && other.RolledBackAt == null, cancellationToken).ConfigureAwait(false))
            return new LedgerAnswer.Refused(RefusalReason.NotFirstOrder);

        // On PostgreSQL another friend of the same advocate waits here, so that rewards are counted one after the other.
        if (database.Database.IsNpgsql()) await database.Database.ExecuteSqlAsync($"""SELECT 1 FROM "CouponCodes" WHERE "ReferralId" = {use.Programme} AND "AdvocateId" = {use.Advocate} FOR UPDATE""", cancellationToken).ConfigureAwait(false);
        var programme = await database.ReferralProgrammes.AsNoTracking().SingleOrDefaultAsync(programme => programme.WorkspaceId == row.WorkspaceId && programme.Id == use.Programme && programme.State == ReferralState.Running, cancellationToken).ConfigureAwait(false);
        if (programme is null) return new LedgerAnswer.Moved();
        await GiveAsync(database, programme, use.Advocate, friend, row, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>On PostgreSQL: who takes the friend's use back and who takes the reward's back wait for each other, so that the second sees what the first did.</summary>
    public static Task HoldAsync(StudioDb database, Guid redemption, CancellationToken cancellationToken) => !database.Database.IsNpgsql() ? Task.CompletedTask
        : database.Database.ExecuteSqlAsync($"""SELECT 1 FROM "ReferralRewards" WHERE "RedemptionId" = {redemption} OR "UsedIn" = {redemption} FOR UPDATE""", cancellationToken);

    /// <summary>A reward whose friend's order is taken back goes with it unless it is used; one that was used and is free again goes then.</summary>
    public static async Task TakeBackAsync(StudioDb database, Redemption row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rewards = await database.ReferralRewards.AsNoTracking().Where(reward => reward.RedemptionId == row.Id || reward.UsedIn == row.Id).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        foreach (var reward in rewards)
        {
            await database.ReferralRewards.Where(one => one.Id == reward.Id && one.UsedIn == row.Id).ExecuteUpdateAsync(set => set.SetProperty(one => one.UsedIn, (Guid?)null), cancellationToken).ConfigureAwait(false);
            var taken = await database.ReferralRewards
                .Where(one => one.Id == reward.Id && one.UsedIn == null && one.TakenBackAt == null && database.Redemptions.Any(friend => friend.Id == one.RedemptionId && friend.RolledBackAt != null))
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.TakenBackAt, now), cancellationToken).ConfigureAwait(false);
            if (taken == 1) await database.CouponCodes.Where(code => code.WorkspaceId == row.WorkspaceId && code.ReferralId == reward.ProgrammeId && code.Code == reward.Code).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Nothing where the advocate holds as many as she may, the friend brought a reward before, or the reward's rule is over or has no room for another code.</summary>
    private static async Task GiveAsync(StudioDb database, ReferralProgramme programme, string advocate, string friend, Redemption row, CancellationToken cancellationToken)
    {
        var held = await database.ReferralRewards.CountAsync(reward => reward.ProgrammeId == programme.Id && reward.AdvocateId == advocate && reward.TakenBackAt == null, cancellationToken).ConfigureAwait(false);
        if (held >= programme.MostRewards) return;
        var rule = await database.CouponRules.AsNoTracking().SingleOrDefaultAsync(rule => rule.WorkspaceId == row.WorkspaceId && rule.Id == programme.RewardRuleId
            && (rule.State == CouponRuleState.Live || rule.State == CouponRuleState.Paused) && (rule.EndsAt == null || rule.EndsAt > row.At), cancellationToken).ConfigureAwait(false);
        if (rule is null) return;

        // Each reward is good for one use, whatever the rule lets a customer use of them.
        var given = await database.CouponCodes.CountAsync(code => code.RuleId == rule.Id, cancellationToken).ConfigureAwait(false);
        if (RuleMapping.ToDraft(rule, TimeZoneInfo.Utc) is not { Succeeded: true } terms || given >= (terms.Value with { UsesPerCustomer = 1 }).MostCodes) return;
        var code = await NewCodeAsync(database, programme, rule, advocate, row, cancellationToken).ConfigureAwait(false);
        var written = await database.Database.ExecuteSqlAsync(
            $"""
            insert into "ReferralRewards" ("Id", "WorkspaceId", "ProgrammeId", "AdvocateId", "FriendId", "RedemptionId", "Code", "GivenAt")
            values ({Guid.CreateVersion7(row.At)}, {row.WorkspaceId.Value}, {programme.Id}, {advocate}, {friend}, {row.Id}, {code}, {row.At.UtcTicks}) on conflict do nothing
            """, cancellationToken).ConfigureAwait(false);
        if (written == 0) await database.CouponCodes.Where(one => one.WorkspaceId == row.WorkspaceId && one.Code == code).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string> NewCodeAsync(StudioDb database, ReferralProgramme programme, CouponRule rule, string advocate, Redemption row, CancellationToken cancellationToken)
    {
        while (true)
        {
            var code = CodeText.New(rule.CodePrefix);
            var added = await database.Database.ExecuteSqlAsync(
                $"""
                insert into "CouponCodes" ("WorkspaceId", "RuleId", "Code", "Lookup", "ShopperId", "GivenAt", "ReferralId", "MostUses", "Uses")
                values ({row.WorkspaceId.Value}, {rule.Id}, {code}, {CodeText.Normalise(code)}, {advocate}, {row.At.UtcTicks}, {programme.Id}, 1, 0) on conflict do nothing
                """, cancellationToken).ConfigureAwait(false);
            if (added == 1) return code;
        }
    }
}
