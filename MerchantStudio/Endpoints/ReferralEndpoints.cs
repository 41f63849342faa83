using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Referrals;

namespace MerchantStudio.Endpoints;

/// <summary>Where a shop's server asks for a customer's code to share: a key that may redeem in <c>X-API-Key</c>.</summary>
internal static class ReferralEndpoints
{
    public static IEndpointRouteBuilder MapReferrals(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/api/v1/referrals/{programme:guid}").WithTags("Referrals").AllowAnonymous().DisableAntiforgery().MapPost("/codes", GiveAsync).WithName("GiveReferralCode");
        return app;
    }

    /// <summary>200 with the customer's code: the same one each time, so that a request without an answer can be sent again.</summary>
    internal static async Task<IResult> GiveAsync(Guid programme, HttpContext context, CouponGate gate, ReferralCodes codes, CancellationToken cancellationToken)
    {
        if (!(await gate.OpenAsync<ReferralBody>(context, _ => null, cancellationToken)).TryGet(out var pass, out var refused)) return CouponEndpoints.Refused(context, refused);
        if ((await codes.GiveAsync(pass.Scope, programme, pass.Body.UserId, cancellationToken)).TryGet(out var given, out var problem))
            return TypedResults.Json(new ReferralAnswer(given.ProgrammeId, given.AdvocateId, given.Code, given.GivenAt), ApiProblem.Json);
        return ApiProblem.Of(problem, StatusOf(problem));
    }

    private static int StatusOf(Problem problem) => problem switch
    {
        ReferralGone => StatusCodes.Status404NotFound,
        ReferralCustomerMissing => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status409Conflict,
    };

    internal sealed record ReferralBody(string? UserId);

    private sealed record ReferralAnswer(Guid ProgrammeId, string UserId, string Code, DateTimeOffset GivenAt);
}
