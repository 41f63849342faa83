using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace MerchantStudio.Tests.Promotions.Redemptions;

/// <summary>What a shop's server was told, attempt by attempt.</summary>
/// <param name="Status">Null where no answer came.</param>
internal sealed record CouponAttempt(string Key, string Order, HttpStatusCode? Status, string Body);

/// <summary>A shop's server that redeems over HTTP and remembers every answer.</summary>
internal sealed class CouponClient(HttpClient client, string apiKey)
{
    public ConcurrentQueue<CouponAttempt> History { get; } = new();

    /// <summary>One request; no answer is an answer, too.</summary>
    /// <param name="address">Null while the server is down.</param>
    public async Task<CouponAttempt> RedeemAsync(Uri? address, string code, string key, string order, string user = "ann", decimal price = 40.00m)
    {
        var attempt = new CouponAttempt(key, order, null, "");
        try
        {
            if (address is not null) attempt = await SendAsync(new Uri(address, $"/api/v1/coupons/{Uri.EscapeDataString(code)}/redeem"), key, order, user, price);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or TaskCanceledException && !LedgerWorld.Now.IsCancellationRequested)
        {
            // Cut off: whether it was carried out is what the ledger says later.
        }

        History.Enqueue(attempt);
        return attempt;
    }

    public async Task<HttpStatusCode> RollBackAsync(Uri address, Guid redemption)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, $"/api/v1/redemptions/{redemption}/rollback"));
        request.Headers.Add("X-API-Key", apiKey);
        using var answer = await client.SendAsync(request, LedgerWorld.Now);
        return answer.StatusCode;
    }

    public static string Body(string order, string user, decimal price) => JsonSerializer.Serialize(new
    {
        order_id = order,
        user_id = user,
        cart = new { currency = "EUR", lines = (object[])[new { item_id = "cup", quantity = 1, price }] },
    });

    private async Task<CouponAttempt> SendAsync(Uri address, string key, string order, string user, decimal price)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(Body(order, user, price), Encoding.UTF8, "application/json") };
        request.Headers.Add("X-API-Key", apiKey);
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request, LedgerWorld.Now);
        return new CouponAttempt(key, order, answer.StatusCode, await answer.Content.ReadAsStringAsync(LedgerWorld.Now));
    }

    /// <summary>For each key at most one redemption among its answers.</summary>
    public Dictionary<string, string> Redeemed() => History.Where(attempt => attempt.Status == HttpStatusCode.OK).GroupBy(attempt => attempt.Key)
        .ToDictionary(attempts => attempts.Key, attempts => attempts.Select(attempt => attempt.Body).Distinct(StringComparer.Ordinal).Single());

    public static Guid IdOf(string body)
    {
        using var read = JsonDocument.Parse(body);
        return read.RootElement.GetProperty("redemption_id").GetGuid();
    }

    public static string ReasonOf(string body)
    {
        using var read = JsonDocument.Parse(body);
        return read.RootElement.GetProperty("reason").GetString()!;
    }

    public static string Numbered(string letter, int number) => letter + number.ToString(CultureInfo.InvariantCulture);
}
