using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Mail;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Webhooks;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Campaigns.Setup;

/// <summary>What an owner may set about a shop's messages.</summary>
/// <param name="Password">Null leaves the mail server's password as it is.</param>
/// <param name="QuietFrom">Minutes of the day; null with <paramref name="QuietTo"/> for no quiet hours.</param>
public sealed record MessagingChange(
    string SenderName, string SenderAddress, string PublicAddress, string SmtpHost, int SmtpPort, MailSecurity SmtpSecurity, string SmtpUser, string? Password,
    int? MostAWeek, int? MostEmails, int? MostWebhooks, int? MostOnSite, int? MostCsv, int? QuietFrom, int? QuietTo, bool WritesWithoutAnswer)
{
    public static MessagingChange Of(MessagingSettings row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new MessagingChange(row.SenderName, row.SenderAddress, row.PublicAddress, row.SmtpHost, row.SmtpPort, row.SmtpSecurity, row.SmtpUser, null,
            row.MostAWeek, row.MostEmails, row.MostWebhooks, row.MostOnSite, row.MostCsv, row.QuietFromMinute, row.QuietToMinute, row.WritesWithoutAnswer);
    }

    /// <summary>Each setting as a short text for the audit trail; no password and no user name.</summary>
    internal IEnumerable<string> Facts() =>
    [
        "sender: " + SenderName, "from: " + SenderAddress, "address: " + PublicAddress, string.Create(CultureInfo.InvariantCulture, $"mail server: {SmtpHost}:{SmtpPort} {SmtpSecurity}"),
        string.Create(CultureInfo.InvariantCulture, $"most a week: {MostAWeek}, e-mails {MostEmails}, webhooks {MostWebhooks}, on site {MostOnSite}, files {MostCsv}"),
        QuietFrom is null ? "no quiet hours" : string.Create(CultureInfo.InvariantCulture, $"quiet from minute {QuietFrom} to {QuietTo}"),
        WritesWithoutAnswer ? "writes without an answer" : "writes with consent only",
    ];
}

/// <param name="HasPassword">Whether a password for the mail server is kept; it is never shown.</param>
public sealed record MessagingView(MessagingChange Settings, bool HasPassword, bool CanMail);

/// <summary>Sender, mail server, limits and quiet hours of a shop's messages.</summary>
public sealed class MessagingSetup(IDbContextFactory<StudioDb> databases, IContactProtector protector, MailSender mail, IOptions<MessagingOptions> options, AuditTrail audit)
{
    private const int MostNameLetters = 80;
    private const int MostAWeek = 100;
    private static readonly int[] MailPorts = [25, 465, 587, 2525];

