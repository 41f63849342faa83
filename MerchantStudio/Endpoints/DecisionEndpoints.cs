using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Promotions.Decisions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Endpoints;

/// <summary>Where a shop's server asks which offers apply to a shopper's cart: a key that may redeem in <c>X-API-Key</c>, never in an address.</summary>
internal static class DecisionEndpoints
{
    public static IEndpointRouteBuilder MapDecisions(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/decisions", DecideAsync).WithName("DecideOffers").WithTags("Decisions").AllowAnonymous().DisableAntiforgery();
        return app;
    }

    /// <summary>200 with the offers that apply, and each of the others with its reason.</summary>
    internal static async Task<IResult> DecideAsync(HttpContext context, CouponGate gate, OfferDecisions decisions, CancellationToken cancellationToken)
    {
        if (!(await gate.OpenAsync<DecisionBody>(context, body => body.CustomerIp, cancellationToken)).TryGet(out var pass, out var refused)) return CouponEndpoints.Refused(context, refused);
        if (!CartBody.Read(pass.Body.Cart).TryGet(out var cart, out var unfit)) return CouponEndpoints.Refused(context, unfit);
        var question = new OfferQuestion(pass.Body.UserId, cart, [.. pass.Body.Codes ?? []], [.. pass.Body.Experiments ?? []]);
        if (!(await decisions.DecideAsync(pass.Scope, question, cancellationToken)).TryGet(out var answer, out var problem)) return CouponEndpoints.Refused(context, problem);
        foreach (var _ in answer.Refused.Where(offer => offer.Reason == RefusalReason.CouponNotFound)) gate.NoteWrong(context, pass.Holder, pass.Body.CustomerIp);
        return TypedResults.Json(DecisionAnswer.Of(answer, pass.Body.UserId), ApiProblem.Json);
    }

    private static decimal Amount(long minor, string currency) => new Money(minor, currency).Amount;

    /// <param name="Codes">That the shopper typed.</param>
    /// <param name="Experiments">Keys of those that the shop acts on with this answer.</param>
    internal sealed record DecisionBody(string? UserId, string? CustomerIp, CartBody? Cart, string[]? Codes, string[]? Experiments);

    /// <param name="Lines">Each line of the cart, in its order.</param>
    /// <param name="Complete">False where the shopper could not be read in time.</param>
    private sealed record DecisionAnswer(
        Guid DecisionId, DateTimeOffset DecidedAt, string? UserId, DecisionMode Mode, string Currency, decimal Discount, decimal ShippingDiscount, decimal ToPay, PricedLine[] Lines, GivenOffer[] Offers, OfferLeftOut[] NotApplied,
        ExperimentArm[] Experiments, bool Complete)
    {
        public static DecisionAnswer Of(OfferAnswer answer, string? user)
        {
            var currency = answer.Cart.Currency;
            return new DecisionAnswer(
                answer.Id, answer.At, user, answer.Mode, currency, Amount(answer.DiscountMinor, currency), Amount(answer.ShippingMinor, currency), Amount(answer.ToPayMinor, currency),
                [.. answer.Cart.Lines.Zip(answer.LinesMinor, (line, off) => new PricedLine(line.ItemId, line.Quantity, Amount(line.TotalMinor, currency), Amount(off, currency), Amount(line.TotalMinor - off, currency)))],
                [.. answer.Applied.Select(offer => GivenOffer.Of(offer, answer.Cart))],
                [.. answer.Refused.Select(offer => new OfferLeftOut(offer.RuleId, offer.Name, offer.Coupon, offer.Reason, offer.Competitor, offer.Experiment))],
                [.. answer.Arms.Select(arm => new ExperimentArm(arm.Experiment, arm.Kind, arm.Arm))], answer.InTime);
        }
    }

    private sealed record PricedLine(string ItemId, int Quantity, decimal Total, decimal Discount, decimal ToPay);

    private sealed record OfferLine(string ItemId, decimal Discount);

    private sealed record Gift(string ItemId, string Name);

    /// <param name="Coupon">What the offer is redeemed by.</param>
    private sealed record GivenOffer(Guid RuleId, string Name, string Coupon, string Class, decimal Discount, decimal ShippingDiscount, OfferLine[] Lines, Gift[] Gifts)
    {
        public static GivenOffer Of(AppliedOffer offer, Cart cart) => new(
            offer.RuleId, offer.Name, offer.Coupon, offer.Class.ToString().ToLowerInvariant(), Amount(offer.Price.DiscountMinor, cart.Currency), Amount(offer.Price.ShippingMinor, cart.Currency),
            [.. cart.Lines.Zip(offer.Price.LinesMinor, (line, off) => new OfferLine(line.ItemId, Amount(off, cart.Currency)))], [.. offer.Price.Gifts.Select(gift => new Gift(gift.ItemId, gift.Name))]);
    }

    /// <param name="Competitor">The rule that kept it out.</param>
    /// <param name="Experiment">The experiment whose holdout the shopper is in.</param>
    private sealed record OfferLeftOut(Guid? RuleId, string? Name, string Coupon, RefusalReason Reason, string? Competitor, string? Experiment);

    private sealed record ExperimentArm(string Key, AssignmentKind Kind, string? Arm);
}
