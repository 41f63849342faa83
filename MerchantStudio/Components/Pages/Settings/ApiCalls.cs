using System.Collections.Immutable;
using MerchantStudio.Core.AppState;

namespace MerchantStudio.Components.Pages.Settings;

/// <summary>One call of the API, as its page explains it.</summary>
/// <param name="Group">The panel that it stands in.</param>
/// <param name="Name">Of its sentence among the texts.</param>
/// <param name="Path">With its placeholders; a colon's constraint is left out.</param>
/// <param name="Example">A path that can be asked for.</param>
/// <param name="Body">What to send; null for nothing.</param>
/// <param name="IsRepeatable">Whether it needs an Idempotency-Key.</param>
internal sealed record ApiCall(string Group, string Name, string Method, string Path, string Example, ApiKeyKind Key, string? Body, string Answer, bool IsRepeatable = false)
{
    /// <param name="studio">Address at which programs reach this studio, with a slash at its end.</param>
    public string Curl(string studio, string key)
    {
        var lines = new List<string> { $"curl {(Method == "POST" && Body is null ? "-X POST " : "")}\"{studio.TrimEnd('/')}{Example}\"", $"-H \"X-API-Key: {key}\"" };
        if (IsRepeatable) lines.Add("-H \"Idempotency-Key: 1001-SPRING10\"");
        if (Body is not null) lines.AddRange(["-H \"Content-Type: application/json\"", $"-d '{Body}'"]);
        return string.Join(" \\\n  ", lines);
    }
}

/// <summary>Every call that a shop's programs may make, with an example that the program itself can read.</summary>
internal static class ApiCalls
{
    private const string Id = "0199f2a4-5c1e-7d30-9d8a-1f0f6f2f8f11";

    /// <summary>What a code answers that gives nothing on an order.</summary>
    public const string Refusal = """
        {"type":"urn:merchantstudio:problem:coupon.refused","title":"Conflict","status":409,
         "detail":"…","code":"coupon.refused","reason":"minimum_not_met"}
        """;

