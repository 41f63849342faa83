using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Guards;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions;

/// <summary>What a campaign needs of the rule that is its offer: that it is fit, that it goes live without codes of its own, and a code for each of the campaign's people.</summary>
/// <remarks>Codes come from the campaign and not from the rule's activation, so that those who are held back have none.</remarks>
public sealed class CampaignOffers(IDbContextFactory<StudioDb> databases, RuleActivation activation, CouponRules rules, PublishingCheck guards, TimeProvider time)
{
    private const int Chunk = 2_000;

    /// <summary>Everything that keeps the rule from being the offer of a campaign.</summary>
    /// <param name="people">How many are to get a code, about.</param>
    /// <param name="today">The day in the store's zone.</param>
    /// <param name="firstDay">On which the campaign sends first.</param>
    public async Task<ImmutableArray<Problem>> FaultsAsync(WorkspaceScope scope, Guid ruleId, Guid? campaignId, long people, DateOnly today, DateOnly firstDay, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (!(await rules.FindAsync(scope, ruleId, cancellationToken).ConfigureAwait(false)).TryGet(out var rule, out var problem)) return [problem is RuleGone ? new CampaignOfferGone() : problem];
        if (rule.Draft is null) return [rule.Fault!];
        if (rule.State is CouponRuleState.Paused or CouponRuleState.Ended) return [new CampaignOfferNotLive(rule.Name)];
        var faults = ImmutableArray.CreateBuilder<Problem>();
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var codes = database.CouponCodes.Where(code => code.WorkspaceId == scope.Workspace && code.RuleId == ruleId);
        var own = await codes.CountAsync(code => code.CampaignId == null && code.BatchId == null, cancellationToken).ConfigureAwait(false);
        if (rule.Draft.EndsOn < firstDay) faults.Add(new CampaignOfferEndsEarly(rule.Name, rule.Draft.EndsOn.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        if (own > 0) faults.Add(new CampaignOfferGaveCodes(rule.Name, own));
        var others = await codes.CountAsync(code => code.CampaignId != null && code.CampaignId != campaignId, cancellationToken).ConfigureAwait(false);
        if (rule.Draft.MostCodes is { } most && most - others < people) faults.Add(new CampaignOfferTooSmall(Math.Max(0, most - others), people));
        if (rule.State is not (CouponRuleState.Draft or CouponRuleState.AwaitingApproval)) return faults.ToImmutable();
        faults.AddRange(RuleCheck.Check(rule.Draft, today));
        if (faults.Count == 0 && await guards.RefusalAsync(scope, ruleId, cancellationToken).ConfigureAwait(false) is { } standing) faults.Add(standing);
        return faults.ToImmutable();
    }

    /// <summary>Takes the rule live if it is not yet. Its checks and its approval are the same as without a campaign.</summary>
    public async Task<Outcome<Activation>> GoLiveAsync(WorkspaceScope scope, Guid ruleId, int people, long? budgetMinor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (!(await rules.FindAsync(scope, ruleId, cancellationToken).ConfigureAwait(false)).TryGet(out var rule, out var problem)) return problem;
        if (rule.State is CouponRuleState.Draft or CouponRuleState.AwaitingApproval) return await activation.ActivateAsync(scope, ruleId, new CampaignTerms(people, budgetMinor), cancellationToken).ConfigureAwait(false);
        if (rule.State is not (CouponRuleState.Live or CouponRuleState.Scheduled) || rule.Draft is not { } draft) return new CampaignOfferNotLive(rule.Name);
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var limit = await database.Workspaces.Where(workspace => workspace.Id == scope.Workspace).Select(workspace => workspace.ApprovalLimitMinor).SingleAsync(cancellationToken).ConfigureAwait(false);
        return Approval.IsNeeded(draft, people, limit, budgetMinor) && scope.Refusal(Right.ApproveBudget) is not null ? new CampaignNeedsOwner() : new Activation(false, people, 0);
    }

    /// <summary>Gives each of these a code of the campaign, once: again, after a cut in the middle as well, changes nothing. Where the rule's limits allow for no more codes, the rest get none.</summary>
    /// <returns>Codes by shopper, also those that were given before.</returns>
    public async Task<Outcome<ImmutableDictionary<string, string>>> GiveAsync(WorkspaceScope scope, Guid campaignId, Guid ruleId, IReadOnlyCollection<string> shoppers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(shoppers);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        if (!(await rules.FindAsync(scope, ruleId, cancellationToken).ConfigureAwait(false)).TryGet(out var view, out var problem)) return problem;
        var source = new CampaignCodes(scope.Workspace, campaignId, ruleId, view.Draft?.MostCodes, time);
        var codes = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var chunk in shoppers.Distinct(StringComparer.Ordinal).Chunk(Chunk))
        {
            var given = await databases.RunAsync<Dictionary<string, string>>(async (database, token) => await source.GiveAsync(database, chunk, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            if (!given.TryGet(out var some, out problem)) return problem;
            codes.AddRange(some);
        }

        return codes.ToImmutable();
    }

    /// <summary>Where the codes of a campaign come from when each is given in the transaction that writes its message down.</summary>
    public async Task<Outcome<CampaignCodes>> CodesAsync(WorkspaceScope scope, Guid campaignId, Guid ruleId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        if (!(await rules.FindAsync(scope, ruleId, cancellationToken).ConfigureAwait(false)).TryGet(out var view, out var problem)) return problem;
        return new CampaignCodes(scope.Workspace, campaignId, ruleId, view.Draft?.MostCodes, time);
    }
}

public sealed record CampaignOfferGone() : Problem("campaign.offer-gone", "The coupon rule of this campaign was deleted. Choose another offer, or none.");

public sealed record CampaignOfferNotLive(string Name) : Problem("campaign.offer-not-live", "The coupon rule '{0}' is paused or over. Resume it, or choose another offer.", Name);

public sealed record CampaignOfferEndsEarly(string Name, string LastDay)
    : Problem("campaign.offer-ends-early", "The coupon rule '{0}' ends on {1}, before the campaign sends. Let the rule end later or send earlier.", Name, LastDay);

public sealed record CampaignOfferGaveCodes(string Name, int Codes)
    : Problem("campaign.offer-gave-codes", "The coupon rule '{0}' gave codes to {1} shoppers by itself, so those who are held back might have one. Copy the rule and choose the copy.", Name, Codes);

public sealed record CampaignOfferTooSmall(long Codes, long People)
    : Problem("campaign.offer-too-small", "The limits of the coupon rule allow for {0} more codes, but {1} shoppers are to get one. Raise its total uses or its budget, or narrow the audience.", Codes, People);

public sealed record CampaignNeedsOwner() : Problem("campaign.needs-owner", "What this campaign may cost is above the shop's limit, so an owner has to launch it. Lower the budget, or ask an owner.");