    public async Task<Outcome<MessagingView>> LookAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var row = await db.MessagingSettings.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace, cancellationToken).ConfigureAwait(false) ?? new MessagingSettings { WorkspaceId = scope.Workspace };
        return new MessagingView(MessagingChange.Of(row), row.SmtpPasswordProtected is not null, CanMail(row));
    }

    public async Task<Outcome<Done>> ChangeAsync(WorkspaceScope scope, MessagingChange wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(wanted);
        if (scope.Refusal(Right.ManageShop) is { } refusal) return refusal;
        wanted = Trimmed(wanted);
        if (Check(wanted) is { } problem) return problem;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        await EnsureAsync(db, scope.Workspace, cancellationToken).ConfigureAwait(false);
        var row = await db.MessagingSettings.SingleAsync(row => row.WorkspaceId == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var before = MessagingChange.Of(row);
        // A password must not go to another server than the one it was given for.
        var isOtherServer = row.SmtpHost != wanted.SmtpHost || row.SmtpUser != wanted.SmtpUser;
        Apply(row, wanted);
        if (wanted.Password is { } password) row.SmtpPasswordProtected = password.Length == 0 ? null : protector.Protect(password);
        else if (isOtherServer) row.SmtpPasswordProtected = null;
        var changed = before.Facts().Zip(MessagingChange.Of(row).Facts()).Where(pair => pair.First != pair.Second).ToList();
        if (changed.Count > 0 || wanted.Password is not null)
        {
            audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("messages.changed", null, string.Join("; ", changed.Select(pair => pair.First)),
                string.Join("; ", changed.Select(pair => pair.Second).Concat(wanted.Password is null ? [] : ["password changed"]))));
        }

        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    /// <summary>Sends one e-mail at once, past the gate, to see that the mail server takes it.</summary>
    public async Task<Outcome<Done>> SendTestAsync(WorkspaceScope scope, string? to, MessageText text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(text);
        if (scope.Refusal(Right.ManageShop) is { } refusal) return refusal;
        if (Contacts.NormaliseEmail(to) is not { } address) return new MailAddressInvalid();
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var settings = await EnsureAsync(db, scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!CanMail(settings)) return new MailNotSetUp();
        if (!new MessageTemplate(text, null).Parse().TryGet(out var template, out var problem)) return problem;
        var pool = "test:" + scope.Workspace.Value;
        var message = MessageRenderer.Render(template.In(null), ImmutableDictionary<string, string>.Empty, null);
        var result = await mail.SendAsync(pool, settings, Guid.NewGuid(), address, message, null, cancellationToken).ConfigureAwait(false);
        await mail.RestAsync(pool).ConfigureAwait(false);
        return result.IsSent ? new Done() : new TestFailed(result.Fault!, result.Status);
    }

    internal static bool CanMail(MessagingSettings row) => row.SenderAddress.Length > 0 && row.SmtpHost.Length > 0 && row.PublicAddress.Length > 0;

    /// <summary>The shop's settings, made the first time.</summary>
    internal static async Task<MessagingSettings> EnsureAsync(StudioDb db, WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var row = await db.MessagingSettings.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == workspace, cancellationToken).ConfigureAwait(false);
        if (row is not null) return row;
        var made = db.MessagingSettings.Add(new MessagingSettings { WorkspaceId = workspace });
        try
        {
            await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbUpdateException fault) when (DatabaseFault.IsUniqueViolation(fault))
        {
            // Somebody else was quicker.
        }

        made.State = EntityState.Detached;
        return await db.MessagingSettings.AsNoTracking().SingleAsync(row => row.WorkspaceId == workspace, cancellationToken).ConfigureAwait(false);
    }

    private Problem? Check(MessagingChange wanted)
    {
        if (wanted.SenderName.Length > MostNameLetters || wanted.SenderName.Any(char.IsControl)) return new SenderNameInvalid(MostNameLetters);
        if (wanted.SenderAddress.Length > 0 && Contacts.NormaliseEmail(wanted.SenderAddress) is null) return new MailAddressInvalid();
        if (wanted.PublicAddress.Length > 0 && !IsPublicAddress(wanted.PublicAddress)) return new PublicAddressInvalid();
        if (wanted.SmtpHost.Length > 0 && !options.Value.IsLocal(wanted.SmtpHost, wanted.SmtpPort))
        {
            if (!WebhookTarget.IsPublicName(wanted.SmtpHost)) return new MailHostRefused();
            if (!MailPorts.Contains(wanted.SmtpPort)) return new MailPortRefused(wanted.SmtpPort);
            if (wanted.SmtpSecurity == MailSecurity.None) return new MailUnencrypted();
        }

        if (((int?[])[wanted.MostAWeek, wanted.MostEmails, wanted.MostWebhooks, wanted.MostOnSite, wanted.MostCsv]).Any(most => most is < 0 or > MostAWeek)) return new MessageLimitInvalid(MostAWeek);
        var quiet = (wanted.QuietFrom, wanted.QuietTo);
        return quiet is (null, null) or ( >= 0 and < 24 * 60, >= 0 and < 24 * 60) ? null : new QuietHoursInvalid();
    }

    /// <summary>A way out must be open to everybody; http is for trying it out on this machine.</summary>
    private static bool IsPublicAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    private static MessagingChange Trimmed(MessagingChange wanted) => wanted with
    {
        SenderName = wanted.SenderName.Trim(),
        SenderAddress = wanted.SenderAddress.Trim(),
        PublicAddress = wanted.PublicAddress.Trim().TrimEnd('/'),
        SmtpHost = wanted.SmtpHost.Trim().ToLowerInvariant(),
        SmtpUser = wanted.SmtpUser.Trim(),
    };

    private static void Apply(MessagingSettings row, MessagingChange wanted)
    {
        (row.SenderName, row.SenderAddress, row.PublicAddress) = (wanted.SenderName, wanted.SenderAddress, wanted.PublicAddress);
        (row.SmtpHost, row.SmtpPort, row.SmtpSecurity, row.SmtpUser) = (wanted.SmtpHost, wanted.SmtpPort, wanted.SmtpSecurity, wanted.SmtpUser);
        (row.MostAWeek, row.MostEmails, row.MostWebhooks, row.MostOnSite, row.MostCsv) = (wanted.MostAWeek, wanted.MostEmails, wanted.MostWebhooks, wanted.MostOnSite, wanted.MostCsv);
        (row.QuietFromMinute, row.QuietToMinute, row.WritesWithoutAnswer) = (wanted.QuietFrom, wanted.QuietTo, wanted.WritesWithoutAnswer);
    }
}

public sealed record SenderNameInvalid(int Most) : Problem("messages.sender-name-invalid", "The sender's name may have up to {0} characters on one line.", Most);

public sealed record MailAddressInvalid() : Problem("messages.address-invalid", "This is no e-mail address. Write one like 'hello@shop.example'.");

public sealed record PublicAddressInvalid() : Problem("messages.public-address-invalid", "Write the address under which shoppers reach this studio, like 'https://studio.example'. It must begin with https:// unless it is this machine.");

public sealed record MailHostRefused() : Problem("messages.mail-host-refused", "Name the mail server, like 'smtp.shop.example'. Numbers and names of networks of one's own are refused; whoever runs the studio may allow one in Studio:Messaging:LocalTargets.");

public sealed record MailPortRefused(int Port) : Problem("messages.mail-port-refused", "Port {0} is no mail server's. Use 587, 465, 2525 or 25.", Port);

public sealed record MailUnencrypted() : Problem("messages.mail-unencrypted", "Without encryption anybody on the way could read messages and password. Choose STARTTLS or TLS.");

public sealed record MessageLimitInvalid(int Most) : Problem("messages.limit-invalid", "A limit is 0 to {0} messages a week; empty is no limit.", Most);

public sealed record QuietHoursInvalid() : Problem("messages.quiet-invalid", "Quiet hours need a beginning and an end; leave both empty for none.");

/// <param name="Fault">A key of our own words.</param>
public sealed record TestFailed(string Fault, int? Status) : Problem("messages.test-failed", "The test did not get through ({0} {1}). Check address, port, encryption and password.", Fault, Status?.ToString(CultureInfo.InvariantCulture) ?? "");
