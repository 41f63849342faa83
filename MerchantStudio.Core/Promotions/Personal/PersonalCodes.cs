using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Guards;
using MerchantStudio.Core.Promotions.Personal.Tries;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Personal;

/// <summary>The rule of one step of a plan that was made real.</summary>
/// <param name="IsTried">Its shoppers were chosen by chance.</param>
public sealed record PersonalRule(Guid RuleId, int BasisPoints, int Given, bool IsTried = false);

/// <summary>Makes a plan real: one rule for each step of the ladder, live at once, whose codes only the shoppers of that step have. Where trying is on, chance chooses for its share of them.</summary>
public sealed class PersonalCodes(IDbContextFactory<StudioDb> databases, CouponRules rules, RuleActivation activation, PublishingCheck guards, OfferTries tries, TimeProvider time)
{
    /// <summary>One use takes off no more than this many times what the largest usual basket of the step would give.</summary>
    private const int CapTimes = 3;

    /// <summary>Gives the codes. Where one of the rules may not go live, none does and nothing is left behind.</summary>
    /// <param name="name">Of the rules; each has its percentage behind it.</param>
    /// <param name="audience">Whom the plan was for; the rules keep it, so that they can be read.</param>
    /// <param name="days">How long the codes hold, today included.</param>
    public async Task<Outcome<ImmutableArray<PersonalRule>>> GiveAsync(WorkspaceScope scope, PersonalOfferPlan plan, string name, Condition audience, int days, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(name);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        var round = await tries.DrawAsync(scope, plan, days, cancellationToken).ConfigureAwait(false);
        var given = await GiveAsync(scope, plan, round, name, audience, days, cancellationToken).ConfigureAwait(false);
        if (round is null) return given;
        if (given.Succeeded) await tries.GivenAsync(scope, round, CancellationToken.None).ConfigureAwait(false);
        else await tries.TakeBackAsync(scope, round, CancellationToken.None).ConfigureAwait(false);
        return given;
    }

    private async Task<Outcome<ImmutableArray<PersonalRule>>> GiveAsync(WorkspaceScope scope, PersonalOfferPlan plan, TryRound? round, string name, Condition audience, int days, CancellationToken cancellationToken)
    {
        var (limit, today) = await ShopAsync(scope, cancellationToken).ConfigureAwait(false);
        ImmutableArray<Step> steps = [.. PlannedSteps(plan, round, name, audience, today.AddDays(days - 1)), .. TriedSteps(round, name, audience, today.AddDays(days - 1))];
        if (steps.IsEmpty) return new PersonalNobody();
        if (scope.Refusal(Right.ApproveBudget) is not null && steps.Any(step => Approval.IsNeeded(step.Draft, step.Shoppers.Length, limit))) return new PersonalNeedsOwner();
        var saved = new List<Guid>();
        foreach (var step in steps)
        {
            var kept = await rules.SaveAsync(scope, null, 0, step.Draft, cancellationToken).ConfigureAwait(false);
            if (kept.TryGet(out var id, out var problem)) saved.Add(id);
            if ((problem ?? await guards.RefusalAsync(scope, saved[^1], cancellationToken).ConfigureAwait(false)) is not { } standing) continue;
            foreach (var draft in saved) await rules.DeleteAsync(scope, draft, CancellationToken.None).ConfigureAwait(false);
            return standing;
        }

        var given = ImmutableArray.CreateBuilder<PersonalRule>();
        for (var index = 0; index < steps.Length; index++)
        {
            if (!(await activation.ActivateForAsync(scope, saved[index], steps[index].Shoppers, cancellationToken).ConfigureAwait(false)).TryGet(out var done, out var problem)) return problem;
            given.Add(new PersonalRule(saved[index], steps[index].BasisPoints, done.Given, steps[index].IsTried));
        }

        return given.ToImmutable();
    }

    private static IEnumerable<Step> PlannedSteps(PersonalOfferPlan plan, TryRound? round, string name, Condition audience, DateOnly last) =>
        plan.Rows.Where(row => row.StepBasisPoints > 0 && round?.Drawn.ContainsKey(row.ShopperId) != true && round?.Keeping.Contains(row.ShopperId) != true).GroupBy(row => row.StepBasisPoints).OrderBy(rows => rows.Key)
            .Select(rows => new Step(DraftOf(name, audience, last, rows.Key, rows.Max(row => row.BasketMinor)), rows.Key, [.. rows.Select(row => row.ShopperId)], IsTried: false));

    /// <summary>Their caps and budgets hold the day's money even if every code is used.</summary>
    private static IEnumerable<Step> TriedSteps(TryRound? round, string name, Condition audience, DateOnly last) =>
        from step in round?.Steps ?? []
        let shoppers = round!.Drawn.Where(one => one.Value == step.BasisPoints).Select(one => one.Key).Order(StringComparer.Ordinal).ToImmutableArray()
        where !shoppers.IsEmpty
        select new Step(
            new RuleDraft(NameOf(name, step.BasisPoints, round!.Label), audience, new Offer(OfferKind.Percent, step.BasisPoints, CapMinor: step.CapMinor), EndsOn: last, BudgetMinor: step.CapMinor * shoppers.Length), step.BasisPoints, shoppers, IsTried: true);

    private static RuleDraft DraftOf(string name, Condition audience, DateOnly last, int step, double largestBasket)
    {
        var cap = (long)Math.Clamp(Math.Ceiling(largestBasket * step / 10_000 * CapTimes), 1, RuleCheck.LargestAmount);
        return new RuleDraft(NameOf(name, step, null), audience, new Offer(OfferKind.Percent, step, CapMinor: cap), EndsOn: last);
    }

    private static string NameOf(string name, int step, string? label) => string.Create(CultureInfo.InvariantCulture, $"{name.Trim()}, {step / 100m:0.##} %{(label is null ? "" : $", {label}")}");

    private async Task<(long ApprovalLimitMinor, DateOnly Today)> ShopAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var shop = await database.Workspaces.Where(shop => shop.Id == scope.Workspace).Select(shop => new { shop.ApprovalLimitMinor, shop.TimeZone }).SingleAsync(cancellationToken).ConfigureAwait(false);
        return (shop.ApprovalLimitMinor, RuleCalendar.Today(time, TimeZoneInfo.FindSystemTimeZoneById(shop.TimeZone)));
    }

    private sealed record Step(RuleDraft Draft, int BasisPoints, ImmutableArray<string> Shoppers, bool IsTried);
}

public sealed record PersonalNobody() : Problem("personal.nobody", "The plan gives nobody an offer, so there is nothing to give out. Change the ladder, the budget or the margin.");

public sealed record PersonalNeedsOwner() : Problem("personal.needs-owner", "What these codes may cost is above the shop's limit, so an owner has to give them out. Lower the budget, or ask an owner.");
