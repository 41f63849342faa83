using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Redemptions;

/// <param name="Holding">Null for all, else only those that hold or those that were taken back.</param>
/// <param name="Search">A code however typed, an order's id or a shopper's, whole.</param>
public sealed record RedemptionQuestion(Guid? RuleId = null, bool? Holding = null, string? Search = null, int Limit = 500);

/// <param name="RolledBackBy">Who took it back; null while it holds.</param>
public sealed record RedemptionRow(Guid Id, Guid RuleId, string RuleName, string Coupon, string OrderId, string? ShopperId, long OrderMinor, long DiscountMinor, DateTimeOffset At, DateTimeOffset? RolledBackAt, string? RolledBackBy);

/// <param name="Rows">The latest of those that fit the question.</param>
/// <param name="Matching">All that fit it.</param>
/// <param name="Holding">Of all in the shop, those that hold.</param>
/// <param name="DiscountMinor">What those that hold took off.</param>
public sealed record RedemptionList(ImmutableArray<RedemptionRow> Rows, int Matching, int Holding, int TakenBack, long DiscountMinor);

/// <summary>Which codes were redeemed on which orders, for whoever asks after one.</summary>
public sealed class RedemptionSearch(IDbContextFactory<StudioDb> databases)
{
    public async Task<Outcome<RedemptionList>> FindAsync(WorkspaceScope scope, RedemptionQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(question);
        if (scope.Refusal(Right.ReadFigures) is { } refusal && scope.Refusal(Right.LookUpCustomer) is not null) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var all = database.Redemptions.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace);
        var sums = await all.GroupBy(_ => 1).Select(group => new { All = group.Count(), Holding = group.Count(row => row.RolledBackAt == null), Off = group.Sum(row => row.RolledBackAt == null ? row.DiscountMinor : 0) })
            .SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        var matching = all;
        if (question.RuleId is { } rule) matching = matching.Where(row => row.RuleId == rule);
        if (question.Holding is { } holding) matching = matching.Where(row => holding == (row.RolledBackAt == null));
        if (question.Search?.Trim() is { Length: > 0 } text)
        {
            var typed = CodeText.Normalise(text);
            var codes = database.CouponCodes.Where(code => code.WorkspaceId == scope.Workspace && code.Lookup == typed).Select(code => code.Code);
            matching = matching.Where(row => row.OrderId == text || row.ShopperId == text || codes.Contains(row.Coupon));
        }

        var rows = await matching.OrderByDescending(row => row.At).Take(question.Limit).Join(database.CouponRules, row => row.RuleId, rule => rule.Id, (row, rule) =>
            new RedemptionRow(row.Id, row.RuleId, rule.Name, row.Coupon, row.OrderId, row.ShopperId, row.OrderMinor, row.DiscountMinor, row.At, row.RolledBackAt, row.RolledBackBy)).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        return new RedemptionList([.. rows.OrderByDescending(row => row.At)], await matching.CountAsync(cancellationToken).ConfigureAwait(false), sums?.Holding ?? 0, (sums?.All ?? 0) - (sums?.Holding ?? 0), sums?.Off ?? 0);
    }
}
