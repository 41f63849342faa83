namespace MerchantStudio.Components.Pages.Settings;

/// <summary>How a receiver tells our calls from others'. The same stands in docs/webhooks.md, where it is run.</summary>
internal static class WebhookSamples
{
    public const string Call = """
        POST /hooks/messages
        Content-Type: application/json; charset=utf-8
        X-MerchantStudio-Delivery: 0199f2a4-5c1e-7d30-9d8a-1f0f6f2f8f11
        X-MerchantStudio-Timestamp: 1790000000
        X-MerchantStudio-Signature: v1=6b6c…
        """;

    public const string CSharp = """
        static bool IsOurs(string secret, string timestamp, string signature, byte[] body, DateTimeOffset now)
        {
            if (!long.TryParse(timestamp, out var seconds) || Math.Abs(now.ToUnixTimeSeconds() - seconds) > 300) return false;
            byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp + "."), .. body];
            var expected = "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
            return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature));
        }
        """;

    public const string Python = """
        import hashlib, hmac

        def is_ours(secret, timestamp, signature, body, now):
            if not timestamp.isdigit() or abs(now - int(timestamp)) > 300:
                return False
            expected = "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
            return hmac.compare_digest(expected.encode(), signature.encode())
        """;

    public const string Node = """
        const crypto = require('node:crypto');

        function isOurs(secret, timestamp, signature, body, now) {
          if (!/^\d+$/.test(timestamp) || Math.abs(now - Number(timestamp)) > 300) return false;
          const expected = Buffer.from('v1=' + crypto.createHmac('sha256', secret).update(timestamp + '.').update(body).digest('hex'));
          const given = Buffer.from(signature);
          return expected.length === given.length && crypto.timingSafeEqual(expected, given);
        }
        """;
}
