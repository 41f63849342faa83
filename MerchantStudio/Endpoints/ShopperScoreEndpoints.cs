using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Customers;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Serving;
using MerchantStudio.Core.Shop;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MerchantStudio.Endpoints;

/// <summary>What the models in use say of one shopper, for the shop's own programs: a key that may read scores in <c>X-API-Key</c>, never in an address.</summary>
internal static class ShopperScoreEndpoints
{
    public static IEndpointRouteBuilder MapShopperScores(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/api/v1/shoppers/{id}").WithTags("Scores").AllowAnonymous().MapGet("/score", FindAsync).WithName("ScoreShopper");
        return app;
    }

    /// <param name="horizon">Days of the one forecast that is wanted; null for all.</param>
    internal static async Task<IResult> FindAsync(string id, int? horizon, HttpContext context, ApiKeys keys, WrongKeys wrong, LiveScores scores, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Query.ContainsKey("key") || await keys.FindAsync(context.Request.Headers["X-API-Key"], cancellationToken) is not { Kind: ApiKeyKind.ReadScores } holder)
            return Refused(context, wrong.Note(context.Connection.RemoteIpAddress) is { } seconds ? new LiveTooManyWrongKeys(seconds) : new ScoreKeyRefused());
        if (horizon is not (null or 1 or 7 or 30)) return Refused(context, new HorizonUnknown(horizon.Value));
        if (!(await scores.FindAsync(new WorkspaceScope(holder.Workspace, Actor.OfKey(holder)), new ShopperId(id), cancellationToken)).TryGet(out var found, out var problem)) return Refused(context, problem);
        var chances = horizon is { } days ? found.Chances.Where(chance => chance.HorizonDays == days) : found.Chances;
        var answer = new ScoreAnswer(id, found.AsOf, found.IsLive, [.. chances.Select(chance => new HorizonScore(chance.HorizonDays, chance.Probability, chance.Low, chance.High, chance.Threshold, chance.IsLikely, new ScoringModel(chance.Version, chance.Family)))], OfVisit(found.Visit));
        return answer.Scores.Length == 0 && answer.Visit is null ? Refused(context, new ScoresNotReady()) : TypedResults.Json(answer, ApiProblem.Json);
    }

    private static VisitScore? OfVisit(VisitChance? visit) =>
        visit is { } chance ? new(chance.Events, chance.LastAt, chance.Probability, chance.Low, chance.High, chance.Threshold, chance.IsLikely, new ScoringModel(chance.Version, chance.Family)) : null;

    private static ProblemHttpResult Refused(HttpContext context, Problem problem)
    {
        if (problem is LiveTooManyWrongKeys many) context.Response.Headers.RetryAfter = many.RetrySeconds.ToString(CultureInfo.InvariantCulture);
        return ApiProblem.Of(problem, problem switch
        {
            ScoreKeyRefused => StatusCodes.Status401Unauthorized,
            LiveTooManyWrongKeys => StatusCodes.Status429TooManyRequests,
            CustomerUnknown => StatusCodes.Status404NotFound,
            ScoresNotReady => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status400BadRequest,
        });
    }

    /// <param name="AsOf">The shopper's features are of this moment.</param>
    /// <param name="IsLive">Whether something of hers has changed since the last run.</param>
    /// <param name="Visit">Null unless a visit of hers is under way in which she has bought nothing yet, and a model of how visits end is in use.</param>
    private sealed record ScoreAnswer(string UserId, DateTimeOffset AsOf, bool IsLive, HorizonScore[] Scores, VisitScore? Visit);

    /// <param name="Events">So far, of which the last came at <paramref name="LastAt"/>.</param>
    /// <param name="Probability">That the visit ends in a purchase; with <paramref name="Low"/> and <paramref name="High"/>, the ends of its 80 % band.</param>
    private sealed record VisitScore(int Events, DateTimeOffset LastAt, double Probability, double Low, double High, double Threshold, bool IsLikely, ScoringModel Model);

    /// <param name="Probability">That she buys within the days; with <paramref name="Low"/> and <paramref name="High"/>, the ends of its 80 % band.</param>
    private sealed record HorizonScore(int HorizonDays, double Probability, double Low, double High, double Threshold, bool IsLikely, ScoringModel Model);

    private sealed record ScoringModel(int Version, string Family);
}
