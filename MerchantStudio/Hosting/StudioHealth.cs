using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Hosting;

/// <summary>Whether the process lives, and whether it can do its work.</summary>
internal static class StudioHealth
{
    public static IEndpointRouteBuilder MapStudioHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", Live).AllowAnonymous();
        app.MapGet("/health/ready", ReadyAsync).AllowAnonymous();
        return app;
    }

    internal static Ok<string> Live() => TypedResults.Ok("live");

    internal static async Task<Results<Ok<string>, ProblemHttpResult>> ReadyAsync(IDbContextFactory<StudioDb> contexts, DiskRoom disk, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Database.CanConnectAsync(cancellationToken)) return TypedResults.Problem("The application's database does not open.", statusCode: StatusCodes.Status503ServiceUnavailable);
        return !disk.Has(0)
            ? TypedResults.Problem("The disk is nearly full.", statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Ok("ready");
    }
}
