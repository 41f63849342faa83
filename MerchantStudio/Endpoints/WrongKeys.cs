using System.Net;
using System.Net.Sockets;

namespace MerchantStudio.Endpoints;

/// <summary>Counts refused keys by the address that they come from. A right key is never held back by others' wrong ones.</summary>
internal sealed class WrongKeys(TimeProvider clock)
{
    public const int MostAMinute = Guesses<IPAddress>.MostAMinute;

    private const int NetworkBytes = 8;
    private readonly Guesses<IPAddress> _guesses = new(clock);

    /// <summary>Addresses that are being counted.</summary>
    public int Addresses => _guesses.Guessers;

    /// <summary>Notes one more.</summary>
    /// <param name="address">Null for a sender within the machine, who is not counted.</param>
    /// <returns>Seconds until this address is listened to again; null while it may go on.</returns>
    public int? Note(IPAddress? address) => address is null ? null : _guesses.Note(NetworkOf(address));

    /// <summary>One sender has a whole network of the newer addresses to choose from.</summary>
    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }
}
