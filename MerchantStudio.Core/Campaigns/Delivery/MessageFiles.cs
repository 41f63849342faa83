using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <summary>Messages as a file for another program. Who is in it has passed the gate; writing it is sending.</summary>
public sealed class MessageFiles(IDbContextFactory<StudioDb> databases, ShopperContacts contacts, Contacts readable, OptOuts optOuts, IContactProtector protector, RowExports files, TimeProvider clock)
{
    private const int Chunk = 500;

    private static readonly RowColumn[] OwnColumns =
    [
        new("id", CellKind.Text), new("user_id", CellKind.Text), new("email", CellKind.Text), new("language", CellKind.Text), new("subject", CellKind.Text), new("text", CellKind.Text),
        new("button_text", CellKind.Text), new("button_link", CellKind.Text), new("code", CellKind.Text), new("offer", CellKind.Text), new("valid_until", CellKind.Text), new("unsubscribe_url", CellKind.Text),
    ];

    /// <summary>Column keys, in order; the caller brings the header in the page's language.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. OwnColumns.Select(column => column.Name)];

    /// <summary>Everybody of a campaign's repetition who was queued for a file and has not left since; the same again gives the same people.</summary>
    /// <returns>Rows written.</returns>
    public async Task<Outcome<int>> WriteAsync(WorkspaceScope scope, Guid campaignId, string occurrence, IReadOnlyList<string> header, ExportFormat format, Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var workspace = await db.Workspaces.AsNoTracking().SingleAsync(row => row.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var settings = await MessagingSetup.EnsureAsync(db, scope.Workspace, cancellationToken).ConfigureAwait(false);
        var rows = await db.Deliveries.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace && row.CampaignId == campaignId && row.Occurrence == occurrence && row.Channel == MessageChannel.Csv
                && (row.State == DeliveryState.Queued || row.State == DeliveryState.Sent)).OrderBy(row => row.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        var templates = (await db.CampaignMessages.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace && row.CampaignId == campaignId).ToListAsync(cancellationToken).ConfigureAwait(false))
            .ToDictionary(row => row.Id, row => MessageTemplate.FromJson(row.TemplateJson).Parse().Value);
        var file = await files.OpenAsync(scope.Workspace, format, OwnColumns, header, TimeZoneInfo.FindSystemTimeZoneById(workspace.TimeZone), target, cancellationToken).ConfigureAwait(false);
        await using var open = file.ConfigureAwait(false);
        var written = 0;
        foreach (var chunk in rows.Chunk(Chunk))
        {
            var known = await contacts.ReadAsync(scope.Workspace, chunk.Select(row => row.ShopperId), cancellationToken).ConfigureAwait(false);
            var verdicts = await new DeliveryGate(db, workspace, settings, clock.GetUtcNow()).RecheckAsync(chunk, cancellationToken).ConfigureAwait(false);
            await MarkAsync(db, chunk, verdicts, cancellationToken).ConfigureAwait(false);
            foreach (var row in chunk.Where(row => verdicts[row.Id] is { Reason: DeliveryReason.None, IsPostponed: false }))
            {
                if (MessageValues.Of(row.ValuesProtected, protector) is not { } values) continue;
                var wayOut = optOuts.LinkFor(settings, row.Id);
                var message = MessageRenderer.Render(templates[row.MessageId].In(values.Language), values.Values, wayOut);
                file.Text(row.Id.ToString()).Text(row.ShopperId).Text(readable.Show(scope, known.GetValueOrDefault(row.ShopperId)?.EmailProtected)).Text(message.Language).Text(message.Subject).Text(message.Body)
                    .Text(message.ButtonText).Text(message.ButtonLink).Text(values.Values.GetValueOrDefault(MessageTokens.Code)).Text(values.Values.GetValueOrDefault(MessageTokens.Offer))
                    .Text(values.Values.GetValueOrDefault(MessageTokens.ValidUntil)).Text(wayOut?.AbsoluteUri);
                await file.EndRowAsync(cancellationToken).ConfigureAwait(false);
                written++;
            }
        }

        await file.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return written;
    }

    private async Task MarkAsync(StudioDb db, AppState.Delivery[] chunk, IReadOnlyDictionary<Guid, Verdict> verdicts, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // What is postponed waits for its campaign to go on.
        var open = chunk.Where(row => row.State == DeliveryState.Queued && !verdicts[row.Id].IsPostponed).ToLookup(row => verdicts[row.Id].Reason, row => row.Id);
        var sent = open[DeliveryReason.None].ToList();
        await db.Deliveries.Where(row => sent.Contains(row.Id) && row.State == DeliveryState.Queued).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, DeliveryState.Sent).SetProperty(row => row.SentAt, now).SetProperty(row => row.Attempts, 1).SetProperty(row => row.NextAttemptAt, (DateTimeOffset?)null), cancellationToken).ConfigureAwait(false);
        foreach (var reason in open.Where(group => group.Key != DeliveryReason.None))
        {
            var left = reason.ToList();
            await db.Deliveries.Where(row => left.Contains(row.Id) && row.State == DeliveryState.Queued).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, DeliveryState.Suppressed).SetProperty(row => row.Reason, reason.Key).SetProperty(row => row.NextAttemptAt, (DateTimeOffset?)null), cancellationToken).ConfigureAwait(false);
        }
    }
}
