using MerchantStudio.Access;
using MerchantStudio.Core.Access;
using MerchantStudio.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MerchantStudio.Endpoints;

/// <summary>Coming in and going out, as far as it is no page: the front door, the demo's button, signing out.</summary>
internal static class AccountEndpoints
{
    public static IEndpointRouteBuilder MapStudioAccounts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", FrontDoorAsync).AllowAnonymous();
        app.MapPost("/start/demo", LookAtDemoAsync).AllowAnonymous().RequireRateLimiting(SignInRegistration.FormLimit);
        app.MapPost("/account/password", ChangePasswordAsync).RequireRateLimiting(SignInRegistration.FormLimit);
        app.MapPost("/sign-out", SignOutAsync).AllowAnonymous();
        return app;
    }

    /// <summary>Signed in: her first shop. Nobody yet: the choice between demo and setting up. Else: sign in.</summary>
    internal static async Task<RedirectHttpResult> FrontDoorAsync(CurrentScope scopes, SignInDesk desk, Accounts accounts, CancellationToken cancellationToken)
    {
        if (await scopes.ActorAsync() is { } actor) return TypedResults.Redirect(await desk.LandingAsync(actor, null, cancellationToken));
        return TypedResults.Redirect(await accounts.HasOwnerAsync(cancellationToken) ? "/sign-in" : "/start");
    }

    internal static async Task<RedirectHttpResult> LookAtDemoAsync([FromForm] string? to, HttpContext request, SignInDesk desk)
    {
        if (!await desk.SignInToDemoAsync(request)) return TypedResults.Redirect("/sign-in");
        return TypedResults.Redirect(await desk.LandingAsync(StudioClaims.DemoVisitor, to, request.RequestAborted));
    }

    /// <summary>Renews the cookie with the password, so that this browser stays signed in and every other one is not.</summary>
    internal static async Task<RedirectHttpResult> ChangePasswordAsync(
        [FromForm] string? current, [FromForm] string? wanted, [FromForm] string? to, CurrentScope scopes, Accounts accounts, SignInDesk desk, CancellationToken cancellationToken)
    {
        if (await scopes.ActorAsync() is not { UserId: { } user }) return TypedResults.Redirect("/");
        var back = SignInDesk.IsLocal(to) ? to!.Split('?')[0] : "/";
        var changed = await accounts.ChangePasswordAsync(user, current ?? "", wanted ?? "", cancellationToken);
        if (!changed.TryGet(out var account, out var problem)) return TypedResults.Redirect($"{back}?problem={Uri.EscapeDataString(problem.Code)}");
        await desk.SignInAsync(account);
        return TypedResults.Redirect(back + "?done=password");
    }

    internal static async Task<Results<RedirectHttpResult, BadRequest>> SignOutAsync(HttpContext request, SignInDesk desk, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(request)) return TypedResults.BadRequest();
        await desk.SignOutAsync(request);
        return TypedResults.Redirect("/");
    }
}
