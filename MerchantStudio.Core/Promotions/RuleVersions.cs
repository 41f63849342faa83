using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions;

/// <summary>The terms of a rule as they were saved once.</summary>
/// <param name="Draft">Null when they cannot be read any more.</param>
public sealed record SavedTerms(int Number, string SavedBy, DateTimeOffset SavedAt, RuleDraft? Draft);

/// <summary>One term that differs between two versions, in words.</summary>
/// <param name="Term">"name", "condition", "offer", "minimum", "starts", "ends", "uses", "total", "budget", "prefix", "priority", "group", "combines", "margin", "method", "day", "customer", "segments".</param>
/// <param name="Before">Empty for none.</param>
public sealed record TermChange(string Term, string Before, string After);

/// <summary>What was saved of a rule, and what differs between two states of its terms.</summary>
public sealed class RuleVersions(IDbContextFactory<StudioDb> databases)
{
    /// <summary>The newest first.</summary>
    public async Task<Outcome<ImmutableArray<SavedTerms>>> ListAsync(WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rows = await database.RuleVersions.AsNoTracking().Where(version => version.WorkspaceId == scope.Workspace && version.RuleId == ruleId)
            .OrderByDescending(version => version.Number).Take(100).ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.Select(row => new SavedTerms(row.Number, row.SavedBy, row.SavedAt, RuleTerms.Read(row.TermsJson) is { Succeeded: true } read ? read.Value : null)).ToImmutableArray();
    }

    /// <summary>Every term that differs, in the order of the page.</summary>
    public static ImmutableArray<TermChange> Compare(RuleDraft before, RuleDraft after, SentenceStyle style)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(style);
        var (old, now) = (Terms(before, style), Terms(after, style));
        return [.. old.Zip(now).Where(pair => pair.First.Text != pair.Second.Text).Select(pair => new TermChange(pair.First.Term, pair.First.Text, pair.Second.Text))];
    }

    /// <summary>Adds a version when the terms differ from the last one.</summary>
    internal static async Task AddAsync(StudioDb database, CouponRule rule, RuleDraft draft, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var terms = RuleTerms.Write(draft);
        var last = await database.RuleVersions.Where(version => version.RuleId == rule.Id).OrderByDescending(version => version.Number).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (last?.TermsJson == terms) return;
        database.RuleVersions.Add(new RuleVersion { WorkspaceId = rule.WorkspaceId, RuleId = rule.Id, Number = (last?.Number ?? 0) + 1, TermsJson = terms, SavedBy = actor, SavedAt = now });
    }

    private static (string Term, string Text)[] Terms(RuleDraft draft, SentenceStyle style)
    {
        var words = new OfferSentence(style);
        return
        [
            ("name", draft.Name),
            ("condition", ConditionSentence.Clause(draft.Condition, style).Plain()),
            ("offer", words.Of(draft.Offer)),
            ("minimum", draft.Offer.MinimumSpendMinor is > 0 and var minimum ? $"{words.Money(minimum)}{(draft.Offer.MinimumOn == MinimumMeasure.EligibleItems ? style.IsChinese ? "（仅参与商品）" : " of the eligible items" : "")}" : ""),
            ("starts", Day(draft.StartsOn)),
            ("ends", Day(draft.EndsOn)),
            ("uses", Whole(draft.UsesPerCustomer)),
            ("total", Whole(draft.TotalUses)),
            ("budget", draft.BudgetMinor is { } budget ? words.Money(budget) : ""),
            ("prefix", draft.CodePrefix),
            ("priority", Whole(draft.Priority)),
            ("group", draft.ExclusiveGroup?.Trim() ?? ""),
            ("combines", words.Combines(draft.CombinesWith)),
            ("margin", draft.MarginFloorBasisPoints is { } floor ? words.Share(floor) : ""),
            ("method", words.Method(draft.Method)),
            ("day", words.Limit(draft.DayUses, draft.DayBudgetMinor)),
            ("customer", words.Limit(null, draft.CustomerBudgetMinor)),
            ("segments", words.Segments(draft.SegmentLimits)),
        ];

        string Day(DateOnly? day) => day is { } known ? ConditionFigures.Day(known, style.Culture) : "";
        string Whole(int? value) => value?.ToString("N0", style.Culture) ?? "";
    }
}
