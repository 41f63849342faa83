using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Campaigns.Planning;

/// <summary>Who would get the message if it were sent now.</summary>
/// <param name="Asked">Shoppers looked at: the audience, or some that are spread evenly over it.</param>
/// <param name="HeldBack">About.</param>
/// <param name="Report">Of the audience as if nobody were held back; reckoned from those asked where they are fewer.</param>
public sealed record CampaignForecast(int Audience, int Asked, int HeldBack, QueueReport Report)
{
    /// <summary>About how many are neither held back nor left out.</summary>
    public int Reached => Audience == 0 ? 0 : (int)Math.Round(Report.Queued * (1 - ((double)HeldBack / Audience)));

    /// <summary>The counts stand for more shoppers than were looked at.</summary>
    public bool IsReckoned => Asked < Audience;
}

/// <summary>Asks the gate beforehand, so that a limit or a missing consent is known before the launch.</summary>
public sealed class CampaignForecasts(AudienceReader audiences, Messenger messenger)
{
    /// <summary>More take longer than a person waits.</summary>
    internal int MostAsked { get; init; } = 5_000;
    private const string Placeholder = "XXXX";

    public async Task<Outcome<CampaignForecast>> AskAsync(WorkspaceScope scope, CampaignDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(draft);
        if (!(await audiences.IdsAsync(scope, draft.Audience, cancellationToken).ConfigureAwait(false)).TryGet(out var ids, out var problem)) return problem;
        var asked = Math.Min(ids.Length, MostAsked);
        var held = (int)Math.Round(ids.Length * draft.HoldoutBasisPoints / 10_000.0);
        if (draft.Channel is not { } channel || draft.Message is null) return new CampaignForecast(ids.Length, asked, held, new QueueReport(ids.Length, 0, ImmutableSortedDictionary<DeliveryReason, int>.Empty));

        // Variants are asked about in turns, as many as their parts say.
        var variants = CampaignVariants.Of(draft);
        ImmutableArray<int> turns = [.. variants.SelectMany((variant, number) => Enumerable.Repeat(number, Math.Max(1, variant.Weight)))];
        var whole = new QueueReport(0, 0, ImmutableSortedDictionary<DeliveryReason, int>.Empty);
        foreach (var group in Enumerable.Range(0, asked).Select(index => (Id: ids[(int)((long)index * ids.Length / asked)], Variant: turns[index % turns.Length])).GroupBy(pair => pair.Variant, pair => pair.Id))
        {
            // What the offer will fill in is not missing.
            var variant = variants[group.Key];
            var values = variant.RuleId is null ? null : ImmutableDictionary<string, string>.Empty.Add(MessageTokens.Code, Placeholder).Add(MessageTokens.Offer, Placeholder).Add(MessageTokens.ValidUntil, Placeholder);
            var order = new MessageOrder(Guid.Empty, channel, variant.Message!);
            if (!(await messenger.ForecastAsync(scope, order, [.. group.Select(id => new Recipient(id, values))], cancellationToken).ConfigureAwait(false)).TryGet(out var report, out problem)) return problem;
            whole = Sum(whole, report);
        }

        return new CampaignForecast(ids.Length, asked, held, asked == ids.Length ? whole : Scale(whole, (double)ids.Length / asked));
    }

    private static QueueReport Scale(QueueReport report, double by) => new(
        (int)Math.Round(report.Queued * by), (int)Math.Round(report.Postponed * by), report.Suppressed.ToImmutableSortedDictionary(pair => pair.Key, pair => (int)Math.Round(pair.Value * by)));

    private static QueueReport Sum(QueueReport one, QueueReport other) => new(
        one.Queued + other.Queued, one.Postponed + other.Postponed,
        one.Suppressed.Concat(other.Suppressed).GroupBy(pair => pair.Key).ToImmutableSortedDictionary(group => group.Key, group => group.Sum(pair => pair.Value)));
}
