using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MerchantStudio.Core.Campaigns.Webhooks;

/// <summary>How a receiver knows that a message is ours and new: HMAC-SHA256 over the time of the call, a dot, and the body.</summary>
public static class WebhookSignature
{
    public const string DeliveryHeader = "X-MerchantStudio-Delivery";
    public const string TimestampHeader = "X-MerchantStudio-Timestamp";
    public const string SignatureHeader = "X-MerchantStudio-Signature";

    /// <summary>A receiver refuses what is older.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>Whoever comes across one sees what it is.</summary>
    internal static string NewSecret() => "mswh_" + System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <param name="timestamp">Seconds since 1970.</param>
    public static string Sign(string secret, long timestamp, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(secret);
        byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp.ToString(CultureInfo.InvariantCulture)), (byte)'.', .. body];
        return "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }

    /// <summary>What a receiver does with the three headers.</summary>
    public static bool Verify(string secret, string? timestamp, string? signature, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || signature is null) return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > Window.TotalSeconds) return false;
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(secret, seconds, body)), Encoding.UTF8.GetBytes(signature));
    }
}
