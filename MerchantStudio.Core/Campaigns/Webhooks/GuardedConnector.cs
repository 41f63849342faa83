using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Campaigns.Webhooks;

/// <summary>Looks a name up, refuses it if any of its addresses is not public, and connects to one of the very addresses it has checked: a name that leads elsewhere a moment later gains nothing.</summary>
public sealed class GuardedConnector(IOptions<MessagingOptions> options)
{
    /// <summary>Replaced in tests of names that lead to bad places.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <exception cref="TargetForbiddenException">The name leads into a network of one's own.</exception>
    /// <exception cref="SocketException">It leads nowhere, or nobody answers there.</exception>
    public async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        var bare = host.Trim('[', ']');
        var addresses = IPAddress.TryParse(bare, out var literal) ? [literal] : await Resolve(bare, cancellationToken).ConfigureAwait(false);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        if (!options.Value.IsLocal(bare, port) && (literal is not null || !addresses.All(PublicAddresses.Contain))) throw new TargetForbiddenException();
        for (var place = 0; ; place++)
        {
            var socket = new Socket(addresses[place].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(addresses[place], port), cancellationToken).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException) when (place + 1 < addresses.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}

/// <summary>A target whose name leads to an address that is not public.</summary>
public sealed class TargetForbiddenException : Exception
{
    public TargetForbiddenException()
        : base("The name leads to an address that is not public.")
    {
    }

    public TargetForbiddenException(string message)
        : base(message)
    {
    }

    public TargetForbiddenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