    /// <param name="currency">The shop's; the amounts are whole, so that every currency can write them.</param>
    public static ImmutableArray<ApiCall> In(string currency)
    {
        var cart = $$"""
             "cart":{"currency":"{{currency}}","shipping":5,"channel":"web","lines":[
               {"item_id":"cup","category":"kitchen","brand":"Lark","quantity":2,"price":15,"on_sale":false,"cost":6,"stock":12}]}
            """;
        var order = $$"""
            {"order_id":"1001","user_id":"customer-7","customer_ip":"203.0.113.9",
            {{cart}}}
            """;
        var redeemed = $$"""
            {"redemption_id":"{{Id}}","coupon":"SPRING10","order_id":"1001","user_id":"customer-7",
             "currency":"{{currency}}","discount":3,"shipping_discount":0,
             "lines":[{"item_id":"cup","discount":3}],"gifts":[],"redeemed_at":"2026-11-22T10:00:00+00:00"
            """;
        return
        [
            new("coupons", "validate", "POST", "/api/v1/coupons/{code}/validate", "/api/v1/coupons/SPRING10/validate", ApiKeyKind.RedeemCoupons, order, $$"""
                {"valid":true,"currency":"{{currency}}","discount":3,"shipping_discount":0,
                 "lines":[{"item_id":"cup","discount":3}],"gifts":[]}
                """),
            new("coupons", "redeem", "POST", "/api/v1/coupons/{code}/redeem", "/api/v1/coupons/SPRING10/redeem", ApiKeyKind.RedeemCoupons, order, redeemed + "}", IsRepeatable: true),
            new("coupons", "rollback", "POST", "/api/v1/redemptions/{id}/rollback", $"/api/v1/redemptions/{Id}/rollback", ApiKeyKind.RedeemCoupons, null, redeemed + ",\n \"rolled_back_at\":\"2026-11-23T09:30:00+00:00\"}"),
            new("decisions", "decide", "POST", "/api/v1/decisions", "/api/v1/decisions", ApiKeyKind.RedeemCoupons, $$"""
                {"user_id":"customer-7","customer_ip":"203.0.113.9","codes":["SPRING10"],
                {{cart}}}
                """, $$"""
                {"decision_id":"{{Id}}","decided_at":"2026-11-23T10:00:00+00:00","user_id":"customer-7",
                 "mode":"priority","currency":"{{currency}}","discount":3,"shipping_discount":0,"to_pay":32,
                 "lines":[{"item_id":"cup","quantity":2,"total":30,"discount":3,"to_pay":27}],
                 "offers":[{"rule_id":"0198f2a4-5c1e-7d30-9d8a-1f0f6f2f8f11","name":"Spring","coupon":"SPRING10","class":"order",
                   "discount":3,"shipping_discount":0,"lines":[{"item_id":"cup","discount":3}],"gifts":[]}],
                 "not_applied":[{"rule_id":"0197f2a4-5c1e-7d30-9d8a-1f0f6f2f8f11","name":"Autumn",
                   "coupon":"rule:0197f2a4-5c1e-7d30-9d8a-1f0f6f2f8f11","reason":"not_combinable","competitor":"Spring"}],
                 "experiments":[{"key":"spring-offer","kind":"arm","arm":"offer"}],"complete":true}
                """),
            new("referrals", "referral", "POST", "/api/v1/referrals/{programme}/codes", $"/api/v1/referrals/{Id}/codes", ApiKeyKind.RedeemCoupons, """
                {"user_id":"customer-7"}
                """, $$"""
                {"programme_id":"{{Id}}","user_id":"customer-7",
                 "code":"6X2M9QK4T0C","given_at":"2026-11-22T10:00:00+00:00"}
                """),
            new("experiments", "assignment", "GET", "/api/v1/experiments/{key}/assignment", "/api/v1/experiments/free-returns/assignment?user_id=customer-7", ApiKeyKind.ReadScores, null, """
                {"experiment":"free-returns","user_id":"customer-7","variant":"new","group":"variant"}
                """),
            new("scores", "score", "GET", "/api/v1/shoppers/{id}/score", "/api/v1/shoppers/customer-7/score?horizon=7", ApiKeyKind.ReadScores, null, """
                {"user_id":"customer-7","as_of":"2026-11-23T10:00:00+00:00","is_live":true,
                 "scores":[{"horizon_days":7,"probability":0.31,"low":0.24,"high":0.39,"threshold":0.25,"is_likely":true,
                   "model":{"version":3,"family":"Gbdt"}}]}
                """),
            new("scores", "message", "GET", "/api/v1/shoppers/{id}/message", "/api/v1/shoppers/customer-7/message", ApiKeyKind.ReadScores, null, $$"""
                {"id":"{{Id}}","language":"en","subject":"A gift, Mei","text":"…",
                 "button_text":"Shop","button_link":"https://shop.example/?c=TEA-1"}
                """),
            new("events", "event", "POST", "/api/v1/events", "/api/v1/events", ApiKeyKind.WriteEvents, """
                {"event":"view","user_id":"customer-7","item_id":"cup","message_id":"1"}
                """, """
                {"accepted":1,"duplicates":0,"rejected":0,
                 "results":[{"index":0,"message_id":"1","status":"accepted"}]}
                """),
            new("events", "batch", "POST", "/api/v1/events/batch", "/api/v1/events/batch", ApiKeyKind.WriteEvents, """
                {"batch":[{"event":"view","user_id":"customer-7","item_id":"cup","message_id":"2"},
                  {"event":"add_to_cart","user_id":"customer-7","item_id":"cup","quantity":1,"message_id":"3"}]}
                """, """
                {"accepted":2,"duplicates":0,"rejected":0,
                 "results":[{"index":0,"message_id":"2","status":"accepted"},{"index":1,"message_id":"3","status":"accepted"}]}
                """),
        ];
    }
}
