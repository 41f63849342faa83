using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Decisions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Redemptions;

/// <summary>Says whether a code holds for an order, redeems it exactly once, and takes that back.</summary>
public sealed class Redeemer
{
    private const int MostAttempts = 5;
    private readonly IDbContextFactory<StudioDb> _databases;
    private readonly CouponJudge _judge;
    private readonly RedemptionLedger _ledger;
    private readonly ShopperMemory _shoppers;

    internal Redeemer(IDbContextFactory<StudioDb> databases, CouponJudge judge, RedemptionLedger ledger, ShopperMemory shoppers) => (_databases, _judge, _ledger, _shoppers) = (databases, judge, ledger, shoppers);

    /// <summary>Whether a code holds for an order as it stands now. Nothing is reserved: the last use may be gone when it is redeemed.</summary>
    public async Task<Outcome<CouponVerdict>> ValidateAsync(WorkspaceScope scope, CouponUse use, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(use);
        if (scope.Refusal(Right.RedeemOffers) is { } refusal) return refusal;
        var database = await _databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        if (await FaultAsync(database, scope, use, cancellationToken).ConfigureAwait(false) is { } fault) return fault;
        var judged = await _judge.JudgeAsync(database, scope.Workspace, use, cancellationToken).ConfigureAwait(false);
        if (judged.Entry is not { } entry) return judged.Verdict;
        return await RedemptionLedger.ReachedAsync(database, scope.Workspace, entry.Limits, entry.CostMinor, cancellationToken).ConfigureAwait(false) is { } reached
            ? judged.Verdict with { Reason = reached, Price = null }
            : judged.Verdict;
    }

    /// <summary>Redeems a code on an order. The same request under the same key is answered with what was done the first time; keys never run out.</summary>
    /// <param name="key">The caller's idempotency key, 1 to 200 characters.</param>
    /// <returns><see cref="CouponRefused"/> with nothing done, or the use; it is on the disk then.</returns>
    public async Task<Outcome<RedeemedUse>> RedeemAsync(WorkspaceScope scope, string key, CouponUse use, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(use);
        if (scope.Refusal(Right.RedeemOffers) is { } refusal) return refusal;
        if (!IsName(key)) return new IdempotencyKeyUnfit();
        if (!IsName(use.OrderId)) return new OrderIdUnfit();
        var database = await _databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        if (await FaultAsync(database, scope, use, cancellationToken).ConfigureAwait(false) is { } fault) return fault;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (await RedemptionLedger.FindAsync(database, scope.Workspace, key, use.Hash, cancellationToken).ConfigureAwait(false) is { } known) return Answer(scope.Workspace, known);
            var judged = await _judge.JudgeAsync(database, scope.Workspace, use, cancellationToken).ConfigureAwait(false);

            // What is used up need not wait in line to be told so.
            var refused = judged.Entry is null ? judged.Verdict.Reason : await RedemptionLedger.ReachedAsync(database, scope.Workspace, judged.Entry.Limits, judged.Entry.CostMinor, cancellationToken).ConfigureAwait(false);
            var answer = refused is { } reason ? new LedgerAnswer.Refused(reason) : await _ledger.AddAsync(judged.Entry! with { IdempotencyKey = key, RequestHash = use.Hash }, cancellationToken).ConfigureAwait(false);
            if (answer is LedgerAnswer.Moved) continue;

            // The same request, sent twice at once, may have been written since its key was looked up: then that is the answer, and not what it has used up.
            var twin = answer is LedgerAnswer.Refused ? await RedemptionLedger.FindAsync(database, scope.Workspace, key, use.Hash, cancellationToken).ConfigureAwait(false) : null;
            return Answer(scope.Workspace, twin ?? answer);
        }

        return new RedemptionBusy();
    }

    /// <summary>Takes a redemption back: its code can be used again, and every limit and budget has its share back. Asked again, nothing more happens.</summary>
    public async Task<Outcome<RedeemedUse>> RollBackAsync(WorkspaceScope scope, Guid redemption, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.RedeemOffers) is { } refusal) return refusal;
        return Answer(scope.Workspace, await _ledger.TakeBackAsync(scope.Workspace, redemption, scope.Actor.Name, cancellationToken).ConfigureAwait(false));
    }

    private Outcome<RedeemedUse> Answer(WorkspaceId workspace, LedgerAnswer answer)
    {
        // What she has used counts in the next decision about her.
        if (answer is LedgerAnswer.Written { Again: false, Row.ShopperId: { } shopper }) _shoppers.Forget(workspace, [shopper]);
        return AnswerOf(answer);
    }

    private static Outcome<RedeemedUse> AnswerOf(LedgerAnswer answer) => answer switch
    {
        LedgerAnswer.Written written => RedeemedUse.Of(written.Row, written.Again),
        LedgerAnswer.Refused refused => new CouponRefused(refused.Reason),
        LedgerAnswer.KeyTaken => new IdempotencyKeyTaken(),
        LedgerAnswer.Unknown => new RedemptionUnknown(),
        _ => new RedemptionBusy(),
    };

    private static async Task<Problem?> FaultAsync(StudioDb database, WorkspaceScope scope, CouponUse use, CancellationToken cancellationToken)
    {
        if (use.ShopperId is { Length: > CouponUse.MostLetters }) return new ShopperIdUnfit();
        var currency = await database.Workspaces.Where(workspace => workspace.Id == scope.Workspace).Select(workspace => workspace.Currency).SingleAsync(cancellationToken).ConfigureAwait(false);
        return CartCheck.Check(use.Cart, currency).FirstOrDefault();
    }

    private static bool IsName(string? text) => text is { Length: > 0 and <= CouponUse.MostLetters } && !string.IsNullOrWhiteSpace(text);
}
