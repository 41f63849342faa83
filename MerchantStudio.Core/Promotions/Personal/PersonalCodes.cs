using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Guards;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Personal;

/// <summary>The rule of one step of a plan that was made real.</summary>
public sealed record PersonalRule(Guid RuleId, int BasisPoints, int Given);

/// <summary>Makes a plan real: one rule for each step of the ladder, live at once, whose codes only the shoppers of that step have.</summary>
public sealed class PersonalCodes(IDbContextFactory<StudioDb> databases, CouponRules rules, RuleActivation activation, PublishingCheck guards, TimeProvider time)
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
        if (plan.Offered == 0) return new PersonalNobody();
        var (limit, today) = await ShopAsync(scope, cancellationToken).ConfigureAwait(false);
        ImmutableArray<(RuleDraft Draft, int Step, ImmutableArray<string> Shoppers)> steps = [.. plan.Rows.Where(row => row.StepBasisPoints > 0).GroupBy(row => row.StepBasisPoints).OrderBy(rows => rows.Key)
            .Select(rows => (DraftOf(name, audience, today.AddDays(days - 1), rows.Key, rows.Max(row => row.BasketMinor)), rows.Key, rows.Select(row => row.ShopperId).ToImmutableArray()))];
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
            given.Add(new PersonalRule(saved[index], steps[index].Step, done.Given));
        }

        return given.ToImmutable();
    }

    private static RuleDraft DraftOf(string name, Condition audience, DateOnly last, int step, double largestBasket)
    {
        var cap = (long)Math.Clamp(Math.Ceiling(largestBasket * step / 10_000 * CapTimes), 1, RuleCheck.LargestAmount);
        return new RuleDraft(string.Create(CultureInfo.InvariantCulture, $"{name.Trim()}, {step / 100m:0.##} %"), audience, new Offer(OfferKind.Percent, step, CapMinor: cap), EndsOn: last);
    }

    private async Task<(long ApprovalLimitMinor, DateOnly Today)> ShopAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var shop = await database.Workspaces.Where(shop => shop.Id == scope.Workspace).Select(shop => new { shop.ApprovalLimitMinor, shop.TimeZone }).SingleAsync(cancellationToken).ConfigureAwait(false);
        return (shop.ApprovalLimitMinor, RuleCalendar.Today(time, TimeZoneInfo.FindSystemTimeZoneById(shop.TimeZone)));
    }
}

public sealed record PersonalNobody() : Problem("personal.nobody", "The plan gives nobody an offer, so there is nothing to give out. Change the ladder, the budget or the margin.");

public sealed record PersonalNeedsOwner() : Problem("personal.needs-owner", "What these codes may cost is above the shop's limit, so an owner has to give them out. Lower the budget, or ask an owner.");
