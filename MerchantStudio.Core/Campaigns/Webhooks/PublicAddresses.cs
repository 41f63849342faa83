using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace MerchantStudio.Core.Campaigns.Webhooks;

/// <summary>Which addresses belong to the internet at large, and to nobody's own network.</summary>
internal static class PublicAddresses
{
    /// <summary>IANA's special-purpose ranges of IPv4.</summary>
    private static readonly ImmutableArray<IPNetwork> ClosedV4 = Networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4");

    /// <summary>Global unicast; everything else of IPv6 is for other purposes.</summary>
    private static readonly IPNetwork OpenV6 = IPNetwork.Parse("2000::/3");

    /// <summary>Protocol assignments (Teredo among them), documentation, 6to4.</summary>
    private static readonly ImmutableArray<IPNetwork> ClosedV6 = Networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool Contain(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.AddressFamily == AddressFamily.InterNetwork) return !ClosedV4.Any(network => network.Contains(address));
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.ScopeId != 0) return false;
        if (address.IsIPv4MappedToIPv6) return Contain(address.MapToIPv4());
        // A network without IPv4 reaches it through these; what counts is where they lead.
        if (Nat64.Contains(address)) return Contain(LastFourBytes(address));
        return OpenV6.Contains(address) && !ClosedV6.Any(network => network.Contains(address)) && (!IsTunnelled(address) || Contain(LastFourBytes(address)));
    }

    /// <summary>ISATAP: an IPv4 address behind 0:5efe or 200:5efe.</summary>
    private static bool IsTunnelled(IPAddress address) => address.GetAddressBytes() is [_, _, _, _, _, _, _, _, 0 or 2, 0, 0x5e, 0xfe, ..];

    private static IPAddress LastFourBytes(IPAddress address) => new(address.GetAddressBytes().AsSpan(12));

    private static ImmutableArray<IPNetwork> Networks(params string[] networks) => [.. networks.Select(IPNetwork.Parse)];
}
