using System.Globalization;
using System.Security.Claims;
using MerchantStudio.Core.Access;
using MerchantStudio.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace MerchantStudio.Access;

/// <summary>Names, flags and life of the cookies. Over TLS they carry the <c>__Host-</c> prefix; over plain loopback, where browsers refuse that, they are strict instead.</summary>
internal sealed class StudioCookies(StudioStart start, TimeProvider clock)
{
    private static readonly TimeSpan Idle = TimeSpan.FromHours(8);
    private const string Since = "since";

    public void Shape(CookieAuthenticationOptions options)
    {
        Shape(options.Cookie, "studio");
        options.LoginPath = "/start";
        options.AccessDeniedPath = "/sign-in";
        options.ReturnUrlParameter = "to";
        options.ExpireTimeSpan = Idle;
        options.SlidingExpiration = true;
        options.Events.OnSigningIn = signingIn =>
        {
            signingIn.Properties.Items[Since] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        };
        options.Events.OnValidatePrincipal = ValidateAsync;
    }

    public void Shape(AntiforgeryOptions options)
    {
        Shape(options.Cookie, "studio-form");
        // Our own header forbids all framing.
        options.SuppressXFrameOptionsHeader = true;
    }

    private void Shape(CookieBuilder cookie, string name)
    {
        cookie.Name = start.IsEncrypted ? "__Host-" + name : name;
        cookie.Path = "/";
        cookie.HttpOnly = true;
        cookie.IsEssential = true;
        cookie.SameSite = start.IsEncrypted ? SameSiteMode.Lax : SameSiteMode.Strict;
        cookie.SecurePolicy = start.IsEncrypted ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }

    private async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var begun = context.Properties.Items.TryGetValue(Since, out var since) && DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, out var at) ? at : DateTimeOffset.MinValue;
        var tooOld = clock.GetUtcNow() - begun > Sessions.Longest;
        if (tooOld || !await StillHoldsAsync(context.Principal!, context.HttpContext.RequestServices, context.HttpContext.RequestAborted))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
        }
        else if (!context.Principal!.HasClaim(StudioClaims.Demo, "true"))
        {
            await SecurityStampValidator.ValidatePrincipalAsync(context);
        }
    }

    /// <summary>False once the person signed out elsewhere with this cookie, or the demo was closed.</summary>
    public static async Task<bool> StillHoldsAsync(ClaimsPrincipal person, IServiceProvider services, CancellationToken cancellationToken) =>
        person.FindFirstValue(StudioClaims.Session) is { } session
        && !await services.GetRequiredService<Sessions>().HasEndedAsync(session, cancellationToken)
        && (!person.HasClaim(StudioClaims.Demo, "true") || await services.GetRequiredService<DemoAccess>().IsOpenAsync(cancellationToken));
}
