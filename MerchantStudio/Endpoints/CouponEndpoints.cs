using System.Globalization;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Shop;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MerchantStudio.Endpoints;

/// <summary>Where a shop's server asks whether a code holds, redeems it and takes that back: a key that may redeem in <c>X-API-Key</c>, never in an address.</summary>
internal static class CouponEndpoints
{
    public static IEndpointRouteBuilder MapCoupons(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1").WithTags("Coupons").AllowAnonymous().DisableAntiforgery();
        group.MapPost("/coupons/{code}/validate", ValidateAsync).WithName("ValidateCoupon");
        group.MapPost("/coupons/{code}/redeem", RedeemAsync).WithName("RedeemCoupon");
        group.MapPost("/redemptions/{id:guid}/rollback", RollBackAsync).WithName("RollBackRedemption");
        return app;
    }

    /// <summary>200 with what the code would take off, or with the reason why nothing.</summary>
    internal static async Task<IResult> ValidateAsync(string code, HttpContext context, CouponGate gate, Redeemer redeemer, CancellationToken cancellationToken)
    {
        if (!(await gate.OpenAsync(context, cancellationToken)).TryGet(out var pass, out var refused)) return Refused(context, refused);
        if (!pass.Body.ToUse(code).TryGet(out var use, out var unfit)) return Refused(context, unfit);
        if (!(await redeemer.ValidateAsync(pass.Scope, use, cancellationToken)).TryGet(out var verdict, out var problem)) return Refused(context, problem);
        if (verdict.Reason == RefusalReason.CouponNotFound) gate.NoteWrong(context, pass);
        return TypedResults.Json(ValidateAnswer.Of(verdict, use.Cart), ApiProblem.Json);
    }

    /// <summary>200 when the use is on the disk; 409 with the reason when there is none.</summary>
    internal static async Task<IResult> RedeemAsync(string code, HttpContext context, CouponGate gate, Redeemer redeemer, CancellationToken cancellationToken)
    {
        if (!(await gate.OpenAsync(context, cancellationToken)).TryGet(out var pass, out var refused)) return Refused(context, refused);
        if (!pass.Body.ToUse(code).TryGet(out var use, out var unfit)) return Refused(context, unfit);
        var done = await redeemer.RedeemAsync(pass.Scope, context.Request.Headers["Idempotency-Key"].ToString(), use, cancellationToken);
        if (done.TryGet(out var redeemed, out var problem)) return TypedResults.Json(RedeemAnswer.Of(redeemed), ApiProblem.Json);
        if (problem is CouponRefused { Reason: RefusalReason.CouponNotFound }) gate.NoteWrong(context, pass);
        return Refused(context, problem);
    }

    internal static async Task<IResult> RollBackAsync(Guid id, HttpContext context, CouponGate gate, Redeemer redeemer, CancellationToken cancellationToken)
    {
        if (!(await gate.AdmitAsync(context, cancellationToken)).TryGet(out var holder, out var refused)) return Refused(context, refused);
        return (await redeemer.RollBackAsync(CouponGate.ScopeOf(holder), id, cancellationToken)).TryGet(out var undone, out var problem)
            ? TypedResults.Json(RedeemAnswer.Of(undone) with { RolledBackAt = undone.RolledBackAt }, ApiProblem.Json) : Refused(context, problem);
    }

    internal static ProblemHttpResult Refused(HttpContext context, Problem problem)
    {
        var retry = problem switch { TooManyWrongCodes many => many.RetrySeconds, LiveTooManyWrongKeys many => many.RetrySeconds, RedemptionBusy => 1, _ => 0 };
        if (retry > 0) context.Response.Headers.RetryAfter = retry.ToString(CultureInfo.InvariantCulture);
        var status = problem switch
        {
            CouponKeyRefused => StatusCodes.Status401Unauthorized,
            RedemptionUnknown => StatusCodes.Status404NotFound,
            CouponRefused => StatusCodes.Status409Conflict,
            CouponBodyTooLarge => StatusCodes.Status413PayloadTooLarge,
            IdempotencyKeyTaken => StatusCodes.Status422UnprocessableEntity,
            TooManyWrongCodes or LiveTooManyWrongKeys => StatusCodes.Status429TooManyRequests,
            RedemptionBusy => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        };
        return problem is CouponRefused { Reason: var reason } ? ApiProblem.Of(problem, status, ("reason", System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()))) : ApiProblem.Of(problem, status);
    }

    private static decimal Amount(long minor, string currency) => new Money(minor, currency).Amount;

    private sealed record ItemDiscount(string ItemId, decimal Discount);

    private sealed record GiftItem(string ItemId, string Name);

    /// <param name="Discount">On goods and shipping together; of it <paramref name="ShippingDiscount"/> on shipping.</param>
    private sealed record ValidateAnswer(bool Valid, RefusalReason? Reason, string Currency, decimal Discount, decimal ShippingDiscount, ItemDiscount[] Lines, GiftItem[] Gifts)
    {
        public static ValidateAnswer Of(CouponVerdict verdict, Cart cart) => verdict.Price is { } price && verdict.Reason is null
            ? new(true, null, cart.Currency, Amount(price.DiscountMinor, cart.Currency), Amount(price.ShippingMinor, cart.Currency),
                [.. cart.Lines.Zip(price.LinesMinor, (line, off) => new ItemDiscount(line.ItemId, Amount(off, cart.Currency)))], [.. price.Gifts.Select(gift => new GiftItem(gift.ItemId, gift.Name))])
            : new(false, verdict.Reason, cart.Currency, 0, 0, [], []);
    }

    /// <summary>The same body for every repetition of a request.</summary>
    private sealed record RedeemAnswer(Guid RedemptionId, string Coupon, string OrderId, string? UserId, string Currency, decimal Discount, decimal ShippingDiscount, ItemDiscount[] Lines, GiftItem[] Gifts, DateTimeOffset RedeemedAt)
    {
        public DateTimeOffset? RolledBackAt { get; init; }

        public static RedeemAnswer Of(RedeemedUse use) => new(use.Id, use.Coupon, use.OrderId, use.ShopperId, use.Currency, Amount(use.DiscountMinor, use.Currency), Amount(use.ShippingMinor, use.Currency),
            [.. use.Lines.Select(line => new ItemDiscount(line.ItemId, Amount(line.DiscountMinor, use.Currency)))], [.. use.Gifts.Select(gift => new GiftItem(gift.ItemId, gift.Name))], use.At);
    }
}
