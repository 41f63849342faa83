using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantStudio.Core.Promotions.Referrals;

/// <summary>An advocate's code to share.</summary>
/// <param name="Again">She had it before.</param>
public sealed record ReferralCode(Guid ProgrammeId, string AdvocateId, string Code, DateTimeOffset GivenAt, bool Again);

/// <param name="Given">New ones.</param>
/// <param name="Had">Who had one before.</param>
public sealed record ReferralGift(int Given, int Had);

/// <summary>Gives advocates their codes, one each in a programme: to a whole segment, or to the one customer who asks.</summary>
public sealed class ReferralCodes(IDbContextFactory<StudioDb> databases, AudienceReader audiences, AuditTrail audit, TimeProvider time)
{
    private const int MostLetters = 200;
    private const int Chunk = 2_000;

    /// <summary>The customer's code, made when she asks first. Asked again, she has the same one.</summary>
    public async Task<Outcome<ReferralCode>> GiveAsync(WorkspaceScope scope, Guid programmeId, string? shopper, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.RedeemOffers) is { } refusal) return refusal;
        if (shopper is not { Length: > 0 and <= MostLetters } || string.IsNullOrWhiteSpace(shopper)) return new ReferralCustomerMissing();
        return await databases.RunAsync<ReferralCode>(async (database, token) =>
        {
            if (!(await OpenAsync(database, scope, programmeId, token).ConfigureAwait(false)).TryGet(out var rule, out var problem)) return problem;
            var own = database.CouponCodes.AsNoTracking().Where(code => code.ReferralId == programmeId && code.AdvocateId == shopper);
            var again = await own.SingleOrDefaultAsync(token).ConfigureAwait(false) is not null;
            if (!again) await InsertAsync(database, rule, programmeId, [shopper], token).ConfigureAwait(false);
            var code = await own.SingleAsync(token).ConfigureAwait(false);
            return new ReferralCode(programmeId, shopper, code.Code, code.GivenAt, again);
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives each shopper of a segment a code. Done again, after a cut in the middle as well, it does what is left.</summary>
    /// <param name="segment">Key as in <see cref="InSegment"/>.</param>
    public async Task<Outcome<ReferralGift>> GiveSegmentAsync(WorkspaceScope scope, Guid programmeId, string segment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        if (!(await audiences.IdsAsync(scope, new InSegment([segment]), cancellationToken).ConfigureAwait(false)).TryGet(out var people, out var unread)) return unread;
        if (people.IsEmpty) return new ReferralNobody();
        var (given, had) = (0, 0);
        foreach (var chunk in people.Chunk(Chunk))
        {
            var step = await databases.RunAsync<ReferralGift>(async (database, token) =>
            {
                if (!(await OpenAsync(database, scope, programmeId, token).ConfigureAwait(false)).TryGet(out var rule, out var problem)) return problem;
                var known = (await database.CouponCodes.Where(code => code.ReferralId == programmeId && code.AdvocateId != null && chunk.Contains(code.AdvocateId)).Select(code => code.AdvocateId!).ToListAsync(token).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
                string[] open = [.. chunk.Where(shopper => !known.Contains(shopper))];
                if (open.Length > 0) await InsertAsync(database, rule, programmeId, open, token).ConfigureAwait(false);
                return new ReferralGift(open.Length, known.Count);
            }, cancellationToken).ConfigureAwait(false);
            if (!step.TryGet(out var done, out var unfit)) return unfit;
            (given, had) = (given + done.Given, had + done.Had);
        }

        await audit.WriteAsync(scope.Workspace, scope.Actor, new AuditFact("referral.codes-given", segment, After: $"{given} codes"), cancellationToken).ConfigureAwait(false);
        return new ReferralGift(given, had);
    }

    /// <summary>The friend's rule of a running programme. On PostgreSQL another giver of the programme waits here; SQLite has one writer anyway.</summary>
    private static async Task<Outcome<CouponRule>> OpenAsync(StudioDb database, WorkspaceScope scope, Guid id, CancellationToken cancellationToken)
    {
        if (database.Database.IsNpgsql()) await database.Database.ExecuteSqlAsync($"""SELECT 1 FROM "ReferralProgrammes" WHERE "Id" = {id} FOR UPDATE""", cancellationToken).ConfigureAwait(false);
        var found = await database.ReferralProgrammes.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace && row.Id == id)
            .Join(database.CouponRules, row => row.FriendRuleId, rule => rule.Id, (row, rule) => new { row.State, Rule = rule }).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (found is null) return new ReferralGone();
        if (found.State != ReferralState.Running) return new ReferralNotRunning();
        if (found.Rule.State != CouponRuleState.Live) return new ReferralRuleNotLive(found.Rule.Name);

        // A code is for many friends: how many, the ledger sees to. Where nothing is left for one more, a new code would lead nowhere.
        var key = found.Rule.Id.ToString("D");
        var limit = new Redemptions.CounterLimit(CounterScope.Rule, key, found.Rule.TotalUses, found.Rule.BudgetMinor);
        return await Redemptions.RedemptionLedger.ReachedAsync(database, scope.Workspace, [limit], 1, cancellationToken).ConfigureAwait(false) is null ? found.Rule : new ReferralCodesGone(found.Rule.Name);
    }

    private async Task InsertAsync(StudioDb database, CouponRule rule, Guid programme, IReadOnlyList<string> advocates, CancellationToken cancellationToken)
    {
        var insert = await CodeInsert.PrepareAsync(database.Model, database.Database.CurrentTransaction!.GetDbTransaction(), rule, time.GetUtcNow(), cancellationToken, referral: programme).ConfigureAwait(false);
        await using var _ = insert.ConfigureAwait(false);
        await insert.AddNewAsync(rule.CodePrefix, advocates, cancellationToken).ConfigureAwait(false);
    }
}
