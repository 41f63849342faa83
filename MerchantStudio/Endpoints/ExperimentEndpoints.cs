using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Serving;

namespace MerchantStudio.Endpoints;

/// <summary>Which variant a shopper gets, for the shop's own server: a key that may read scores in <c>X-API-Key</c>, never in an address. The first answer is written down and given again.</summary>
internal static class ExperimentEndpoints
{
    private const int MostLetters = 200;

    public static IEndpointRouteBuilder MapExperiments(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/api/v1/experiments/{key}").WithTags("Experiments").AllowAnonymous().MapGet("/assignment", AssignAsync).WithName("AssignVariant");
        return app;
    }

    /// <param name="key">The experiment's.</param>
    /// <param name="user_id">The shopper, as in events.</param>
    internal static async Task<IResult> AssignAsync(string key, string? user_id, HttpContext context, ApiKeys keys, WrongKeys wrong, ExperimentStore store, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Query.ContainsKey("key") || await keys.FindAsync(context.Request.Headers["X-API-Key"], cancellationToken) is not { Kind: ApiKeyKind.ReadScores } holder)
        {
            if (wrong.Note(context.Connection.RemoteIpAddress) is not { } seconds) return ApiProblem.Of(new ScoreKeyRefused(), StatusCodes.Status401Unauthorized);
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return ApiProblem.Of(new LiveTooManyWrongKeys(seconds), StatusCodes.Status429TooManyRequests);
        }

        if (user_id is not { Length: > 0 and <= MostLetters }) return ApiProblem.Of(new AssignmentWithoutShopper(MostLetters), StatusCodes.Status400BadRequest);
        var scope = new WorkspaceScope(holder.Workspace, Actor.OfKey(holder));
        if (!(await store.FindAsync(scope, key, cancellationToken)).TryGet(out var experiment, out var problem)) return ApiProblem.Of(problem, StatusCodes.Status404NotFound);
        if (!(await store.EnrollAsync(scope, experiment.Id, [user_id], cancellationToken)).TryGet(out var places, out problem)) return ApiProblem.Of(problem, StatusCodes.Status409Conflict);
        var place = places[0].Place;
        return TypedResults.Json(new AssignmentAnswer(key, user_id, place.Kind == AssignmentKind.Arm ? experiment.Split.Arms[place.Arm] : null, place.Kind switch
        {
            AssignmentKind.Arm => "variant",
            AssignmentKind.Holdout => "control",
            AssignmentKind.GlobalHoldout => "held_back",
            _ => "not_enrolled",
        }), ApiProblem.Json);
    }

    /// <param name="Variant">Null where the shop shows what it shows anyway.</param>
    /// <param name="Group">"variant", "control", "held_back" (from all campaigns) or "not_enrolled"; only the first two are in the report.</param>
    private sealed record AssignmentAnswer(string Experiment, string UserId, string? Variant, string Group);
}

internal sealed record AssignmentWithoutShopper(int Letters) : Problem("experiments.no-user-id", "Name the shopper in user_id, 1 to {0} characters.", Letters);
