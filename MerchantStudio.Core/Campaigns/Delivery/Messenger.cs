using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <summary>Takes messages from campaigns: each passes the gate and is written down, let through or not.</summary>
public sealed class Messenger(IDbContextFactory<StudioDb> databases, ShopperContacts contacts, IContactProtector protector, DeliverySignal signal, TimeProvider clock)
{
    private const int Chunk = 500;
    private const int MostOccurrenceLetters = 80;

    /// <summary>Queues a message for each recipient whom no rule keeps back. Doing so again, after a cut in the middle as well, sends nobody a second one.</summary>
    public Task<Outcome<QueueReport>> QueueAsync(WorkspaceScope scope, MessageOrder order, IReadOnlyList<Recipient> recipients, CancellationToken cancellationToken) =>
        QueueAsync(scope, order, recipients, null, cancellationToken);

    /// <param name="codes">Gives those whom the gate lets through and who have none yet their codes, in the transaction that writes their messages down; nobody else gets one.</param>
    internal async Task<Outcome<QueueReport>> QueueAsync(WorkspaceScope scope, MessageOrder order, IReadOnlyList<Recipient> recipients, CodeGiver? codes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(recipients);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        if (order.Occurrence.Length > MostOccurrenceLetters) return new OccurrenceInvalid(MostOccurrenceLetters);
        if (!order.Template.Parse().TryGet(out var template, out var problem)) return problem;
        if (!(await PrepareAsync(scope, order, cancellationToken).ConfigureAwait(false)).TryGet(out var way, out problem)) return problem;

        var (queued, postponed) = (0, 0);
        var suppressed = ImmutableSortedDictionary.CreateBuilder<DeliveryReason, int>();
        foreach (var chunk in recipients.DistinctBy(recipient => recipient.ShopperId, StringComparer.Ordinal).Chunk(Chunk))
        {
            var candidates = await CandidatesAsync(scope, way, chunk, cancellationToken).ConfigureAwait(false);
            var written = await databases.RunAsync<ImmutableArray<Verdict>>(async (db, cancel) => await WriteAsync(db, scope, order, template, way, candidates, codes, cancel).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            foreach (var verdict in written.Value)
            {
                if (verdict.Reason != DeliveryReason.None) suppressed[verdict.Reason] = suppressed.GetValueOrDefault(verdict.Reason) + 1;
                else (queued, postponed) = (queued + 1, postponed + (verdict.IsPostponed ? 1 : 0));
            }

            signal.Ring();
        }

        return new QueueReport(queued, postponed, suppressed.ToImmutable());
    }

    /// <summary>How the message would look for a shopper; her name only for those who may read it.</summary>
    /// <param name="values">Of the other tokens.</param>
    public async Task<Outcome<RenderedMessage>> PreviewAsync(WorkspaceScope scope, MessageTemplate template, string shopperId, string? language, ImmutableDictionary<string, string> values, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(template);
        if (scope.Refusal(Right.LookUpCustomer) is { } refusal) return refusal;
        if (!template.Parse().TryGet(out var parsed, out var problem)) return problem;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var workspace = await db.Workspaces.AsNoTracking().SingleAsync(row => row.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var known = await contacts.ReadAsync(scope.Workspace, [shopperId], cancellationToken).ConfigureAwait(false);
        var filled = Fill(workspace, values, known.GetValueOrDefault(shopperId));
        if (scope.Refusal(Right.ReadContacts) is not null && filled.TryGetValue(MessageTokens.FirstName, out var name)) filled = filled.SetItem(MessageTokens.FirstName, Contacts.Mask(name));
        return MessageRenderer.Render(parsed.In(language), filled, new Uri("https://studio.example/u/preview"));
    }

    /// <summary>Whom the gate would let through if the message were queued now, and by which rule it would keep back the others. Nothing is written.</summary>
    public async Task<Outcome<QueueReport>> ForecastAsync(WorkspaceScope scope, MessageOrder order, IReadOnlyList<Recipient> recipients, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(recipients);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        if (!order.Template.Parse().TryGet(out var template, out var problem)) return problem;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var workspace = await db.Workspaces.AsNoTracking().SingleAsync(row => row.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var settings = await MessagingSetup.EnsureAsync(db, scope.Workspace, cancellationToken).ConfigureAwait(false);
        var gate = new DeliveryGate(db, workspace, settings, clock.GetUtcNow());
        var way = new Way(workspace, Guid.Empty, null, "");
        var verdicts = new List<Verdict>();
        foreach (var chunk in recipients.DistinctBy(recipient => recipient.ShopperId, StringComparer.Ordinal).Chunk(Chunk))
            verdicts.AddRange(await gate.ForecastAsync(order, template, await CandidatesAsync(scope, way, chunk, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false));
        return new QueueReport(verdicts.Count(verdict => verdict.Reason == DeliveryReason.None), verdicts.Count(verdict => verdict is { Reason: DeliveryReason.None, IsPostponed: true }),
            verdicts.Where(verdict => verdict.Reason != DeliveryReason.None).GroupBy(verdict => verdict.Reason).ToImmutableSortedDictionary(group => group.Key, group => group.Count()));
    }

    private async Task<Outcome<Way>> PrepareAsync(WorkspaceScope scope, MessageOrder order, CancellationToken cancellationToken)
    {
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var workspace = await db.Workspaces.AsNoTracking().SingleAsync(row => row.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var settings = await MessagingSetup.EnsureAsync(db, scope.Workspace, cancellationToken).ConfigureAwait(false);
        WebhookEndpoint? endpoint = null;
        if (order.Channel == MessageChannel.Email && !MessagingSetup.CanMail(settings)) return new MailNotSetUp();
        if (order.Channel == MessageChannel.Webhook)
        {
            var open = await db.WebhookEndpoints.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace && row.DisabledAt == null && row.RemovedAt == null && (order.Endpoint == null || row.Id == order.Endpoint))
                .Take(2).ToListAsync(cancellationToken).ConfigureAwait(false);
            if (open is not [var only]) return new EndpointNotSetUp();
            endpoint = only;
        }

        var json = order.Template.ToJson();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
        var message = await db.CampaignMessages.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace && row.CampaignId == order.CampaignId && row.Hash == hash, cancellationToken).ConfigureAwait(false);
        if (message is null)
        {
            var now = clock.GetUtcNow();
            message = new CampaignMessage { Id = Guid.CreateVersion7(now), WorkspaceId = scope.Workspace, CampaignId = order.CampaignId, TemplateJson = json, Hash = hash, CreatedAt = now };
            db.CampaignMessages.Add(message);
            try
            {
                await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (DbUpdateException fault) when (DatabaseFault.IsUniqueViolation(fault))
            {
                message = await db.CampaignMessages.AsNoTracking().SingleAsync(row => row.WorkspaceId == scope.Workspace && row.CampaignId == order.CampaignId && row.Hash == hash, cancellationToken).ConfigureAwait(false);
            }
        }

        var target = order.Channel switch
        {
            MessageChannel.Email => "mail:" + scope.Workspace.Value,
            MessageChannel.Webhook => "hook:" + endpoint!.Id,
            _ => "",
        };
        return new Way(workspace, message.Id, endpoint?.Id, target);
    }

    private async Task<ImmutableArray<Candidate>> CandidatesAsync(WorkspaceScope scope, Way way, Recipient[] recipients, CancellationToken cancellationToken)
    {
        var known = await contacts.ReadAsync(scope.Workspace, recipients.Select(recipient => recipient.ShopperId), cancellationToken).ConfigureAwait(false);
        return [.. recipients.Select(recipient =>
        {
            var contact = known.GetValueOrDefault(recipient.ShopperId);
            return new Candidate(recipient, contact, Fill(way.Workspace, recipient.Values ?? ImmutableDictionary<string, string>.Empty, contact));
        })];
    }

    private ImmutableDictionary<string, string> Fill(Workspace workspace, ImmutableDictionary<string, string> values, ShopperContact? contact)
    {
        if (!values.ContainsKey(MessageTokens.ShopName)) values = values.SetItem(MessageTokens.ShopName, workspace.Name);
        return values.ContainsKey(MessageTokens.FirstName) || contacts.FirstName(contact) is not { } name ? values : values.SetItem(MessageTokens.FirstName, name);
    }

    private async Task<ImmutableArray<Verdict>> WriteAsync(StudioDb db, WorkspaceScope scope, MessageOrder order, ParsedTemplate template, Way way, ImmutableArray<Candidate> candidates, CodeGiver? codes, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var settings = await db.MessagingSettings.AsNoTracking().SingleAsync(row => row.WorkspaceId == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var gate = new DeliveryGate(db, way.Workspace, settings, now);
        var verdicts = await gate.JudgeAsync(order, template, codes is null ? candidates : [.. candidates.Select(Promised)], cancellationToken).ConfigureAwait(false);
        if (codes is not null) (candidates, verdicts) = await WithCodesAsync(db, template, candidates, verdicts, codes, cancellationToken).ConfigureAwait(false);
        var shoppers = candidates.Select(candidate => candidate.Recipient.ShopperId).ToList();
        var known = (await db.Deliveries.Where(row => row.WorkspaceId == scope.Workspace && row.CampaignId == order.CampaignId && row.Occurrence == order.Occurrence && row.Slot != "" && shoppers.Contains(row.ShopperId))
            .Select(row => new { row.ShopperId, row.Slot }).ToListAsync(cancellationToken).ConfigureAwait(false)).Select(row => (row.ShopperId, row.Slot)).ToHashSet();
        foreach (var (candidate, verdict) in candidates.Zip(verdicts))
        {
            var passes = verdict.Reason == DeliveryReason.None;
            // Asked again and kept back by the same rule: that is written down already.
            if (!passes && known.Contains((candidate.Recipient.ShopperId, verdict.Reason.ToString()))) continue;
            db.Deliveries.Add(new AppState.Delivery
            {
                Id = Guid.CreateVersion7(now),
                WorkspaceId = scope.Workspace,
                CampaignId = order.CampaignId,
                Occurrence = order.Occurrence,
                MessageId = way.Message,
                ShopperId = candidate.Recipient.ShopperId,
                Channel = order.Channel,
                State = passes ? DeliveryState.Queued : DeliveryState.Suppressed,
                Reason = verdict.Reason,
                Slot = passes ? "" : verdict.Reason.ToString(),
                Target = way.Target,
                EndpointId = way.Endpoint,
                NextAttemptAt = passes ? verdict.DueAt : null,
                ContactProtected = passes && order.Channel == MessageChannel.Email ? candidate.Contact?.EmailProtected : null,
                ContactHash = candidate.Contact?.EmailHash,
                ValuesProtected = passes ? new MessageValues(candidate.Recipient.Language, candidate.Values.ToImmutableDictionary()).Protect(protector) : null,
                Zone = candidate.Recipient.Zone,
                CountsOverall = DeliveryGate.CountsOverall(order.Channel),
                CreatedAt = now,
            });
        }

        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return verdicts;
    }

    /// <summary>For the gate's judgement only: what she will be given is not missing.</summary>
    private static Candidate Promised(Candidate candidate) => candidate.Values.ContainsKey(MessageTokens.Code) ? candidate : WithCode(candidate, "-");

    private static Candidate WithCode(Candidate candidate, string code) => candidate with { Values = candidate.Values.ToImmutableDictionary().SetItem(MessageTokens.Code, code) };

    private static async Task<(ImmutableArray<Candidate> Candidates, ImmutableArray<Verdict> Verdicts)> WithCodesAsync(
        StudioDb db, ParsedTemplate template, ImmutableArray<Candidate> candidates, ImmutableArray<Verdict> verdicts, CodeGiver codes, CancellationToken cancellationToken)
    {
        var open = candidates.Zip(verdicts).Where(pair => pair.Second.Reason == DeliveryReason.None && !pair.First.Values.ContainsKey(MessageTokens.Code)).Select(pair => pair.First.Recipient.ShopperId).ToList();
        if (open.Count == 0) return (candidates, verdicts);
        var given = await codes(db, open, cancellationToken).ConfigureAwait(false);
        candidates = [.. candidates.Select(candidate => given.TryGetValue(candidate.Recipient.ShopperId, out var code) ? WithCode(candidate, code) : candidate)];

        // Where the rule's limits allow for no more codes, a message that names one says nothing.
        return (candidates, [.. candidates.Zip(verdicts, (candidate, verdict) => verdict.Reason == DeliveryReason.None && MessageRenderer.Missing(template.In(candidate.Recipient.Language), candidate.Values) is not null
            ? verdict with { Reason = DeliveryReason.MissingValue } : verdict)]);
    }

    /// <param name="Message">Id of the kept template.</param>
    private sealed record Way(Workspace Workspace, Guid Message, Guid? Endpoint, string Target);
}
