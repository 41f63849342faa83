using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MerchantStudio.Endpoints;

/// <summary>Counts refused keys by the address that they come from. A right key is never held back by others' wrong ones.</summary>
internal sealed class WrongKeys(TimeProvider clock)
{
    /// <summary>Wrong keys of one address in a minute that are told so.</summary>
    public const int MostAMinute = 20;

    private const int MostAddresses = 20_000;
    private const int NetworkBytes = 8;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<IPAddress, Count> _counts = new();

    /// <summary>Addresses that are being counted.</summary>
    public int Addresses => _counts.Count;

    /// <summary>Notes one more.</summary>
    /// <param name="address">Null for a sender within the machine, who is not counted.</param>
    /// <returns>Seconds until this address is listened to again; null while it may go on.</returns>
    public int? Note(IPAddress? address)
    {
        if (address is null) return null;
        var now = clock.GetTimestamp();
        if (_counts.Count >= MostAddresses) Forget(now);
        var count = _counts.AddOrUpdate(NetworkOf(address), _ => new Count(now, 1), (_, known) => IsOver(known, now) ? new Count(now, 1) : known with { Keys = known.Keys + 1 });
        return count.Keys <= MostAMinute ? null : Math.Max(1, (int)Math.Ceiling((Window - clock.GetElapsedTime(count.Since, now)).TotalSeconds));
    }

    /// <summary>One sender has a whole network of the newer addresses to choose from.</summary>
    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }

    private bool IsOver(Count count, long now) => clock.GetElapsedTime(count.Since, now) >= Window;

    /// <summary>Those of minutes past; all of them where so many addresses came in one minute that counting each is of no use.</summary>
    private void Forget(long now)
    {
        foreach (var (address, count) in _counts)
        {
            if (IsOver(count, now)) _counts.TryRemove(address, out _);
        }

        if (_counts.Count >= MostAddresses) _counts.Clear();
    }

    private readonly record struct Count(long Since, int Keys);
}
