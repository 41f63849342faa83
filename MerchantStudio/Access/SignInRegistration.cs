using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Threading.RateLimiting;
using MerchantStudio.Core.AppState;
using MerchantStudio.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;

namespace MerchantStudio.Access;

/// <summary>Cookies, who may see what, and what a browser is told to refuse.</summary>
internal static class SignInRegistration
{
    /// <summary>The rate limit of the forms that take a password or a code.</summary>
    public const string FormLimit = "forms";

    public static WebApplicationBuilder AddStudioSignIn(this WebApplicationBuilder builder, StudioStart start)
    {
        var services = builder.Services;
        services.AddSingleton(start);
        services.AddHttpContextAccessor();
        services.AddScoped<CurrentScope>();
        services.AddSingleton<StudioCookies>();
        services.AddScoped<SignInDesk>();
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, CircuitSignIn>();

        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme);
        services.AddOptions<Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<StudioCookies>((options, cookies) => cookies.Shape(options));
        services.AddOptions<Microsoft.AspNetCore.Antiforgery.AntiforgeryOptions>().Configure<StudioCookies>((options, cookies) => cookies.Shape(options));
        services.AddAntiforgery();
        new IdentityBuilder(typeof(StudioUser), services).AddSignInManager().AddClaimsPrincipalFactory<NamedClaims>();
        services.Configure<SecurityStampValidatorOptions>(options =>
        {
            options.ValidationInterval = TimeSpan.FromMinutes(1);
            options.OnRefreshingPrincipal = KeepSession;
        });

        // Whatever is not marked otherwise needs a signed-in person: a page that forgets to say so is closed, not open.
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddRateLimiter(LimitForms);
        services.AddHsts(options => options.MaxAge = TimeSpan.FromDays(365));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        services.Configure<HostFilteringOptions>(options => options.AllowedHosts = start.HostNames);
        services.Configure<ForwardedHeadersOptions>(options => TrustProxies(options, builder.Configuration));
        return builder;
    }

    public static WebApplication UseStudioSignIn(this WebApplication app)
    {
        var start = app.Services.GetRequiredService<StudioStart>();
        app.UseMiddleware<RequestOrigin>();
        if (start.HasProxies) app.UseForwardedHeaders();
        if (start.IsEncrypted) app.UseHsts();
        app.UseMiddleware<SecurityHeaders>();
        app.UseWhen(IsPage, pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseMiddleware<WorkspaceGuard>();
        return app;
    }

    /// <summary>What a person sees as a page, and so may be answered with one when it is missing.</summary>
    private static bool IsPage(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && !Path.HasExtension(context.Request.Path.Value)
        && !context.Request.Path.StartsWithSegments("/_blazor") && !context.Request.Path.StartsWithSegments("/health");

    /// <summary>The name of the sign-in outlives the renewal of what the cookie says about the person.</summary>
    private static Task KeepSession(SecurityStampRefreshingPrincipalContext refreshing)
    {
        if (refreshing.CurrentPrincipal?.FindFirst(StudioClaims.Session) is { } session) ((ClaimsIdentity)refreshing.NewPrincipal!.Identity!).AddClaim(session);
        return Task.CompletedTask;
    }

    private static void LimitForms(Microsoft.AspNetCore.RateLimiting.RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = async (rejected, cancellationToken) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = "60";
            await rejected.HttpContext.Response.WriteAsync("Too many tries. Wait a minute and try again.", cancellationToken);
        };
        options.AddPolicy(FormLimit, request => HttpMethods.IsPost(request.Request.Method)
            ? RateLimitPartition.GetFixedWindowLimiter(request.Connection.RemoteIpAddress?.ToString() ?? "", _ => new FixedWindowRateLimiterOptions { PermitLimit = 20, Window = TimeSpan.FromMinutes(1) })
            : RateLimitPartition.GetNoLimiter(""));
    }

    private static void TrustProxies(ForwardedHeadersOptions options, ConfigurationManager configuration)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in configuration.GetSection("Studio:TrustedProxies").Get<string[]>() ?? [])
            options.KnownProxies.Add(IPAddress.Parse(proxy.Trim().ToString(CultureInfo.InvariantCulture)));
    }
}
