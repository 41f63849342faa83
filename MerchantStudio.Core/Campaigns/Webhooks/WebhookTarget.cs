using System.Text.RegularExpressions;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Campaigns.Webhooks;

/// <summary>An address that messages may be posted to, as far as its text can tell. Where its name leads is seen when connecting: <see cref="GuardedConnector"/>.</summary>
public sealed partial record WebhookTarget
{
    private const int MostLetters = 2_000;
    private static readonly int[] Ports = [443, 8443];

    private WebhookTarget(Uri address) => Address = address;

    public Uri Address { get; }

    /// <summary>Refuses what is not plainly https to a named public host.</summary>
    public static Outcome<WebhookTarget> Check(string? text, MessagingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        text = text?.Trim() ?? "";
        if (text.Length is 0 or > MostLetters) return new WebhookAddressInvalid();
        // Readers of addresses disagree about these, and that is how one is made to lead elsewhere than it seems.
        if (text.Any(letter => letter is '\\' or '\u00AD' || char.IsWhiteSpace(letter) || char.IsControl(letter))) return new WebhookAddressInvalid();
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Host.Length == 0) return new WebhookAddressInvalid();
        if (address.UserInfo.Length > 0 || Authority(text).Contains('@', StringComparison.Ordinal)) return new WebhookHasUser();
        if (address.Fragment.Length > 0) return new WebhookAddressInvalid();
        if (address.Scheme is "http" or "https" && options.IsLocal(address.Host.Trim('[', ']'), address.Port)) return new WebhookTarget(address);
        if (address.Scheme != Uri.UriSchemeHttps) return new WebhookNotHttps();
        if (!IsPublicName(address)) return new WebhookHostRefused();
        return Ports.Contains(address.Port) ? new WebhookTarget(address) : new WebhookPortRefused(address.Port);
    }

    /// <summary>Whether a host is a name with a top-level domain, and not one kept for networks of one's own.</summary>
    internal static bool IsPublicName(string host) =>
        host.Length <= 253 && Name().IsMatch(host) && !Array.Exists(OwnNetworks, suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));

    private static readonly string[] OwnNetworks = [".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".home", ".corp", ".home.arpa", ".onion", ".in-addr.arpa", ".ip6.arpa"];

    private static bool IsPublicName(Uri address)
    {
        try
        {
            return address.HostNameType == UriHostNameType.Dns && IsPublicName(address.IdnHost);
        }
        catch (UriFormatException)
        {
            // A name with letters that no domain may have.
            return false;
        }
    }

    private static string Authority(string text)
    {
        var from = text.IndexOf("//", StringComparison.Ordinal) + 2;
        var to = text.AsSpan(from).IndexOfAny('/', '?', '#');
        return to < 0 ? text[from..] : text.Substring(from, to);
    }

    /// <summary>Two labels or more, no dot at the end, and a top-level domain that begins with a letter: no number in any notation fits.</summary>
    [GeneratedRegex(@"^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]\z", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}

public sealed record WebhookAddressInvalid()
    : Problem("webhook.address-invalid", "This is no address that messages can be posted to. Write it in full, like 'https://shop.example/hooks/messages'.");

public sealed record WebhookNotHttps()
    : Problem("webhook.not-https", "The address must begin with https://, so that nobody reads the messages on their way.");

public sealed record WebhookHasUser()
    : Problem("webhook.has-user", "The address holds a user name or '@' before the host. Leave it out: each message is signed.");

public sealed record WebhookHostRefused()
    : Problem("webhook.host-refused", "Name a host in the internet, like 'shop.example'. Numbers, a dot at the end and names of networks of one's own are refused; whoever runs the studio may allow one in Studio:Messaging:LocalTargets.");

public sealed record WebhookPortRefused(int Port)
    : Problem("webhook.port-refused", "Port {0} is refused. Use 443 or 8443.", Port);
