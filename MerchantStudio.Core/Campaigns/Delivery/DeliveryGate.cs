using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Messages;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <summary>A recipient with what her message would say.</summary>
internal sealed record Candidate(Recipient Recipient, ShopperContact? Contact, IReadOnlyDictionary<string, string> Values);

/// <param name="DueAt">When it may be sent; <paramref name="Reason"/> is None then.</param>
internal sealed record Verdict(DeliveryReason Reason, DateTimeOffset DueAt, bool IsPostponed);

/// <summary>The one place that every message passes, whatever campaign it comes from: first when it is queued, inside the transaction that writes it down, and once more just before it is sent.</summary>
internal sealed class DeliveryGate(StudioDb db, Workspace workspace, MessagingSettings settings, DateTimeOffset now)
{
    private const int CapDays = 7;
    private static readonly TimeSpan LookAgainAtPaused = TimeSpan.FromMinutes(5);
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(workspace.TimeZone);

    /// <summary>Whether the week's limit over all channels counts a message of this kind: what is shown in the shop's own pages goes to nobody.</summary>
    public static bool CountsOverall(MessageChannel channel) => channel != MessageChannel.OnSite;

    /// <summary>Judges candidates that are all different people. What it reads stays as it is until the caller's transaction ends.</summary>
    public async Task<ImmutableArray<Verdict>> JudgeAsync(MessageOrder order, ParsedTemplate template, IReadOnlyList<Candidate> candidates, CancellationToken cancellationToken)
    {
        // On PostgreSQL this makes other judges of the shop wait; SQLite has one writer anyway.
        await db.MessagingSettings.Where(row => row.WorkspaceId == workspace.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.SmtpPort, row => row.SmtpPort), cancellationToken).ConfigureAwait(false);
        return await ForecastAsync(order, template, candidates, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What would be judged now; nothing is reserved.</summary>
    public async Task<ImmutableArray<Verdict>> ForecastAsync(MessageOrder order, ParsedTemplate template, IReadOnlyList<Candidate> candidates, CancellationToken cancellationToken)
    {
        var shoppers = candidates.Select(candidate => candidate.Recipient.ShopperId).ToList();
        var had = (await db.Deliveries.Where(row => row.WorkspaceId == workspace.Id && row.CampaignId == order.CampaignId && row.Occurrence == order.Occurrence && row.Slot == "" && shoppers.Contains(row.ShopperId))
            .Select(row => row.ShopperId).ToListAsync(cancellationToken).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
        var left = await LeftAsync(shoppers, [.. candidates.Select(candidate => candidate.Contact?.EmailHash).OfType<string>()], cancellationToken).ConfigureAwait(false);
        var recent = await RecentAsync(shoppers, cancellationToken).ConfigureAwait(false);
        var start = order.NotBefore is { } later && later > now ? later : now;
        return [.. candidates.Select(candidate => Judge(order.Channel, template, candidate, had, left, recent[candidate.Recipient.ShopperId], start))];
    }

    /// <summary>What has changed since it was queued: who left, whether the campaign was stopped, and whether it is night where she is.</summary>
    public async Task<IReadOnlyDictionary<Guid, Verdict>> RecheckAsync(IReadOnlyList<AppState.Delivery> deliveries, CancellationToken cancellationToken)
    {
        var left = await LeftAsync([.. deliveries.Select(row => row.ShopperId)], [.. deliveries.Select(row => row.ContactHash).OfType<string>()], cancellationToken).ConfigureAwait(false);
        var campaigns = deliveries.Select(row => row.CampaignId).Distinct().ToList();
        var stopped = await db.Campaigns.Where(row => campaigns.Contains(row.Id) && (row.State == CampaignState.Paused || row.State == CampaignState.Ended))
            .ToDictionaryAsync(row => row.Id, row => row.State, cancellationToken).ConfigureAwait(false);
        return deliveries.ToDictionary(row => row.Id, row =>
        {
            if (row.State != DeliveryState.Sent && stopped.TryGetValue(row.CampaignId, out var state))
                return state == CampaignState.Ended ? new Verdict(DeliveryReason.CampaignEnded, now, false) : new Verdict(DeliveryReason.None, now + LookAgainAtPaused, true);
            if (Obeys(row.Channel) && left.Has(row.ShopperId, row.ContactHash)) return new Verdict(DeliveryReason.Unsubscribed, now, false);
            return QuietEnd(row.Channel, row.Zone, now) is { } end ? new Verdict(DeliveryReason.None, end, true) : new Verdict(DeliveryReason.None, now, false);
        });
    }

    private Verdict Judge(MessageChannel channel, ParsedTemplate template, Candidate candidate, HashSet<string> had, Left left, IEnumerable<Recent> recent, DateTimeOffset start)
    {
        var (recipient, contact) = (candidate.Recipient, candidate.Contact);
        var due = QuietEnd(channel, recipient.Zone, start) ?? start;
        return new Verdict(Reason(), due, due > start);

        DeliveryReason Reason()
        {
            if (recipient.IsHoldout) return DeliveryReason.Holdout;
            if (had.Contains(recipient.ShopperId)) return DeliveryReason.AlreadySent;
            if (Obeys(channel) && left.Has(recipient.ShopperId, contact?.EmailHash)) return DeliveryReason.Unsubscribed;
            if (!Agreed(channel, contact?.Consent)) return DeliveryReason.NoConsent;
            if (channel == MessageChannel.Email && string.IsNullOrEmpty(contact?.EmailProtected)) return DeliveryReason.NoAddress;
            if (MessageRenderer.Missing(template.In(recipient.Language), candidate.Values) is not null) return DeliveryReason.MissingValue;
            var counted = recent.Where(other => other.FallsIntoWeekOf(due, _zone)).ToList();
            if (MostOf(channel) is { } most && counted.Count(other => other.Channel == channel) >= most) return DeliveryReason.ChannelCap;
            return settings.MostAWeek is { } all && CountsOverall(channel) && counted.Count(other => other.CountsOverall) >= all ? DeliveryReason.OverallCap : DeliveryReason.None;
        }
    }

    private bool Agreed(MessageChannel channel, bool? consent) => channel switch
    {
        MessageChannel.OnSite => true,
        // The merchant's own program: a plain no binds it, but it need not write e-mails.
        MessageChannel.Webhook => consent is not false,
        _ => consent ?? settings.WritesWithoutAnswer,
    };

    private static bool Obeys(MessageChannel channel) => channel != MessageChannel.OnSite;

    private DateTimeOffset? QuietEnd(MessageChannel channel, string? zone, DateTimeOffset at) =>
        channel is MessageChannel.Email or MessageChannel.Webhook ? QuietHours.EndAfter(settings, QuietHours.ZoneOr(zone, _zone), at) : null;

    private int? MostOf(MessageChannel channel) => channel switch
    {
        MessageChannel.Email => settings.MostEmails,
        MessageChannel.Webhook => settings.MostWebhooks,
        MessageChannel.OnSite => settings.MostOnSite,
        _ => settings.MostCsv,
    };

    private async Task<Left> LeftAsync(List<string> shoppers, List<string> hashes, CancellationToken cancellationToken)
    {
        var rows = await db.ShopperOptOuts.Where(row => row.WorkspaceId == workspace.Id && (shoppers.Contains(row.ShopperId) || (row.ContactHash != null && hashes.Contains(row.ContactHash))))
            .Select(row => new { row.ShopperId, row.ContactHash }).ToListAsync(cancellationToken).ConfigureAwait(false);
        return new Left(rows.Select(row => row.ShopperId).ToHashSet(StringComparer.Ordinal), rows.Select(row => row.ContactHash).OfType<string>().ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>What each has been sent lately or will be, over all campaigns.</summary>
    private async Task<ILookup<string, Recent>> RecentAsync(List<string> shoppers, CancellationToken cancellationToken)
    {
        var since = QuietHours.DayStart(_zone, now, -CapDays);
        var rows = await db.Deliveries.Where(row => row.WorkspaceId == workspace.Id && shoppers.Contains(row.ShopperId)
                && (row.State == DeliveryState.Queued || row.State == DeliveryState.Sending || (row.State == DeliveryState.Sent && row.SentAt >= since)))
            .Select(row => new { row.ShopperId, row.Channel, row.CountsOverall, row.SentAt, row.NextAttemptAt }).ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.ToLookup(row => row.ShopperId, row => new Recent(row.Channel, row.CountsOverall, row.SentAt ?? (row.NextAttemptAt > now ? row.NextAttemptAt.Value : now)), StringComparer.Ordinal);
    }

    private sealed record Left(HashSet<string> Shoppers, HashSet<string> Hashes)
    {
        public bool Has(string shopper, string? hash) => Shoppers.Contains(shopper) || (hash is not null && Hashes.Contains(hash));
    }

    /// <param name="At">When it was sent, or will be at the earliest.</param>
    private sealed record Recent(MessageChannel Channel, bool CountsOverall, DateTimeOffset At)
    {
        /// <summary>Whether both fall into some seven days of the store's calendar.</summary>
        public bool FallsIntoWeekOf(DateTimeOffset due, TimeZoneInfo zone) => At >= QuietHours.DayStart(zone, due, 1 - CapDays) && At < QuietHours.DayStart(zone, due, CapDays);
    }
}
