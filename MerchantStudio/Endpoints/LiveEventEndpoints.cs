using MerchantStudio.Core.Access;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MerchantStudio.Endpoints;

/// <summary>Where shops send their events: a key in <c>X-API-Key</c>, or in <c>?key=</c> because a beacon carries no headers. Never a cookie.</summary>
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
    internal static async Task<IResult> TakeOneAsync(HttpContext context, LiveGate gate, LiveIntake intake, CancellationToken cancellationToken)
    {
        var taken = await TakeAsync(context, gate, intake, cancellationToken);
        if (!taken.TryGet(out var answer, out var problem)) return Refused(context, problem);
        return answer is { Results: [{ Status: LiveStatus.Rejected } only] }
            ? ApiProblem.Of(new LiveEventRefused(only.Detail ?? ""), StatusCodes.Status400BadRequest, ("reason", only.Reason), ("field", only.Field), ("message_id", only.MessageId))
            : Accepted(answer);
    }

    /// <summary>Up to 500 events: 202 with what became of each.</summary>
    internal static async Task<IResult> TakeManyAsync(HttpContext context, LiveGate gate, LiveIntake intake, CancellationToken cancellationToken)
    {
        var taken = await TakeAsync(context, gate, intake, cancellationToken);
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

    private static async Task<Outcome<LiveAnswer>> TakeAsync(HttpContext context, LiveGate gate, LiveIntake intake, CancellationToken cancellationToken)
    {
        if (!(await gate.OpenAsync(context, cancellationToken)).TryGet(out var pass, out var refused)) return refused;
        if (!(await gate.BodyAsync(context, cancellationToken)).TryGet(out var body, out var tooLarge)) return tooLarge;
        return await intake.TakeAsync(pass.Shop, body, pass.Holder.Prefix == ApiKeys.PreviewPrefix, cancellationToken);
    }

    private static JsonHttpResult<LiveAnswer> Accepted(LiveAnswer answer) => TypedResults.Json(answer, ApiProblem.Json, statusCode: StatusCodes.Status202Accepted);

    private static ProblemHttpResult Refused(HttpContext context, Problem problem)
    {
        if (problem is LiveBusy busy) context.Response.Headers.RetryAfter = busy.RetrySeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return ApiProblem.Of(problem, problem switch
        {
            LiveKeyRefused => StatusCodes.Status401Unauthorized,
            LiveOriginRefused => StatusCodes.Status403Forbidden,
            LiveTooLarge or LiveTooManyEvents => StatusCodes.Status413PayloadTooLarge,
            LiveBusy => StatusCodes.Status429TooManyRequests,
            LiveNotStored => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        });
    }
}
