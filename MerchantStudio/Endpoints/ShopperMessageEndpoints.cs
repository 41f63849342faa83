using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Pipeline.Serving;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Endpoints;

/// <summary>The message that waits for a shopper in the shop's own pages; asked for by the shop's server, because it may hold her personal code.</summary>
internal static class ShopperMessageEndpoints
{
    public static IEndpointRouteBuilder MapShopperMessages(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/api/v1/shoppers/{id}").WithTags("Messages").AllowAnonymous().MapGet("/message", NextAsync).WithName("NextMessage");
        return app;
    }

    internal static async Task<IResult> NextAsync(string id, HttpContext context, ApiKeys keys, WrongKeys wrong, OnSiteMessages messages, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Query.ContainsKey("key") || await keys.FindAsync(context.Request.Headers["X-API-Key"], cancellationToken) is not { Kind: ApiKeyKind.ReadScores } holder)
        {
            if (wrong.Note(context.Connection.RemoteIpAddress) is not { } seconds) return ApiProblem.Of(new ScoreKeyRefused(), StatusCodes.Status401Unauthorized);
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return ApiProblem.Of(new LiveTooManyWrongKeys(seconds), StatusCodes.Status429TooManyRequests);
        }

        var next = await messages.NextAsync(new WorkspaceScope(holder.Workspace, Actor.OfKey(holder)), new ShopperId(id), cancellationToken);
        if (!next.TryGet(out var message, out var problem)) return ApiProblem.Of(problem, StatusCodes.Status403Forbidden);
        return message is null ? TypedResults.NoContent() : TypedResults.Json(message, ApiProblem.Json);
    }
}
