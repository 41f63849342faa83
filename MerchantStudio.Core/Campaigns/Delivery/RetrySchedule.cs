using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <summary>When a message that did not get through is tried again: each pause is four times as long, until a day is over.</summary>
internal static class RetrySchedule
{
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);
    private const double Spread = 0.2;

    /// <param name="attempts">Tries so far, 1 or more.</param>
    /// <returns>Null when a day has passed since the first try; the last one is at its very end.</returns>
    public static DateTimeOffset? Next(Guid delivery, int attempts, DateTimeOffset first, DateTimeOffset now, TimeSpan firstPause)
    {
        var last = first + Longest;
        if (now >= last) return null;
        var seconds = Math.Min(firstPause.TotalSeconds * Math.Pow(4, Math.Min(attempts - 1, 20)), Longest.TotalSeconds) * (1 + (Spread * Swing(delivery, attempts)));
        var next = now + TimeSpan.FromSeconds(seconds);
        return next < last ? next : last;
    }

    /// <summary>-1 to 1, another for each delivery and try: those that failed together do not come back together.</summary>
    private static double Swing(Guid delivery, int attempts)
    {
        Span<byte> seed = stackalloc byte[20];
        delivery.TryWriteBytes(seed);
        BinaryPrimitives.WriteInt32LittleEndian(seed[16..], attempts);
        return (BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(seed)) / (uint.MaxValue / 2.0)) - 1;
    }
}
