using MerchantStudio.Core.Access;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MerchantStudio.Endpoints;

/// <summary>Where shops send their events: a key in <c>X-API-Key</c>, or as the body's first field. Never in a cookie or an address.</summary>
internal static class LiveEventEndpoints
{
    public const string Root = "/api/v1/events";

    private static readonly string[] Preflight = ["OPTIONS"];

    public static IEndpointRouteBuilder MapLiveEvents(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1").WithTags("Events").AllowAnonymous().DisableAntiforgery();
        group.MapPost("/events", TakeOneAsync).WithName("SendEvent");
        group.MapPost("/events/batch", TakeManyAsync).WithName("SendEvents");
        group.MapMethods("/events", Preflight, AllowOriginAsync);
        group.MapMethods("/events/batch", Preflight, AllowOriginAsync);
        return app;
    }

    /// <summary>One event: 202 when it is on the disk, 400 with the reason when it is refused.</summary>
    internal static async Task<IResult> TakeOneAsync(HttpContext context, LiveGate gate, LiveIntake intake, LiveQuota quota, CancellationToken cancellationToken)
    {
        var taken = await TakeAsync(context, gate, intake, quota, cancellationToken);
        if (!taken.TryGet(out var answer, out var problem)) return Refused(context, problem);
        return answer is { Results: [{ Status: LiveStatus.Rejected } only] }
            ? ApiProblem.Of(new LiveEventRefused(only.Detail ?? ""), StatusCodes.Status400BadRequest, ("reason", only.Reason), ("field", only.Field), ("message_id", only.MessageId))
            : Accepted(answer);
    }

    /// <summary>Up to 500 events: 202 with what became of each.</summary>
    internal static async Task<IResult> TakeManyAsync(HttpContext context, LiveGate gate, LiveIntake intake, LiveQuota quota, CancellationToken cancellationToken)
    {
        var taken = await TakeAsync(context, gate, intake, quota, cancellationToken);
        return taken.TryGet(out var answer, out var problem) ? Accepted(answer) : Refused(context, problem);
    }

    /// <summary>Answers a browser that asks before it sends. The key is not known yet: any shop's page may ask, the event itself is judged by its own shop.</summary>
    internal static async Task<NoContent> AllowOriginAsync(HttpContext context, LiveShops shops, CancellationToken cancellationToken)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && await shops.IsKnownOriginAsync(origin, cancellationToken))
        {
            LiveGate.Allow(context, origin);
            context.Response.Headers.AccessControlAllowMethods = "POST";
            context.Response.Headers.AccessControlAllowHeaders = "Content-Type, X-API-Key";
            context.Response.Headers.AccessControlMaxAge = "600";
        }

        return TypedResults.NoContent();
    }

    private static async Task<Outcome<LiveAnswer>> TakeAsync(HttpContext context, LiveGate gate, LiveIntake intake, LiveQuota quota, CancellationToken cancellationToken)
    {
        if (!(await gate.OpenAsync(context, cancellationToken)).TryGet(out var pass, out var refused)) return refused;
        var taken = await intake.TakeAsync(pass.Shop, pass.Body, pass.Holder.Prefix == ApiKeys.PreviewPrefix, cancellationToken);
        quota.Charge(pass.Holder, taken.Succeeded ? taken.Value.Results.Length : 0, pass.Body.Length);
        return taken;
    }

    private static JsonHttpResult<LiveAnswer> Accepted(LiveAnswer answer) => TypedResults.Json(answer, ApiProblem.Json, statusCode: StatusCodes.Status202Accepted);

    private static ProblemHttpResult Refused(HttpContext context, Problem problem)
    {
        var retry = problem switch { LiveBusy busy => busy.RetrySeconds, LiveOverQuota over => over.RetrySeconds, LiveTooManyWrongKeys many => many.RetrySeconds, _ => 0 };
        if (retry > 0) context.Response.Headers.RetryAfter = retry.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return ApiProblem.Of(problem, problem switch
        {
            LiveKeyRefused => StatusCodes.Status401Unauthorized,
            LiveOriginRefused => StatusCodes.Status403Forbidden,
            LiveTooLarge or LiveTooManyEvents => StatusCodes.Status413PayloadTooLarge,
            LiveBusy or LiveOverQuota or LiveTooManyWrongKeys => StatusCodes.Status429TooManyRequests,
            LiveNotStored => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        });
    }
}
