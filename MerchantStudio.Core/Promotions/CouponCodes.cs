using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions;

/// <param name="Used">Null for all codes, else only those used or not used yet.</param>
/// <param name="Search">Part of a code or a whole shopper id; codes may be typed with small letters and look-alikes.</param>
public sealed record CodeQuestion(Guid? RuleId = null, bool? Used = null, string? Search = null, int Limit = 500, Guid? BatchId = null);

public sealed record CodeRow(string Code, string? ShopperId, Guid RuleId, string RuleName, DateTimeOffset GivenAt, int Uses, DateTimeOffset? LastUsedAt);

/// <param name="Matching">Rows that fit the question; <paramref name="Rows"/> holds the first of them.</param>
/// <param name="Given">All codes of the rule or workspace asked about.</param>
public sealed record CodeList(ImmutableArray<CodeRow> Rows, int Matching, int Given, int Used, int Uses);

/// <summary>The personal codes that were given out, and which came back in imported orders.</summary>
public sealed class CouponCodes(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses)
{
    public async Task<Outcome<CodeList>> ListAsync(WorkspaceScope scope, CodeQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(question);
        if (scope.Refusal(Right.ReadFigures) is { } refusal && scope.Refusal(Right.LookUpCustomer) is not null) return refusal;
        await RefreshUsesAsync(scope, cancellationToken).ConfigureAwait(false);
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var all = database.CouponCodes.AsNoTracking().Where(code => code.WorkspaceId == scope.Workspace);
        if (question.RuleId is { } rule) all = all.Where(code => code.RuleId == rule);
        if (question.BatchId is { } batch) all = all.Where(code => code.BatchId == batch);
        var sums = await all.GroupBy(_ => 1).Select(group => new { Given = group.Count(), Used = group.Count(code => code.Uses > 0), Uses = group.Sum(code => code.Uses) })
            .SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        var matching = Matching(all, question);
        var rows = await Rows(database, matching.OrderBy(code => code.LastUsedAt == null).ThenByDescending(code => code.LastUsedAt).ThenBy(code => code.Id).Take(question.Limit)).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        return new CodeList([.. rows.OrderByDescending(row => row.LastUsedAt).ThenBy(row => row.Code, StringComparer.Ordinal)], await matching.CountAsync(cancellationToken).ConfigureAwait(false), sums?.Given ?? 0, sums?.Used ?? 0, sums?.Uses ?? 0);
    }

    /// <summary>Counts for each code the orders that used it: redeemed here, or imported with it. An order counts once; an undone import and a redemption taken back give their uses back.</summary>
    public async Task RefreshUsesAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        if (!await database.CouponCodes.AnyAsync(code => code.WorkspaceId == scope.Workspace, cancellationToken).ConfigureAwait(false)) return;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var imported = !await warehouse.HasTableAsync("paid_orders", cancellationToken).ConfigureAwait(false) ? [] : await warehouse.QueryAsync(
            "select distinct coupon_code, order_no, ts from paid_orders where coupon_code is not null and trim(coupon_code) <> ''",
            row => (Code: CodeText.Normalise(row.Text(0)!), Order: row.Text(1) ?? "", At: row.Instant(2)), [], cancellationToken).ConfigureAwait(false);
        var redeemed = await database.Redemptions.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace && row.RolledBackAt == null)
            .Select(row => new { row.Coupon, row.OrderId, row.At }).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        var seen = imported.Concat(redeemed.Select(row => (Code: CodeText.Normalise(row.Coupon), Order: row.OrderId, row.At)))
            .GroupBy(use => use.Code).ToDictionary(alike => alike.Key, alike => (Uses: alike.Select(use => use.Order).Distinct(StringComparer.Ordinal).Count(), Last: alike.Max(use => use.At)));
        var known = await database.CouponCodes.Where(code => code.WorkspaceId == scope.Workspace && code.Uses > 0).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var chunk in seen.Keys.Chunk(500))
            known.AddRange(await database.CouponCodes.Where(code => code.WorkspaceId == scope.Workspace && code.Uses == 0 && chunk.Contains(code.Lookup)).ToListAsync(cancellationToken).ConfigureAwait(false));
        foreach (var code in known)
        {
            var use = seen.GetValueOrDefault(code.Lookup);
            code.Uses = use.Uses;
            code.LastUsedAt = use.Uses > 0 ? use.Last : null;
        }

        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    internal static IQueryable<CouponCode> Matching(IQueryable<CouponCode> codes, CodeQuestion question)
    {
        if (question.Used is { } used) codes = codes.Where(code => used ? code.Uses > 0 : code.Uses == 0);
        if (question.Search?.Trim() is { Length: > 0 } text)
        {
            var typed = CodeText.Normalise(text);
            codes = codes.Where(code => code.Lookup.Contains(typed) || code.ShopperId == text);
        }

        return codes;
    }

    internal static IQueryable<CodeRow> Rows(StudioDb database, IQueryable<CouponCode> codes) =>
        from code in codes
        join rule in database.CouponRules on code.RuleId equals rule.Id
        select new CodeRow(code.Code, code.ShopperId, code.RuleId, rule.Name, code.GivenAt, code.Uses, code.LastUsedAt);
}
