using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Campaigns.Running;

/// <summary>Queues a repetition of a campaign for everybody in it; whoever is held back is written down without a message.</summary>
public sealed class CampaignSending(IDbContextFactory<StudioDb> databases, Messenger messenger, CouponRules rules, CampaignOffers offers, ShopperHabits habits, TimeProvider clock)
{
    private const int Chunk = 2_000;

    /// <summary>Done again, it queues who is left.</summary>
    internal async Task<Problem?> SendAsync(WorkspaceScope scope, Campaign campaign, CampaignOccurrence due, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        if (campaign.Channel is not { } channel || !CampaignMapping.ToDraft(campaign).TryGet(out var draft, out _) || draft.Message is null) return null;
        var told = ImmutableArray.CreateBuilder<Told>();
        foreach (var variant in CampaignVariants.Of(draft))
        {
            if (!(await ToldAsync(scope, campaign.Id, variant, cancellationToken).ConfigureAwait(false)).TryGet(out var one, out var problem)) return problem;
            told.Add(one);
        }

        var storeHour = campaign.AtBestHour ? await habits.StoreHourAsync(scope.Workspace, zone, cancellationToken).ConfigureAwait(false) : 0;
        var from = due.At > clock.GetUtcNow() ? due.At : clock.GetUtcNow();
        while (await OpenAsync(campaign, due.Key, cancellationToken).ConfigureAwait(false) is { Count: > 0 } some)
        {
            var known = await habits.ReadAsync(scope.Workspace, zone, [.. some.Select(one => one.ShopperId)], cancellationToken).ConfigureAwait(false);
            foreach (var group in some.GroupBy(one => (one.Variant, Hour: campaign.AtBestHour ? known[one.ShopperId].BestHour ?? storeHour : -1)))
            {
                var variant = told[group.Key.Variant];
                var order = new MessageOrder(campaign.Id, channel, variant.Message, due.Key, campaign.EndpointId, group.Key.Hour < 0 ? null : CampaignSchedule.NextHour(from, group.Key.Hour, zone));
                var recipients = group.Select(one => new Recipient(one.ShopperId, ValuesOf(variant.Offer, one.Code, known[one.ShopperId].Language), known[one.ShopperId].Language, null, one.Place != CampaignPlace.Treated)).ToList();
                if ((await messenger.QueueAsync(scope, order, recipients, variant.Codes is null ? null : variant.Codes.GiveAsync, cancellationToken).ConfigureAwait(false)).Problem is { } problem) return problem;
            }
        }

        return null;
    }

    private async Task<Outcome<Told>> ToldAsync(WorkspaceScope scope, Guid campaign, CampaignVariant variant, CancellationToken cancellationToken)
    {
        if (variant.RuleId is not { } rule) return new Told(variant.Message!, null, null);
        if (!(await rules.FindAsync(scope, rule, cancellationToken).ConfigureAwait(false)).TryGet(out var offer, out var gone)) return gone is RuleGone ? new CampaignOfferGone() : gone;
        if (offer.State is CouponRuleState.Paused or CouponRuleState.Ended) return new CampaignOfferNotLive(offer.Name);
        if (!(await offers.CodesAsync(scope, campaign, rule, cancellationToken).ConfigureAwait(false)).TryGet(out var codes, out var problem)) return problem;
        return new Told(variant.Message!, offer, codes);
    }

    /// <summary>What the tokens say of an offer, in the shopper's language.</summary>
    internal static ImmutableDictionary<string, string> ValuesOf(RuleView? offer, string? code, string? language)
    {
        var values = ImmutableDictionary<string, string>.Empty;
        if (offer?.Draft is not { } draft) return values;
        var culture = CultureInfo.GetCultureInfo(language == MessageTemplate.ChineseName ? MessageTemplate.ChineseName : MessageTemplate.EnglishName);
        values = values.Add(MessageTokens.Offer, RuleSentence.Offer(draft.Offer, new SentenceStyle(culture, offer.Currency, key => key)));
        if (code is not null) values = values.Add(MessageTokens.Code, code);
        return draft.EndsOn is { } last ? values.Add(MessageTokens.ValidUntil, ConditionFigures.Day(last, culture)) : values;
    }

    /// <summary>Those of whom nothing is written down for this repetition yet, with their codes. Whoever is queued or kept back has a row, so each round finds others.</summary>
    private async Task<List<OpenMember>> OpenAsync(Campaign campaign, string occurrence, CancellationToken cancellationToken)
    {
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return await CampaignMembers.Of(db, campaign).Where(member => member.Place != CampaignPlace.Waiting
                && !db.Deliveries.Any(row => row.WorkspaceId == campaign.WorkspaceId && row.CampaignId == campaign.Id && row.Occurrence == occurrence && row.ShopperId == member.ShopperId))
            .OrderBy(member => member.ShopperId)
            .Select(member => new OpenMember(member.ShopperId, member.Place, member.Variant, db.CouponCodes.Where(code => code.CampaignId == campaign.Id && code.ShopperId == member.ShopperId).Select(code => code.Code).FirstOrDefault()))
            .Take(Chunk).ToListAsync(cancellationToken).ConfigureAwait(false);
    }

    private sealed record OpenMember(string ShopperId, CampaignPlace Place, int Variant, string? Code);

    /// <summary>What a variant tells.</summary>
    private sealed record Told(MessageTemplate Message, RuleView? Offer, CampaignCodes? Codes);
}
