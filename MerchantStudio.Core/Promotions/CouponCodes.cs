using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions;

/// <param name="Used">Null for all codes, else only those used or not used yet.</param>
/// <param name="Search">Part of a code or a whole shopper id; codes may be typed with small letters and look-alikes.</param>
public sealed record CodeQuestion(Guid? RuleId = null, bool? Used = null, string? Search = null, int Limit = 500, Guid? BatchId = null);

public sealed record CodeRow(string Code, string? ShopperId, Guid RuleId, string RuleName, DateTimeOffset GivenAt, int Uses, DateTimeOffset? LastUsedAt)
{
    /// <summary>Uses of this code by anybody; null where only its rule limits them.</summary>
    public int? MostUses { get; init; }

    /// <summary>Belongs to a referral programme.</summary>
    public bool IsReferral { get; init; }
}

/// <param name="Matching">Rows that fit the question; <paramref name="Rows"/> holds the first of them.</param>
/// <param name="Given">All codes of the rule or workspace asked about.</param>
public sealed record CodeList(ImmutableArray<CodeRow> Rows, int Matching, int Given, int Used, int Uses);

/// <summary>The personal codes that were given out, and which came back in imported orders.</summary>
public sealed class CouponCodes(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses) : IDisposable
{
    private readonly CodeUses _uses = new(databases, warehouses);

    /// <summary>Codes whose count was read anew by the last list.</summary>
    internal int LastRead => _uses.LastRead;

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
    public Task RefreshUsesAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return _uses.RefreshAsync(scope.Workspace, cancellationToken);
    }

    public void Dispose() => _uses.Dispose();

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
        select new CodeRow(code.Code, code.ShopperId, code.RuleId, rule.Name, code.GivenAt, code.Uses, code.LastUsedAt) { MostUses = code.MostUses, IsReferral = code.AdvocateId != null };
}
